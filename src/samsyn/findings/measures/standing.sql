-- How each organisation's findings stood at the end of a day.
-- In: $episodes (SQL for episodes), $on (the day), $since (the day from which what was closed counts),
--     $serious and $critical (severities).
-- Out: organisation_id, median days to fix of the serious ones closed since, how many those were,
--      critical ones open, and the age in days of the oldest of them.
select organisation_id,
  median(date_diff('day', opened_on, closed_on))
    filter (where severity >= $serious and closed_on > $since::date and closed_on <= $on::date) as days_to_fix,
  count(*) filter (where severity >= $serious and closed_on > $since::date and closed_on <= $on::date) as fixed,
  count(*) filter (where severity >= $critical and (closed_on is null or closed_on > $on::date)) as critical_open,
  max(date_diff('day', opened_on, $on::date))
    filter (where severity >= $critical and (closed_on is null or closed_on > $on::date)) as oldest_days
from $episodes
where opened_on <= $on::date
group by organisation_id
