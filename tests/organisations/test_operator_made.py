"""A security centre is made by who sets up the installation, and by nobody else."""

from __future__ import annotations

import pytest

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission, Role
from samsyn.audit.models import Entry
from samsyn.kernel.errors import NotAllowed, RuleViolation
from samsyn.organisations.models import Agreement, Assignment, Lineage, Organisation
from samsyn.organisations.services import operator_create
from tests.cast import make_person
from tests.organisations.boundary import reached


def create(actor, name="Nordvakt", **given):
    return operator_create(actor=actor, name=name, **given)


def test_who_sets_up_makes_a_centre_that_serves_nobody_yet(cast):
    before = Agreement.unscoped.count(), Assignment.unscoped.count()
    made = create(cast.job)
    kept = Organisation.unscoped.get(pk=made.pk)
    assert (kept.name, kept.kind, kept.country, kept.language) == (
        "Nordvakt",
        "operator",
        "NO",
        "nb",
    )
    assert kept.is_operator
    assert kept.parent is None
    assert list(Lineage.objects.filter(descendant=made).values_list("ancestor", "same_entity")) == [
        (made.pk, True)
    ]
    assert (Agreement.unscoped.count(), Assignment.unscoped.count()) == before
    cast.people["nora"] = make_person("nora", made, Role.ANALYST)
    assert reached(cast.nora, Permission.FINDINGS_VIEW) == {"Nordvakt"}
    assert made.pk not in cast.astrid.organisation_ids(Permission.ORGANISATIONS_VIEW)


def test_its_country_and_language_are_as_given(cast):
    made = create(cast.job, country="SE", language="sv")
    assert (made.country, made.language) == ("SE", "sv")


def test_it_is_on_record_at_itself(cast):
    made = create(cast.job)
    entry = Entry.objects.get()
    assert (entry.action, entry.actor) == ("organisations.operator_create", "job:test")
    assert (entry.organisation_id, entry.object_id) == (made.pk, str(made.pk))
    assert entry.changes["kind"] == [None, "operator"]


@pytest.mark.parametrize("name", ["henrik", "astrid", "ingvild", "egil"])
def test_no_person_makes_one_whatever_their_role(cast, name):
    with pytest.raises(NotAllowed, match="Only set-up"):
        create(getattr(cast, name))
    assert not Organisation.unscoped.filter(name="Nordvakt").exists()


def test_nobody_at_all_makes_none(cast):
    with pytest.raises(NotAllowed, match="Sign in"):
        create(Actor("nobody"))
    assert not Organisation.unscoped.filter(name="Nordvakt").exists()


@pytest.mark.parametrize("name", ["Samvakt", "samvakt ", "FJELLVIK"])
def test_a_name_that_is_taken_is_refused_at_its_field(cast, name):
    with pytest.raises(RuleViolation, match="already an organisation") as refused:
        create(cast.job, name=name)
    assert refused.value.field == "name"


@pytest.mark.parametrize(("field", "value"), [("country", "XX"), ("language", "xx"), ("name", "")])
def test_what_it_is_not_is_refused_at_its_field(cast, field, value):
    with pytest.raises(RuleViolation) as refused:
        create(cast.job, **{field: value})
    assert refused.value.field == field
