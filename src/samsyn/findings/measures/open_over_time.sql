with days as (
  select unnest(generate_series($since::date, $until::date, interval $step day))::date as on_day
)
select on_day, ($by)::varchar as label, count(distinct finding_id)::bigint as findings
from days join $episodes e
  on e.opened_on <= on_day and (e.closed_on is null or e.closed_on > on_day)
group by 1, 2
order by 1, 2
