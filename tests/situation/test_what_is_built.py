"""What a build of the situation picture writes, and what publishing seals."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from samsyn.access.models import Membership
from samsyn.audit.models import Entry
from samsyn.findings.models import Finding
from samsyn.kernel.errors import Conflict, KeptDamaged, NotAllowed, NotFound, RuleViolation
from samsyn.kernel.periods import Period
from samsyn.organisations.models import Agreement, Assignment
from samsyn.situation.models import Edition, editions_folder
from samsyn.situation.rules import digest
from samsyn.situation.selectors import (
    edition_get,
    edition_list,
    editions_of,
    figures_hold,
    may_open_rows,
    rows_behind,
)
from samsyn.situation.services import (
    edition_publish,
    edition_write,
    editions_publish,
    situation_build,
)
from tests.cast import make_edition, make_organisation
from tests.findings.test_fold import report, take
from tests.organisations.boundary import second_operator

MARCH = Period.read("2026-03")
BOTH = ("management", "technical")


@pytest.fixture
def seen(cast, home, tmp_path):
    """Fjellvik's two findings of March, of which one has been closed."""
    folder = tmp_path / "reports"
    folder.mkdir()
    take(cast, report(folder, 1, "7 8"), *(report(folder, n, "8") for n in (2, 3, 4)))
    return cast


def build(cast, actor=None, period=MARCH):
    return situation_build(actor=actor or cast.astrid, operator=cast.samvakt, period=period)


def of(organisation, audience="management"):
    return Edition.unscoped.get(organisation=organisation, audience=audience)


def test_a_draft_holds_the_figures_their_seal_and_the_episodes_behind_them(seen):
    before = timezone.now()
    build(seen)
    for organisation, audience in ((seen.fjellvik, "technical"), (seen.samvakt, "management")):
        edition = of(organisation, audience)
        assert (edition.begins_on, edition.months) == (MARCH.begins_on, 1)
        assert (edition.state, edition.words, edition.label) == ("draft", {}, "AMBER")
        assert edition.picture.total.open == 1
        assert edition.picture.total.closed == 1
        assert edition.digest == digest({"figures": edition.figures, "words": {}})
        assert edition.frozen_path.parent == editions_folder()
        assert edition.frozen.startswith(f"2026-03-{seen.samvakt.pk}-")
        assert edition.frozen_path.is_file()
        assert before <= edition.built_at <= timezone.now()
    assert of(seen.elvdal).picture.total.open == 0
    assert [path.name for path in editions_folder().iterdir()] == [of(seen.fjellvik).frozen]


def test_what_a_build_did_is_on_record_at_the_operator(seen):
    build(seen)
    entry = Entry.objects.get(action="situation.situation_build")
    assert entry.organisation_id == seen.samvakt.pk
    assert entry.changes == {"period": "2026-03", "members": 2, "built": 6, "kept": 0}


def test_a_draft_is_drawn_anew_with_its_words_and_what_is_published_stays(seen, tmp_path):
    build(seen)
    edition_write(actor=seen.astrid, edition=of(seen.fjellvik), words="Better.", language="en")
    kept = of(seen.fjellvik, "technical")
    edition_publish(actor=seen.astrid, edition=kept)
    first = of(seen.fjellvik)
    take(seen, report(tmp_path, 5, "8 9"))
    built = build(seen)
    assert (built.built, built.kept) == (5, 1)
    again = of(seen.fjellvik)
    assert again.pk == first.pk
    assert (again.words, again.picture.total.open) == ({"en": "Better."}, 2)
    assert again.digest == digest({"figures": again.figures, "words": {"en": "Better."}})
    assert again.frozen != first.frozen
    assert again.built_at > first.built_at
    after = of(seen.fjellvik, "technical")
    assert (after.figures, after.frozen, after.digest) == (kept.figures, kept.frozen, kept.digest)
    assert figures_hold(after)


def test_who_publishes_what_has_been_drawn_anew_meanwhile_is_told(seen, tmp_path):
    """They would seal figures that they have not seen."""
    build(seen)
    read = of(seen.fjellvik)
    take(seen, report(tmp_path, 5, "8 9"))
    build(seen)
    with pytest.raises(Conflict):
        edition_publish(actor=seen.astrid, edition=read)
    edition_publish(actor=seen.astrid, edition=of(seen.fjellvik))
    assert figures_hold(of(seen.fjellvik))


def test_what_is_published_while_drafts_are_drawn_keeps_its_figures(seen, tmp_path):
    build(seen)
    take(seen, report(tmp_path, 5, "8 9"))

    own = of(seen.fjellvik)
    waiting = [own.pk]

    def published_first(execute, sql, params, many, context):
        if sql.startswith('UPDATE "situation_edition"') and waiting:
            Edition.unscoped.filter(pk=waiting.pop()).update(state="published")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(published_first):
        build(seen)
    assert of(seen.fjellvik).is_published
    assert of(seen.fjellvik).figures == own.figures
    assert of(seen.fjellvik, "technical").picture.total.open == 2


