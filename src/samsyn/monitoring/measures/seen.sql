-- Observations in a table of raw rows, one for each row of it. Missing values, severity and
-- the meaning of each column: formats of Shadowserver's reports. Words in $: normalise.py.
-- The number is made for every row and used where the address is plain: inside a case it
-- would cost the engine three times as much. Tags and CVEs are cut: a cell may hold thousands.
with cleaned as (
  select file_no, row, moment(p_timestamp) as observed_at,
    p_address as address, $plain as is_plain, ipv4_number(p_address) as plain_number,
    nullif(try_cast(p_port as integer), 0) as port_number, p_port as port_text,
    coalesce(nullif(try_cast(p_asn as bigint), 0),
      try_cast(ltrim(upper(known_value(p_asn)), 'AS') as bigint)) as asn_number, p_asn as asn_text,
    case when p_protocol in ('tcp', 'udp') then p_protocol
      else left(lower(known_value(p_protocol)), 20) end as protocol,
    host_named(p_host) as host_name,
    $country as country,
    left(lower(p_tag), 8192) as tags, $severity as severity,
    left(known_value(p_vendor), 200) as vendor, left(known_value(p_product), 200) as product,
    left(known_value(p_version), 200) as version,
    lower(coalesce(known_value(p_account), known_value(p_account_instead))) as account,
    host_of_site(known_value(p_site)) as site_domain, left(known_value(p_name), 253) as named,
    p_evidence as evidence
  from $raw
), parsed as (
  select k.*, case when is_plain then address else o.text end as source_ip,
    case when is_plain then plain_number else o.number end as address_number, o.key as address_key,
    o.claim as network_claim, coalesce(o.is_bad, false) as is_bad_address
  from cleaned k left join odd_addresses o on o.raw = k.address
)
select file_no, row, observed_at, $report as report, source_ip, address_number, address_key,
  port_number as source_port, protocol, host_name, asn_number as asn, country,
  $taxonomy as taxonomy, $type as type,
  severity, vendor, product, version,
  case when contains(tags, 'cve-') then list_aggregate(list_sort(list_distinct(
    regexp_extract_all(upper(tags), 'CVE-[0-9]{4}-[0-9]{4,7}')))[:100], 'string_agg', ';') end as cves,
  case when contains(account, '@') then clean_host(regexp_extract(account, '@([^@]+)$', 1)) end
    as mail_domain,
  site_domain,
  nullif(left(tags, 500), '') as tags, evidence,
  left(coalesce(source_ip, account, site_domain, host_name, named, ''), 253)
    as subject,
  network_claim,
  case when observed_at is null or year(observed_at) not between 2000 and 2100
      then 'timestamp'
    when is_bad_address then 'address'
    when port_number not between 1 and 65535 then 'port'
    when port_number is null and known_value(port_text) is not null
      and try_cast(port_text as integer) is null then 'port'
    when asn_number not between 1 and 4294967295 then 'asn'
    when asn_number is null and known_value(asn_text) is not null
      and try_cast(asn_text as bigint) is null then 'asn'
  end as problem
from parsed
