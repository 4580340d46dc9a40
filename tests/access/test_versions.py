"""Of two who change the same thing at once, the second is told, and nothing is lost."""

from __future__ import annotations

import ast

import pytest

from samsyn.access.versions import Versioned, keep
from samsyn.documents.models import Document
from samsyn.documents.services import document_change
from samsyn.kernel.errors import Conflict, RuleViolation
from samsyn.organisations.models import Agreement, Organisation
from samsyn.organisations.services import organisation_arrange, organisation_change
from samsyn.organisations.serving import agreement_end
from samsyn.situation.models import Edition
from samsyn.situation.services import edition_publish, edition_write
from tests.cast import TODAY, make_document, make_edition
from tests.house.laws import OURS, PACKAGE

pytestmark = pytest.mark.every_room
# Saved field by field where one knows that nobody else can change the same at that moment.
ONE_WRITER = {
    "api/once.py": "a row that the same transaction has just made",
    "access/offering.py": "an offer is answered once, while it is held",
    "access/services.py": "a person's own settings, tokens and roles, each ended once",
    "annual_wheel/making.py": "how far turns are made; the job's own",
    "annual_wheel/services.py": "a feed is ended once, by its person",
    "assets/constituency.py": "under the lock of claims",
    "assets/judging.py": "under the lock of claims",
    "assets/parting.py": "under the lock of claims",
    "assets/services.py": "under the lock of claims",
    "benchmark/services.py": "a round is held while it is closed",
    "documents/services.py": "the newest file, while the versions are held",
    "findings/bulk.py": "folding, one at a time",
    "findings/undelivered.py": "a letter is settled once, while it is held",
    "jobs/services.py": "the worker's own",
    "maturity/keeping.py": "the fields of one step; the version counts each, for the screen",
    "maturity/services/meeting.py": "an area of a dialogue, whose version the meeting counts",
    "maturity/services/preparing.py": "an area of a dialogue, whose version the meeting counts",
    "messages/delivery.py": "leased to one worker",
    "messages/services.py": "a letter is tried again, or came back",
    "organisations/serving.py": "an assignment is ended once",
    "reporting/services/meetings.py": "the minutes of a point",
    "webhooks/delivery.py": "leased to one worker",
    "webhooks/services.py": "a delivery, and which one is sent next; not what people write",
}


def change_organisation(actor, thing):
    return organisation_change(actor=actor, organisation=thing, language="sv")


def change_document(actor, thing):
    return document_change(actor=actor, document=thing, title="Anew")


def end_agreement(actor, thing):
    return agreement_end(actor=actor, agreement=thing, on=TODAY)


def write_edition(actor, thing):
    thing.digest = "0" * 64
    return edition_write(actor=actor, edition=thing, words="Less.", language="en")


THINGS = {
    "organisation": (lambda cast: cast.fjellvik, "ingvild", change_organisation),
    "document": (lambda cast: make_document(cast.fjellvik), "ingvild", change_document),
    "agreement": (
        lambda cast: Agreement.unscoped.get(organisation=cast.elvdal), "henrik", end_agreement,
    ),
    "edition": (lambda cast: make_edition(cast.samvakt), "astrid", write_edition),
}  # fmt: skip


@pytest.mark.parametrize("kind", THINGS)
def test_the_second_of_two_is_told(cast, kind):
    make, who, change = THINGS[kind]
    first = make(cast)
    second = type(first)._base_manager.get(pk=first.pk)
    actor = getattr(cast, who)
    assert change(actor, first).version == second.version + 1
    with pytest.raises(Conflict):
        change(actor, second)


def test_a_thing_has_the_version_that_the_database_has_and_counts_one_for_each_change(cast):
    organisation = cast.fjellvik
    assert organisation.version == 1
    for number in (2, 3):
        organisation.population = number
        keep(organisation, ["population"])
        kept = Organisation.unscoped.get(pk=organisation.pk)
        assert (organisation.version, kept.version, kept.population) == (number, number, number)
    others = Organisation.unscoped.exclude(pk=organisation.pk)
    assert set(others.values_list("version", "population")) == {(1, None)}


@pytest.mark.parametrize(("seen", "is_taken"), [(1, True), (0, False), (2, False)])
def test_what_a_reader_had_seen_decides(cast, seen, is_taken):
    given = {"actor": cast.ingvild, "organisation": cast.fjellvik, "seen": seen}
    if is_taken:
        assert organisation_change(**given, language="sv").version == 2
        return
    with pytest.raises(Conflict):
        organisation_change(**given, language="sv")
    assert Organisation.unscoped.get(pk=cast.fjellvik.pk).language != "sv"


def test_words_written_while_an_edition_is_published_are_not_lost_in_it(cast):
    first = make_edition(cast.samvakt, digest="0" * 64)
    second = Edition.unscoped.get(pk=first.pk)
    edition_write(actor=cast.astrid, edition=first, words="Less.", language="en")
    with pytest.raises(Conflict):
        edition_publish(actor=cast.astrid, edition=second)
    kept = Edition.unscoped.get(pk=first.pk)
    assert (kept.state, kept.words) == ("draft", {"en": "Less."})


def test_a_state_that_must_still_be_is_asked_in_the_same_statement(cast):
    edition = make_edition(cast.samvakt)
    Edition.unscoped.filter(pk=edition.pk).update(state="published")
    with pytest.raises(Conflict):
        keep(edition, ["words"], state="draft")


def test_a_change_that_is_undone_leaves_the_version_as_it_was(cast):
    with pytest.raises(RuleViolation):
        organisation_arrange(actor=cast.astrid, organisation=cast.vann, kind="company", parent=None)
    assert cast.vann.version == Organisation.unscoped.get(pk=cast.vann.pk).version


def test_everything_that_has_a_version_counts_it_in_one_way():
    named = {m for m in OURS if any(f.name == "version" for f in m._meta.concrete_fields)}
    assert named == {m for m in OURS if issubclass(m, Versioned)}
    assert Document in named


def saves_some_fields(text):
    return any(
        isinstance(part, ast.Call)
        and isinstance(part.func, ast.Attribute)
        and part.func.attr == "save"
        and any(k.arg == "update_fields" for k in part.keywords)
        for part in ast.walk(ast.parse(text))
    )


def test_nothing_is_changed_without_looking_at_its_version_but_for_a_reason():
    found = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if "migrations" not in path.parts and saves_some_fields(path.read_text())
    }
    assert found <= set(ONE_WRITER), (
        f"{sorted(found - set(ONE_WRITER))} saves without looking at the version: write "
        "keep(thing, [names of the fields]) of samsyn.access.versions; or, where nobody else can "
        "change the same then, say why in ONE_WRITER in tests/access/test_versions.py"
    )
    assert set(ONE_WRITER) <= found, "remove it from ONE_WRITER"


def test_the_law_on_versions_catches_a_planted_fault():
    assert saves_some_fields("def f(thing):\n    thing.save(update_fields=['name'])\n")
    assert not saves_some_fields("def f(thing):\n    keep(thing, ['name'])\n    thing.save()\n")