@pytest.mark.parametrize("name", ["henrik", "ragna", "ingvild", "sigrid"])
def test_only_who_builds_the_picture_of_the_operator_builds_any(seen, name):
    with pytest.raises(NotAllowed):
        build(seen, getattr(seen, name))
    assert not Edition.unscoped.exists()


def test_editions_are_found_by_owner_and_audience_and_of_that_period_alone(seen):
    build(seen)
    build(seen, period=Period.read("2026-Q1"))
    found = editions_of(MARCH, owners=[seen.fjellvik.pk, seen.samvakt.pk])
    assert set(found) == {(o.pk, a) for o in (seen.fjellvik, seen.samvakt) for a in BOTH}
    assert {(e.begins_on, e.months) for e in found.values()} == {(MARCH.begins_on, 1)}
    listed = edition_list(actor=seen.astrid, period="2026-Q1")
    assert {(e.begins_on.isoformat(), e.months) for e in listed} == {("2026-01-01", 3)}


# The rows behind a number.


@pytest.mark.parametrize(
    ("figure", "cut", "key", "found"),
    [
        ("open", "", "", {"198.18.0.8"}),
        ("new", "", "", {"198.18.0.7", "198.18.0.8"}),
        ("closed", "", "", {"198.18.0.7"}),
        ("open_before", "", "", set()),
        ("new", "report", "scan_rdp", {"198.18.0.7", "198.18.0.8"}),
        ("new", "report", "scan_ssh", set()),
        ("new", "taxonomy", "vulnerable", {"198.18.0.7", "198.18.0.8"}),
    ],
)
def test_a_number_opens_to_the_findings_that_it_counts(seen, figure, cut, key, found):
    build(seen)
    for organisation in (seen.fjellvik, seen.samvakt):
        rows = rows_behind(
            actor=seen.astrid, edition=of(organisation), figure=figure, cut=cut, key=key
        )
        assert {row.subject for row in rows} == found
    assert not rows_behind(actor=seen.astrid, edition=of(seen.elvdal), figure=figure)


def test_the_rows_are_only_those_that_one_sees(seen):
    build(seen)
    edition = of(seen.fjellvik)
    assert rows_behind(actor=seen.jonas, edition=edition, figure="new").count() == 2
    assert not rows_behind(actor=seen.sigrid, edition=edition, figure="new")
    assert not rows_behind(actor=seen.albin, edition=of(seen.samvakt), figure="new")
    assert Finding.unscoped.count() == 2


def test_without_the_episodes_behind_it_a_number_opens_nothing_and_says_so(seen):
    build(seen)
    edition = of(seen.fjellvik)
    edition.frozen_path.unlink()
    with pytest.raises(KeptDamaged):
        rows_behind(actor=seen.astrid, edition=edition, figure="open")


def test_a_client_of_a_virtual_ciso_is_none_of_the_sector_whose_rows_are_opened(cast):
    Agreement.unscoped.create(
        organisation=cast.utmark,
        operator=cast.samvakt,
        service="ciso",
        valid_from=timezone.localdate(),
    )
    sector = make_edition(cast.samvakt)
    assert may_open_rows(actor=cast.astrid, edition=sector)
    nordvakt = make_organisation("Nordvakt", kind="operator")
    Agreement.unscoped.create(
        organisation=cast.utmark,
        operator=nordvakt,
        service="csirt",
        valid_from=timezone.localdate(),
    )
    assert may_open_rows(actor=cast.astrid, edition=sector)  # another operator's member
    Agreement.unscoped.filter(operator=nordvakt).update(operator=cast.samvakt)
    assert not may_open_rows(actor=cast.albin, edition=sector)


# Publishing.


def test_an_edition_is_found_with_its_figures_and_listed_without(cast):
    made = make_edition(cast.fjellvik, figures={"members_count": 7})
    found = edition_get(actor=cast.astrid, pk=made.pk)
    assert "figures" not in found.get_deferred_fields()
    (listed,) = edition_list(actor=cast.astrid)
    assert "figures" in listed.get_deferred_fields()
    with pytest.raises(NotFound, match="No such edition"):
        edition_get(actor=cast.astrid, pk=made.pk + 1)


def test_publishing_several_is_all_or_none(cast):
    ended = make_edition(cast.fjellvik, audience="management")
    running = make_edition(
        cast.fjellvik, audience="technical", begins_on=timezone.localdate().replace(day=1)
    )
    with pytest.raises(RuleViolation, match="not ended"):
        editions_publish(actor=cast.astrid, editions=[ended, running])
    assert not Edition.unscoped.filter(state="published").exists()


