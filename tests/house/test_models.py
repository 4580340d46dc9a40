"""Laws on models: scoped or shared with a reason, and readable."""

from __future__ import annotations

import pytest
from django.db import models
from django.utils.functional import Promise

from samsyn.access.naming import AddressField, LineField
from samsyn.access.scoping import OrganisationOwned, ScopedManager, ScopeMissing
from tests.house.laws import OURS

SHARED = {
    "access.ApiToken": "belongs to a person; selectors.token_list narrows to oneself",
    "access.Person": "signs in; who may see whom goes through Membership",
    "annual_wheel.FeedToken": "belongs to a person; its selectors narrow to oneself",
    "api.KeptAnswer": "belongs to a person; encrypted, found by the key of who sent it",
    "audit.Entry": "read through audit.selectors, which take organisations or a thing already seen",
    "delivery.PasswordRequest": "an encrypted address for the worker; nobody reads it",
    "findings.FoldedReport": "names a file in the store for each report; nothing of anybody",
    "jobs.Run": "the installation's own; selectors.run_list asks for the permission",
    "organisations.Lineage": "pairs of ids without content, used inside the scope itself",
    "ui.SavedView": "belongs to a person; its selectors narrow to oneself",
}
ITS_OWN = {
    "organisations.Organisation": "it is the tenant itself, scoped by its own id",
    "findings.FindingEvent": "scoped through its finding",
    "indicators.Measurement": "scoped through its indicator",
    "maturity.DialogueArea": "scoped through its dialogue",
    "maturity.Participant": "scoped through its dialogue",
    "maturity.Proposal": "scoped through its area",
    "maturity.Rating": "scoped through its area; told only as numbers",
    "actions.ActionEvent": "scoped through its action",
    "actions.DecisionSubject": "scoped through its decision",
    "actions.SentReminder": "scoped through its action",
    "reporting.AgendaItem": "scoped through its meeting",
    "documents.DocumentVersion": "scoped through its document",
    "documents.Link": "scoped through its document",
}
WRITTEN_BY_SAMSYN = {
    "a key, code, digest or address that is checked as such": {
        "sha256", "content_sha256", "digest", "key", "key_id", "dedupe_key", "hash", "mac", "nonce",
        "previous_hash", "identity", "rater", "lease", "message_id", "value", "subject", "phone",
        "time_zone", "password", "query", "screen", "shown", "claims", "media_type", "kept_as",
        "frozen", "episodes", "country", "number", "protocol", "host_name",
    },
    "whoever acts, as the trail writes it": {
        "actor", "uploaded_by", "attached_by", "recorded_by", "written_by", "answered_by", "by",
        "frozen_by", "settled_by", "asked_by", "published_by", "closed_by", "joined_by", "noted_by",
        "done_by", "effect_checked_by", "accepted_by", "decided_by", "ended_by",
        "registered_by", "host_by",
    },
    "a word that Samsyn has chosen": {
        "action", "object_type", "object_id", "object_name", "source_kind", "kind", "stage",
        "role", "area", "measure", "job", "step", "report", "stream", "taxonomy", "rsit_type",
        "reasons", "label", "name",
    },
    "as somebody's machine wrote it": {"file_name", "entry_name", "reason_detail", "answer"},
    "what a contact answers, shown as text": {"note"},
}  # fmt: skip
COPIED = {"actions.DecisionSubject": "the name that a thing had on the day of the decision"}
named = pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)


@named
def test_every_model_is_scoped_or_listed_as_shared(model):
    label = model._meta.label
    if label in SHARED:
        assert not isinstance(getattr(model, "objects", None), ScopedManager), "not shared any more"
        return
    if label not in ITS_OWN:
        assert issubclass(model, OrganisationOwned)
    assert isinstance(model.objects, ScopedManager)
    assert model.objects.permission
    with pytest.raises(ScopeMissing):
        model.objects.all()


def test_no_exemption_is_stale():
    known = {m._meta.label for m in OURS}
    assert set(SHARED) | set(ITS_OWN) <= known


@named
def test_every_model_reads_well(model):
    assert model.__doc__
    assert not model.__doc__.startswith(model.__name__ + "("), "needs its own docstring"
    assert model._meta.ordering
    assert isinstance(model._meta.verbose_name, Promise)
    for field in model._meta.local_fields:
        if not field.auto_created and field.name not in {"password", "last_login"}:
            assert isinstance(field.verbose_name, Promise), f"{field} is not translatable"


@named
def test_a_text_on_one_line_is_kept_on_one_line_or_no_person_writes_it(model):
    known = set().union(*WRITTEN_BY_SAMSYN.values())
    for field in model._meta.local_fields:
        if isinstance(field, models.CharField) and not field.choices and field.name not in known:
            assert isinstance(field, LineField | AddressField), f"{field} takes any signs"


@named
def test_names_are_kept_in_one_form_where_people_write_them(model):
    for field in model._meta.local_fields:
        if field.name in {"name", "title"} and model._meta.label not in COPIED:
            assert field.clean(" a\u202e\n b", None) == "a b"


def test_no_moment_is_kept_only_when_a_whole_row_is_saved():
    """An update of some rows leaves ``auto_now`` as it was: what is kept by it stays old."""
    found = [
        f"{model._meta.label}.{field.name}"
        for model in OURS
        for field in model._meta.concrete_fields
        if getattr(field, "auto_now", False)
    ]
    assert found == []
