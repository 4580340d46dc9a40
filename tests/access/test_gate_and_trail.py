"""The gate: whom it lets through, what it says when it refuses, and what stays on record."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from samsyn.access.actor import NOBODY, Actor
from samsyn.access.commands import (
    COMMANDS,
    RegisteredCommand,
    also_on_record,
    as_rule_violation,
    command,
)
from samsyn.access.models import Person
from samsyn.access.permissions import Permission
from samsyn.audit.models import Entry
from samsyn.audit.services import snapshot
from samsyn.documents.models import Link
from samsyn.findings.models import Finding
from samsyn.kernel.errors import NotAllowed, RuleViolation
from samsyn.organisations.models import Agreement, Organisation
from tests.cast import make_document, make_finding

CHANGE, ANSWER = Permission.ORGANISATIONS_CHANGE, Permission.FINDINGS_ANSWER


@pytest.fixture
def passed():
    """Make commands for one test: ``passed(permission, function)`` returns it behind the gate."""
    known = set(COMMANDS)

    def make(permission, function, **given):
        return command(permission, **given)(function)

    yield make
    for name in set(COMMANDS) - known:
        del COMMANDS[name]


def nothing(*, actor, **given):
    """Do nothing.

    At all.
    Whoever asks.
    """
    del actor, given


def test_a_command_is_known_by_its_room_and_name_and_says_what_it_does(passed):
    known = passed(CHANGE, nothing).command
    assert (known.name, known.permission, known.summary) == (
        "access.nothing",
        CHANGE,
        "Do nothing.",
    )
    assert COMMANDS["access.nothing"] is known
    assert passed(CHANGE, nothing, name="suppliers.add").command.name == "suppliers.add"


def test_things_in_a_list_are_asked_about_one_by_one(cast, passed):
    act = passed(CHANGE, nothing)
    act(actor=cast.ingvild, things=[cast.fjellvik, (cast.school,)])
    with pytest.raises(NotAllowed):
        act(actor=cast.ingvild, things=[cast.fjellvik, (cast.elvdal,)])


@pytest.mark.parametrize(
    ("name", "allow_host", "may"),
    [("jonas", True, True), ("jonas", False, False), ("liv", True, False), ("astrid", True, False)],
)
def test_only_the_hosts_own_people_act_for_an_owner_and_only_where_hosts_may(
    cast, passed, name, allow_host, may
):
    """Astrid serves Fjellvik, which runs it, and is a stranger to Utmark, whose it is."""
    hosted = make_finding(cast.utmark, operated_by=cast.fjellvik)
    act = passed(ANSWER, nothing, allow_host=allow_host)
    assert act.command.allows(getattr(cast, name), hosted) is may
    if may:
        act(actor=getattr(cast, name), finding=hosted)
        return
    with pytest.raises(NotAllowed):
        act(actor=getattr(cast, name), finding=hosted)


def test_who_runs_it_may_nothing_unless_the_command_says_so(cast, passed):
    hosted = make_finding(cast.utmark, operated_by=cast.fjellvik)
    with pytest.raises(NotAllowed):
        passed(ANSWER, nothing)(actor=cast.jonas, finding=hosted)
    assert not RegisteredCommand("access.nothing", ANSWER, "").allows(cast.jonas, hosted)


def test_nobody_hosts_what_names_no_host_nor_what_can_have_none(cast, passed):
    act = passed(ANSWER, nothing, allow_host=True)
    for thing in (make_finding(cast.utmark), cast.utmark):
        with pytest.raises(NotAllowed):
            act(actor=cast.jonas, thing=thing)


def test_what_concerns_oneself_takes_somebody_who_has_signed_in(cast, passed):
    act = passed(None, nothing)
    act(actor=cast.egil, person=cast.people["egil"])
    act(actor=cast.job, person=cast.people["egil"])
    with pytest.raises(NotAllowed, match="Sign in first"):
        act(actor=NOBODY, person=cast.people["egil"])


def test_what_concerns_oneself_no_token_does_that_is_narrowed_to_something(cast, passed):
    act, only = passed(None, nothing), frozenset(Permission)
    with pytest.raises(NotAllowed, match="not made for this"):
        act(actor=replace(cast.egil, only=only), person=cast.people["egil"])
    act(actor=Actor("link", is_system=True, only=only), person=cast.people["egil"])


def test_a_job_does_all_and_a_link_what_it_is_narrowed_to(cast, passed):
    act = passed(CHANGE, nothing)
    act(actor=cast.job, thing=cast.utmark)
    act(actor=Actor("link", is_system=True, only=frozenset({CHANGE})), thing=cast.utmark)
    with pytest.raises(NotAllowed):
        act(actor=Actor("link", is_system=True, only=frozenset({ANSWER})), thing=cast.utmark)


def test_a_permission_that_is_lacking_is_named(cast, passed):
    with pytest.raises(NotAllowed, match=r"organisations\.change"):
        passed(CHANGE, nothing)(actor=cast.liv, thing=cast.fjellvik)


def rename(*, actor, organisation, fails=False):
    del actor
    organisation.short_code = "NEW"
    organisation.save()
    if fails:
        raise RuleViolation("It cannot be.")


@pytest.mark.parametrize(("atomic", "kept"), [(True, "FJV"), (False, "NEW")])
def test_what_was_done_before_a_refusal_is_undone_but_for_an_import(cast, passed, atomic, kept):
    act = passed(CHANGE, rename, atomic=atomic)
    with pytest.raises(RuleViolation, match="It cannot be"):
        act(actor=cast.ingvild, organisation=cast.fjellvik, fails=True)
    assert Organisation.unscoped.get(pk=cast.fjellvik.pk).short_code == kept
    assert not Entry.objects.exists()


# What is on record.


def test_a_change_is_on_record_at_its_owner_with_who_did_it_and_what_was_before(cast, passed):
    act = passed(CHANGE, rename)
    act(actor=cast.ingvild, organisation=cast.fjellvik)
    entry = Entry.objects.get()
    assert (entry.action, entry.actor) == ("access.rename", cast.ingvild.label)
    assert (entry.person_id, entry.organisation_id) == (cast.people["ingvild"].pk, cast.fjellvik.pk)
    assert (entry.object_type, entry.object_id) == (
        "organisations.Organisation",
        str(cast.fjellvik.pk),
    )
    assert entry.changes == {"short_code": ["FJV", "NEW"]}


def test_of_several_things_only_those_that_changed_are_on_record(cast, passed):
    def change_second(*, actor, things):
        del actor
        rename(actor=None, organisation=things[1])

    passed(CHANGE, change_second)(actor=cast.job, things=[cast.elvdal, cast.fjellvik, cast.utmark])
    assert [entry.object_id for entry in Entry.objects.all()] == [str(cast.fjellvik.pk)]


def test_what_is_made_is_on_record_with_all_that_it_says(cast, passed):
    def make(*, actor, organisation):
        del actor
        return make_finding(organisation)

    made = passed(ANSWER, make)(actor=cast.jonas, organisation=cast.fjellvik)
    entry = Entry.objects.get()
    assert (entry.object_type, entry.object_id) == ("findings.Finding", str(made.pk))
    assert entry.changes["subject"] == [None, "198.18.0.7"]


def test_what_changes_no_thing_is_on_record_at_the_first_of_its_organisations(cast, passed):
    act = passed(CHANGE, nothing)
    act(actor=cast.job, things=[cast.elvdal, cast.fjellvik])
    entry = Entry.objects.get()
    assert entry.organisation_id == min(cast.elvdal.pk, cast.fjellvik.pk)
    assert (entry.object_type, entry.changes) == ("", {})


@pytest.mark.parametrize(("names", "is_named"), [(["egil"], True), (["egil", "liv"], False)])
def test_what_concerns_one_thing_of_nobodys_names_it(cast, passed, names, is_named):
    passed(None, nothing)(actor=cast.egil, people=[cast.people[name] for name in names])
    entry = Entry.objects.get()
    assert (entry.organisation_id, entry.object_type) == (None, "access.Person" * is_named)
    assert entry.object_id == str(cast.people["egil"].pk) * is_named


def test_a_change_of_what_is_nobodys_is_on_record_at_no_organisation(cast, passed):
    def change(*, actor, person):
        del actor
        person.theme = "dark"
        person.save()

    passed(None, change)(actor=cast.egil, person=cast.people["egil"])
    entry = Entry.objects.get()
    assert (entry.organisation_id, entry.changes) == (None, {"theme": ["auto", "dark"]})


@dataclass
class Counted:
    made: int = 3

    def for_trail(self):
        return {"made": self.made}


@pytest.mark.parametrize(
    ("result", "kept"), [({"made": 3}, {"made": 3}), (Counted(), {"made": 3}), ("made 3", {})]
)
def test_what_a_command_counts_is_on_record(cast, passed, result, kept):
    passed(CHANGE, lambda *, actor, **given: result, name="access.count")(
        actor=cast.ingvild, organisation=cast.fjellvik
    )
    assert Entry.objects.get().changes == kept


@dataclass
class Touched:
    touched: list[Any] = field(default_factory=list)


def test_a_result_that_says_what_it_touched_has_an_entry_for_each_and_one_of_its_own(cast, passed):
    before = snapshot(cast.elvdal)
    cast.elvdal.short_code = "NEW"
    result = Touched([(cast.elvdal, before), (cast.utmark, None)])
    act = passed(CHANGE, lambda *, actor, **given: result, name="access.many")
    act(actor=cast.astrid, organisation=cast.fjellvik)
    first, second, own = Entry.objects.order_by("number")
    assert {entry.action for entry in (first, second, own)} == {"access.many"}
    assert {entry.actor for entry in (first, second, own)} == {cast.astrid.label}
    assert first.person_id == cast.people["astrid"].pk
    assert (first.organisation_id, first.changes) == (
        cast.elvdal.pk,
        {"short_code": ["ELV", "NEW"]},
    )
    assert (second.organisation_id, second.changes["name"]) == (cast.utmark.pk, [None, "Utmark"])
    assert (own.organisation_id, own.object_type) == (cast.fjellvik.pk, "")


@pytest.mark.parametrize("at", [None, "fjellvik"])
def test_a_further_thing_is_on_record_at_its_owner_or_at_whom_it_concerns_besides(cast, at):
    agreement = Agreement.unscoped.get(organisation=cast.elvdal)
    before = snapshot(agreement) | {"service": "ciso"}
    given = {"at": getattr(cast, at).pk} if at else {}
    also_on_record("access.more", cast.astrid, agreement, before=before, **given)
    entry = Entry.objects.get()
    assert entry.organisation_id == (getattr(cast, at).pk if at else cast.elvdal.pk)
    assert (entry.action, entry.changes) == ("access.more", {"service": ["ciso", "csirt"]})


# What is said when it refuses.


def refusal(error):
    said = as_rule_violation(error)
    return str(said), said.field


def test_a_refusal_of_a_field_names_the_field_and_one_of_the_whole_names_none():
    assert refusal(ValidationError("Too late.")) == ("Too late.", None)
    assert refusal(ValidationError(["Too late.", "Too dear."])) == ("Too late. Too dear.", None)
    assert refusal(ValidationError({"due_on": ["Too late."]})) == ("Too late.", "due_on")
    assert refusal(ValidationError({"__all__": ["Too late."]})) == ("Too late.", None)


def test_what_is_there_already_is_said_as_its_model_says_it(cast):
    document = make_document(cast.fjellvik)
    given = {"document": document, "kind": "action", "object_id": 1}
    Link.unscoped.create(**given, attached_by="Liv")
    with pytest.raises(ValidationError) as refused:
        Link(**given, attached_by="Liv").full_clean()
    assert refusal(refused.value)[0] == "It is attached there already."


def test_or_in_words_that_are_true_of_all(cast):
    again = Finding.unscoped.get(pk=make_finding(cast.fjellvik).pk)
    again.pk, again._state.adding = None, True
    with pytest.raises(ValidationError) as refused:
        again.full_clean()
    assert refusal(refused.value)[0] == "There is already one like this."


def test_an_address_that_is_taken_is_said_in_the_words_of_people(cast):
    person = Person(email=cast.people["egil"].email, name="Egil")
    with pytest.raises(ValidationError) as refused:
        person.validate_unique()
    assert refusal(refused.value) == ("There is already a person with this address.", "email")


def test_what_a_model_refuses_leaves_a_command_as_a_rule(cast, passed):
    def change(*, actor, organisation):
        del actor
        organisation.country = "XX"
        organisation.full_clean()

    act = passed(CHANGE, change, name="access.country")
    with pytest.raises(RuleViolation) as refused:
        act(actor=cast.ingvild, organisation=cast.fjellvik)
    assert refused.value.field == "country"


def set_to(**values):
    def change(*, actor, organisation):
        del actor
        Organisation.unscoped.filter(pk=organisation.pk).update(**values)

    return change


def test_what_fits_no_column_is_refused_in_words(cast, passed):
    act = passed(CHANGE, set_to(population=10**30), name="access.grow")
    with pytest.raises(RuleViolation, match="cannot be kept"):
        act(actor=cast.ingvild, organisation=cast.fjellvik)


def test_what_the_database_refuses_for_another_reason_is_a_bug_and_stays_one(cast, passed):
    act = passed(CHANGE, set_to(parent=cast.fjellvik.pk), name="access.turn")
    with pytest.raises(IntegrityError):
        act(actor=cast.ingvild, organisation=cast.fjellvik)
