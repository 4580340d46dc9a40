-- Whose each observation is: one row for each of seen, in its order; nulls where nobody's.
-- Tables: seen, owners, intervals4 (by number), intervals6 (by key), asns, names, host_owners.
-- Only confirmed claims decide. An owner of -2 marks what several ask for and nobody has: such
-- a row is contested only where no confirmed claim of any kind has it. held and is_marked are
-- macros (reading.py): where nothing is marked, they cost nothing.
-- Texts are kept out of the join of intervals, which copies what it carries.
create or replace temp table keys6 as
select distinct address_key from seen where address_key is not null;

create or replace temp table owners6 as
select k.address_key, i.owner from keys6 k asof join intervals6 i on k.address_key >= i.start;

create or replace temp table named as
select s.rowid as place, d.owner as by_domain, m.owner as by_mail, w.owner as by_site
from seen s
left join host_owners d on d.use = 'domain' and d.name = s.host_name
left join host_owners m on m.use = 'mail' and m.name = s.mail_domain
left join host_owners w on w.use = 'site' and w.name = s.site_domain
where d.owner is not null or m.owner is not null or w.owner is not null;

create or replace temp table owner_of as
with found as (
  select s.rowid as place, s.problem is null as is_good,
    coalesce(s.network_claim, case when i.owner >= 0 then i.owner end,
      case when j.owner >= 0 then j.owner end) as by_prefix,
    held(a.owner) as by_asn, is_marked(i.owner, j.owner, a.owner) as is_marked
  from seen s
  asof left join intervals4 i on s.address_number >= i.start
  left join owners6 j on j.address_key = s.address_key
  left join asns a on a.asn = s.asn
), chosen as (
  select f.place,
    case when is_good then coalesce(by_prefix, by_asn, held(by_domain), held(by_mail), held(by_site),
      case when is_marked or is_marked(by_domain, by_mail, by_site) then -2 end)
      end as owner,
    case when by_prefix is not null then 'prefix' when by_asn is not null then 'asn'
      when held(by_domain) is not null then 'domain'
      when held(by_mail) is not null then 'mail' when held(by_site) is not null then 'site'
      end::enum('prefix', 'asn', 'domain', 'mail', 'site') as rule
  from found f left join named n on n.place = f.place
)
select o.organisation_id, o.operated_by_id, o.resource_id, o.is_contested,
  case when o.owner is not null then c.rule end as rule
from chosen c left join owners o on o.owner = c.owner
order by c.place;

create or replace temp view placed as from seen positional join owner_of
