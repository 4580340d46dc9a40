-- How many observations of what and whose: what trends are drawn from.
select b.report_on, s.report, s.taxonomy, s.type, s.severity, s.country, s.asn,
  o.organisation_id, o.operated_by_id, coalesce(o.rule, '') as rule,
  coalesce(o.is_contested, false) as is_contested, count(*) as observations, b.batch as part
from seen s
join batches b using (file_no)
left join owned o on o.file_no = s.file_no and o.row = s.row
where s.problem is null
group by all
