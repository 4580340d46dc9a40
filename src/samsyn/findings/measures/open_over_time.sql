-- How many findings more or fewer were open at each step, for each organisation and label: a running
-- sum of these is how many were open. A closing that falls on a step is no longer open at its end.
with seen as (
  select organisation_id, ($by)::varchar as label, opened_on, closed_on
  from $episodes where opened_on <= $until::date
), changes as (
  select organisation_id, label, opened_on as on_day, 1 as change from seen
  union all
  select organisation_id, label, closed_on, -1 from seen where closed_on <= $until::date
)
select organisation_id, label, greatest(0, ceil((on_day - $since::date) / $step))::integer as step,
  sum(change)::bigint as more
from changes
group by all
having more <> 0
order by all
