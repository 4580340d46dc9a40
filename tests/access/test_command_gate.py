"""The gate that every change goes through."""

from __future__ import annotations

import pytest

from samsyn.access.commands import COMMANDS, command
from samsyn.access.permissions import Permission
from samsyn.assets.models import Resource
from samsyn.assets.services import resource_claim
from samsyn.audit.models import Entry
from samsyn.audit.services import HIDDEN
from samsyn.kernel.errors import NotAllowed, RuleViolation
from tests.cast import make_resource


@pytest.fixture
def resource_erase():
    @command(Permission.RESOURCES_CHANGE)
    def resource_erase(*, actor, **things):
        for thing in things.values():
            thing.delete()

    yield resource_erase
    del COMMANDS[resource_erase.command.name]


def test_one_foreign_thing_among_ones_own_stops_it_all(cast, resource_erase):
    ours = make_resource(cast.fjellvik, "domain", "ours.example")
    theirs = make_resource(cast.elvdal, "domain", "theirs.example")
    before = Resource.unscoped.count()
    with pytest.raises(NotAllowed):
        resource_erase(actor=cast.ingvild, ours=ours, theirs=theirs)
    assert Resource.unscoped.count() == before


def test_a_change_that_names_no_organisation_is_a_bug(cast, resource_erase):
    with pytest.raises(TypeError, match="names no organisation"):
        resource_erase(actor=cast.ingvild)


def test_what_was_erased_stays_in_the_trail(cast, resource_erase):
    resource = make_resource(cast.fjellvik, "domain", "gone.example")
    pk = resource.pk
    resource_erase(actor=cast.ingvild, ours=resource)
    entry = Entry.objects.get()
    assert entry.changes["value"] == ["gone.example", None]
    assert (entry.organisation_id, entry.object_id) == (cast.fjellvik.pk, str(pk))


def test_a_hidden_field_is_not_copied_to_the_trail(cast, resource_erase, monkeypatch):
    monkeypatch.setattr(Resource, "AUDIT_HIDDEN", frozenset({"value"}), raising=False)
    resource_erase(
        actor=cast.ingvild, ours=make_resource(cast.fjellvik, "domain", "secret.example")
    )
    assert Entry.objects.get().changes["value"] == [HIDDEN, None]


def test_a_failure_half_way_leaves_everything_as_it_was(cast, resource_erase):
    ours = make_resource(cast.fjellvik, "domain", "stays.example")
    with pytest.raises(AttributeError):
        resource_erase(actor=cast.ingvild, ours=ours, broken="not a thing")
    assert Resource.unscoped.filter(value="stays.example").exists()
    assert not Entry.objects.exists()


def test_who_may_only_look_may_not_change(cast):
    with pytest.raises(NotAllowed):
        resource_claim(
            actor=cast.liv, organisation=cast.fjellvik, kind="domain", value="ny.example"
        )


def test_what_the_database_refuses_comes_out_in_our_words(cast):
    with pytest.raises(RuleViolation, match="already has this resource"):
        resource_claim(
            actor=cast.jonas, organisation=cast.fjellvik, kind="domain", value="fjellvik.example"
        )
