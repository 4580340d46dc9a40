-- The most specific claim on each name seen: a name is tried whole, then label by label.
create or replace temp table host_owners as
with wanted as (
  select distinct 'domain' as use, host_name as name from seen where host_name is not null
  union all select distinct 'mail', mail_domain from seen where mail_domain is not null
  union all select distinct 'site', site_domain from seen where site_domain is not null
), labels as (
  select use, name, string_split(name, '.') as parts from wanted
), suffixes as (
  select use, name, unnest(range(1, least(len(parts), 40) + 1)) as depth, parts from labels
), found as (
  select s.use, s.name, n.owner, n.name as domain, s.depth
  from suffixes s join names n
    on n.use = s.use and n.name = array_to_string(s.parts[s.depth:], '.')
)
select use, name, arg_min(owner, depth) as owner, arg_min(domain, depth) as domain
from found group by use, name
