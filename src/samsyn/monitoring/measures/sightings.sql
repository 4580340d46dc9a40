-- What was seen of whom on the day of the report: the way from observations to findings.
-- Most keys come once in a file; only those that come again are grouped. (Two keys with
-- the same hash are merely grouped without need.) The order is that of the database's index.
-- chr(31) parts what was seen (evidence.py). $port is 0 where the report's port is thrown away after each connection.
insert into $sightings by name
with keyed as (
  select s.organisation_id, s.operated_by_id, s.resource_id, s.subject, $port as port, b.stream, b.report_on as seen_on, b.is_fresh,
    s.observed_at,
    (list_position(['info', 'low', 'medium', 'high', 'critical'], s.severity) - 1)::tinyint
      as severity,
    s.protocol, s.host_name, s.asn, s.country, s.taxonomy, s.type as rsit_type,
    case when coalesce(s.vendor, s.product, s.version, s.cves, s.tags, s.evidence) is null then '{}'
      else json_object('vendor', s.vendor, 'product', s.product, 'version', s.version,
        'cves', coalesce(string_split(s.cves, ';'), []),
        'tags', coalesce(list_filter(string_split_regex(s.tags, '[,;\s]+'),
          lambda tag: tag <> '' and not starts_with(tag, 'cve-')), []),
        'seen', coalesce(string_split(s.evidence, chr(31)), []))::varchar end as detail,
    hash(s.file_no, s.organisation_id, s.subject, $port) as key
  from placed s
  join batches b on b.file_no = s.file_no
  where s.problem is null and not s.is_contested and s.subject <> ''
), again as (
  select key from keyed group by key having count(*) > 1
)
select organisation_id, operated_by_id, resource_id, subject, port, stream, seen_on, is_fresh,
  1 as times, observed_at as first_at, observed_at as last_at, severity, protocol, host_name,
  asn, country, taxonomy, rsit_type, detail
from keyed anti join again using (key)
union all
select organisation_id, max(operated_by_id), max(resource_id), subject, port, stream, seen_on,
  is_fresh, count(*), min(observed_at), max(observed_at), max(severity), max(protocol),
  max(host_name), max(asn), max(country), max(taxonomy), max(rsit_type), max(detail)
from keyed semi join again using (key)
group by organisation_id, subject, port, stream, seen_on, is_fresh
order by organisation_id, subject, port
