-- What was seen of whom on the day of the report: the way from observations to findings.
insert into sightings by name
select o.organisation_id, o.operated_by_id, o.resource_id, s.subject,
  coalesce(s.source_port, 0) as port, b.stream, b.report_on as seen_on, count(*) as times,
  min(s.observed_at) as first_at, max(s.observed_at) as last_at,
  max(list_position(['info', 'low', 'medium', 'high', 'critical'], s.severity) - 1)::tinyint
    as severity,
  max(s.protocol) as protocol, max(s.host_name) as host_name, max(s.asn) as asn,
  max(s.country) as country, max(s.taxonomy) as taxonomy, max(s.type) as rsit_type,
  coalesce(max(case when coalesce(s.vendor, s.product, s.version, s.cves) is not null
    then json_object('vendor', s.vendor, 'product', s.product, 'version', s.version,
      'cves', coalesce(string_split(s.cves, ';'), []))::varchar end), '{}') as detail,
  b.is_fresh
from seen s
join owned o on o.file_no = s.file_no and o.row = s.row
join batches b on b.file_no = s.file_no
where s.problem is null and not o.is_contested and s.subject <> ''
group by o.organisation_id, o.operated_by_id, o.resource_id, s.subject, port,
  b.stream, b.report_on, b.is_fresh
