-- The oldest open findings of each organisation at the end of the period, the worst first.
-- Parameters: ends (date), most (how many of each).
select organisation_id, finding_id, report, severity, opened_on
from episodes
where opened_on <= $ends and (closed_on is null or closed_on > $ends) and severity >= 3
qualify row_number() over (partition by organisation_id order by severity desc, opened_on, finding_id) <= $most
order by organisation_id, severity desc, opened_on, finding_id
