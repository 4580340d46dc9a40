-- How many findings of each severity each organisation had open on each of the given days.
-- Parameters: days (list of dates).
select organisation_id, day, severity, count(*) as open
from (select unnest($days::date[]) as day) as days
join episodes on opened_on <= day and (closed_on is null or closed_on > day)
group by all
order by all
