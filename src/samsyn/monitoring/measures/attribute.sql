-- Whose each observation is. Tables: seen, owners, intervals, asns, names, host_owners.
-- A contested claim ends the search: a wider claim must not win by another's quarrel.
create or replace temp table owned as
with placed as (
  select s.file_no, s.row, s.host_name, s.mail_domain, s.site_domain,
    coalesce(s.network_claim, case when i.owner >= 0 then i.owner end) as by_prefix,
    a.owner as by_asn
  from seen s
  asof left join intervals i on s.address_key >= i.start_key
  left join asns a on a.asn = s.asn
  where s.problem is null
), chosen as (
  select p.file_no, p.row,
    coalesce(by_prefix, by_asn, d.owner, m.owner, w.owner) as owner,
    case when by_prefix is not null then 'prefix' when by_asn is not null then 'asn'
      when d.owner is not null then 'domain' when m.owner is not null then 'mail'
      when w.owner is not null then 'site' end as rule
  from placed p
  left join host_owners d on d.use = 'domain' and d.name = p.host_name
  left join host_owners m on m.use = 'mail' and m.name = p.mail_domain
  left join host_owners w on w.use = 'site' and w.name = p.site_domain
)
select c.file_no, c.row, o.organisation_id, o.operated_by_id, o.resource_id, c.rule, o.is_contested
from chosen c join owners o on o.owner = c.owner
