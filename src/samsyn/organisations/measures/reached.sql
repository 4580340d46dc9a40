-- The organisations that a person reaches: one row for each role it holds and each organisation
-- that the role reaches, with the service agreed on where it is a member's. Asked on every page, so it is
-- written by hand: composing it anew took longer than answering it.
-- Parameters: the person, today, today, the person.
with held as (
  select organisation_id, role
  from access_membership
  where person_id = %s and ended_on is null
),
agreed as (
  select distinct h.role, g.service, g.organisation_id
  from held h
  join organisations_agreement g on g.operator_id = h.organisation_id
  join organisations_assignment a
    on a.agreement_id = g.id
    or (a.agreement_id is null and a.organisation_id = g.operator_id and a.service = g.service)
  where g.valid_from <= %s and (g.valid_until is null or g.valid_until >= %s)
    and a.person_id = %s and a.ended_on is null
)
select h.role, '' as service, l.descendant_id
from held h
join organisations_lineage l on l.ancestor_id = h.organisation_id and l.same_entity
union
select g.role, g.service, l.descendant_id
from agreed g
join organisations_lineage l on l.ancestor_id = g.organisation_id
union all
select '', '', count(*) from organisations_organisation
