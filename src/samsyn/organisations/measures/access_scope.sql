-- The organisations that a person reaches: one row for each role it holds and each service agreed on
-- where the role reaches members, with the ids in one text. Asked on every page, so it is written by
-- hand, and one text is quicker to compare with that of the last page than a row for each id.
-- Out: role, service ('' at home), whether the ids are of the member's own legal entity, the ids.
-- Parameters: the person, the person, today four times. $listed: what this database calls json_agg.
-- $staff: the roles that count only at an operator, and there not at a unit that is a member itself.
with held as (
  select m.organisation_id, m.role, m.role in ($staff) as is_staff
  from access_membership m
  join organisations_organisation o on o.id = m.organisation_id
  where m.person_id = %s and m.ended_on is null and (m.role not in ($staff) or o.kind = 'operator')
),
mine as (
  select agreement_id, organisation_id, service
  from organisations_assignment
  where person_id = %s and ended_on is null
),
agreed as (
  select g.operator_id, g.service, g.organisation_id
  from mine a
  join organisations_agreement g
    on g.id = a.agreement_id and g.operator_id = a.organisation_id and g.service = a.service
  where g.accepted_on is not null
    and g.valid_from <= %s and (g.valid_until is null or g.valid_until >= %s)
  union all
  select g.operator_id, g.service, g.organisation_id
  from mine a
  join organisations_agreement g on g.operator_id = a.organisation_id and g.service = a.service
  where a.agreement_id is null and g.accepted_on is not null
    and g.valid_from <= %s and (g.valid_until is null or g.valid_until >= %s)
),
below as (
  select a.operator_id, a.service, l.same_entity, $listed(l.descendant_id) as ids
  from agreed a
  join organisations_lineage l on l.ancestor_id = a.organisation_id
  group by a.operator_id, a.service, l.same_entity
),
members_below as (
  select h.organisation_id, inside.descendant_id
  from held h
  join organisations_lineage l on l.ancestor_id = h.organisation_id
  join organisations_agreement g on g.organisation_id = l.descendant_id
  join organisations_lineage inside on inside.ancestor_id = g.organisation_id
  where g.accepted_on is not null and h.is_staff and l.descendant_id <> h.organisation_id
)
select h.role, '' as service, true as same_entity, cast($listed(l.descendant_id) as text) as ids
from held h
join organisations_lineage l on l.ancestor_id = h.organisation_id and l.same_entity
where not h.is_staff or not exists (
  select 1 from members_below b
  where b.organisation_id = h.organisation_id and b.descendant_id = l.descendant_id
)
group by h.role
union all
select h.role, b.service, b.same_entity, cast(b.ids as text)
from held h
join below b on b.operator_id = h.organisation_id
union all
select '', '', true, cast(count(*) as text) from organisations_organisation