def test_who_publishes_is_kept_as_far_as_there_is_room_for_their_name(cast):
    astrid = cast.people["astrid"]
    astrid.name, astrid.email = "A" * 120, "a" * 60 + "@" + "samvakt." * 12 + "example"
    astrid.save()
    made = make_edition(cast.fjellvik)
    edition_publish(actor=cast.astrid, edition=made)
    kept = Edition.unscoped.get(pk=made.pk)
    assert kept.published_by == cast.astrid.label[:200]
    assert kept.published_at - timezone.now() < timedelta(seconds=5)
    entry = Entry.objects.get(action="situation.edition_publish")
    assert entry.organisation_id == cast.fjellvik.pk


def test_the_second_of_two_who_publish_is_told(cast):
    first = make_edition(cast.fjellvik)
    second = Edition.unscoped.get(pk=first.pk)
    edition_publish(actor=cast.astrid, edition=first)
    with pytest.raises(Conflict):
        edition_publish(actor=cast.ingvild, edition=second)


def test_each_language_keeps_its_words_without_blanks_around_them(cast):
    made = make_edition(cast.fjellvik, digest="0" * 64)
    edition_write(actor=cast.ingvild, edition=made, words=" Mindre. ", language="nb")
    edition_write(actor=cast.ingvild, edition=made, words="", language="en")
    assert Edition.unscoped.get(pk=made.pk).words == {"nb": "Mindre.", "en": ""}


# The same without reports: which editions there are.


@pytest.fixture
def several(cast):
    """A month and a quarter that begin on one day, the month before, and another's."""
    first = MARCH.begins_on.replace(month=1)
    return {
        "month": make_edition(cast.fjellvik, begins_on=first),
        "technical": make_edition(cast.fjellvik, begins_on=first, audience="technical"),
        "quarter": make_edition(cast.fjellvik, begins_on=first, months=3),
        "next": make_edition(cast.fjellvik, begins_on=first.replace(month=2)),
        "elvdal": make_edition(cast.elvdal, begins_on=first),
    }


def keys(several, rows):
    known = {edition.pk: name for name, edition in several.items()}
    return {known[row.pk] for row in rows}


def test_editions_of_a_period_are_those_of_that_length_and_those_owners(cast, several):
    found = editions_of(Period.read("2026-01"), owners=[cast.fjellvik.pk, cast.utmark.pk])
    assert keys(several, found.values()) == {"month", "technical"}
    assert set(found) == {(cast.fjellvik.pk, "management"), (cast.fjellvik.pk, "technical")}
    assert keys(
        several, editions_of(Period.read("2026-Q1"), owners=[cast.fjellvik.pk]).values()
    ) == {"quarter"}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"period": "2026-01"}, {"month", "technical", "elvdal"}),
        ({"period": "2026-Q1"}, {"quarter"}),
        ({"period": "2026-02"}, {"next"}),
        ({"period": "2026-01", "audience": "technical"}, {"technical"}),
        ({"audience": "management"}, {"month", "quarter", "next", "elvdal"}),
    ],
)
def test_editions_are_narrowed_to_a_period_and_an_audience(cast, several, asked, found):
    assert keys(several, edition_list(actor=cast.astrid, **asked)) == found


def test_an_edition_knows_its_months_and_its_page(client, cast, several):
    assert str(several["quarter"].period) == "2026-Q1"
    assert str(several["next"].period) == "2026-02"
    page = client.be(cast.people["astrid"]).get(several["next"].get_absolute_url())
    assert page.status_code == 200


def test_a_number_whose_episodes_are_not_there_opens_nothing(cast, home):
    with pytest.raises(KeptDamaged):
        rows_behind(actor=cast.astrid, edition=make_edition(cast.fjellvik), figure="open")


# Building again, without reports: what is drawn is written, and counted.


def test_each_build_writes_all_drafts_and_counts_what_it_leaves(cast, home):
    build(cast)
    for audience in BOTH:
        edition_publish(actor=cast.astrid, edition=of(cast.fjellvik, audience))
    Edition.unscoped.filter(state="draft").update(figures={}, digest="", frozen="gone.parquet")
    built = build(cast)
    assert (built.members, built.built, built.kept) == (2, 4, 2)
    for organisation in (cast.samvakt, cast.elvdal):
        drawn = of(organisation)
        assert drawn.picture.total.open == 0
        assert drawn.digest == digest({"figures": drawn.figures, "words": {}})
        assert drawn.frozen_path.is_file()
        assert drawn.version == 2
    assert Edition.unscoped.count() == 6
    build(cast, period=Period.read("2026-Q1"))
    assert set(Edition.unscoped.values_list("months", flat=True)) == {1, 3}


def test_a_build_draws_the_members_of_the_operator_that_it_is_for(cast, home):
    nordvakt, sjovik = second_operator(cast)
    person = cast.people["astrid"]
    Membership.unscoped.create(person=person, organisation=nordvakt, role="analyst")
    Assignment.unscoped.create(organisation=nordvakt, person=person, service="csirt")
    situation_build(actor=cast.astrid, operator=nordvakt, period=MARCH)
    assert {e.organisation for e in Edition.unscoped.all()} == {nordvakt, sjovik}
