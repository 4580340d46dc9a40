-- The organisations that a person reaches: one row for each role it holds and each service agreed on
-- where the role reaches members, with the ids in one text. Asked on every page, so it is written by
-- hand, and one text is quicker to compare with that of the last page than a row for each id.
-- Parameters: the person, the person, today four times. $listed: what this database calls json_agg.
with held as (
  select organisation_id, role
  from access_membership
  where person_id = %s and ended_on is null
),
mine as (
  select agreement_id, organisation_id, service
  from organisations_assignment
  where person_id = %s and ended_on is null
),
agreed as (
  select g.operator_id, g.service, g.organisation_id
  from mine a join organisations_agreement g on g.id = a.agreement_id
  where g.valid_from <= %s and (g.valid_until is null or g.valid_until >= %s)
  union all
  select g.operator_id, g.service, g.organisation_id
  from mine a
  join organisations_agreement g on g.operator_id = a.organisation_id and g.service = a.service
  where a.agreement_id is null
    and g.valid_from <= %s and (g.valid_until is null or g.valid_until >= %s)
),
below as (
  select a.operator_id, a.service, $listed(l.descendant_id) as ids
  from agreed a
  join organisations_lineage l on l.ancestor_id = a.organisation_id
  group by a.operator_id, a.service
)
select h.role, '' as service, cast($listed(l.descendant_id) as text) as ids
from held h
join organisations_lineage l on l.ancestor_id = h.organisation_id and l.same_entity
group by h.role
union all
select h.role, b.service, cast(b.ids as text)
from held h
join below b on b.operator_id = h.organisation_id
union all
select '', '', cast(count(*) as text) from organisations_organisation
