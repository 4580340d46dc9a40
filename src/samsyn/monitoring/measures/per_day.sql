select report_on, report, severity, sum(observations)::bigint as observations
from $counts
group by report_on, report, severity
order by report_on, report, severity
