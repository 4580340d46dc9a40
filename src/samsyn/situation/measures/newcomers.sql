-- Kinds of report that an organisation had open in the period and never before it.
-- Parameters: begins, ends (dates).
select organisation_id, report, max(severity) as severity, count(*) as findings
from episodes
where opened_on <= $ends
group by organisation_id, report
having min(opened_on) >= $begins
order by organisation_id, max(severity) desc, count(*) desc, report
