-- How many observations of what and whose: what trends are drawn from. Counted before the
-- batch is named: to group by its long name would cost more than all the rest.
with counted as (
  select file_no, report, taxonomy, type, severity, country, asn, organisation_id, operated_by_id,
    rule, is_contested, count(*) as observations
  from placed where problem is null group by all
)
select b.report_on, c.report, c.taxonomy, c.type, c.severity, c.country, c.asn,
  c.organisation_id, c.operated_by_id, coalesce(c.rule, '') as rule,
  coalesce(c.is_contested, false) as is_contested, c.observations, b.batch as part
from counted c join batches b using (file_no)
