-- Whose each observation is: one row for each of seen, in its order; nulls where nobody's.
-- Tables: seen, owners, intervals, asns, names, host_owners.
-- A contested claim ends the search: a wider claim must not win by another's quarrel.
create or replace temp table owner_of as
with found as (
  select s.rowid as place, s.problem, s.host_name, s.mail_domain, s.site_domain,
    coalesce(s.network_claim, case when i.owner >= 0 then i.owner end) as by_prefix,
    a.owner as by_asn
  from seen s
  asof left join intervals i on s.address_key >= i.start_key
  left join asns a on a.asn = s.asn
), chosen as (
  select f.place,
    case when f.problem is null
      then coalesce(by_prefix, by_asn, d.owner, m.owner, w.owner) end as owner,
    case when by_prefix is not null then 'prefix' when by_asn is not null then 'asn'
      when d.owner is not null then 'domain' when m.owner is not null then 'mail'
      when w.owner is not null then 'site' end as rule
  from found f
  left join host_owners d on d.use = 'domain' and d.name = f.host_name
  left join host_owners m on m.use = 'mail' and m.name = f.mail_domain
  left join host_owners w on w.use = 'site' and w.name = f.site_domain
)
select o.organisation_id, o.operated_by_id, o.resource_id, o.is_contested,
  case when o.owner is not null then c.rule end as rule
from chosen c left join owners o on o.owner = c.owner
order by c.place;

create or replace temp view placed as from seen positional join owner_of
