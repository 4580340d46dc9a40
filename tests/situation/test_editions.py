"""Who sees an edition, when it is published, and that it does not change afterwards."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from samsyn.access.permissions import Role
from samsyn.kernel.errors import Conflict, NotAllowed, NotFound, RuleViolation
from samsyn.kernel.periods import Period
from samsyn.organisations.models import Agreement, Assignment
from samsyn.situation.models import Edition
from samsyn.situation.selectors import (
    edition_get,
    edition_list,
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
from tests.cast import make_edition, make_person

FEBRUARY = Period.read("2026-02")


@pytest.fixture
def built(cast, home):
    return situation_build(actor=cast.astrid, operator=cast.samvakt, period=FEBRUARY)


def names(actor, **narrowed):
    return {e.organisation.name for e in edition_list(actor=actor, **narrowed)}


def of(organisation, audience="management"):
    return Edition.unscoped.get(organisation=organisation, audience=audience)


def ending(day):
    """Return the period of one month whose last day is this."""
    first_after = day + timedelta(days=1)
    assert first_after.day == 1
    return Period.month_of(day)


def test_the_sector_and_each_member_in_force_get_one_for_both_audiences(cast, built):
    assert (built.members, built.built, built.kept) == (2, 6, 0)
    found = {(e.organisation.name, e.audience) for e in Edition.unscoped.all()}
    everybody = ("Samvakt", "Fjellvik", "Elvdal")
    assert found == {(name, a) for name in everybody for a in ("management", "technical")}


def test_a_member_whose_agreement_has_ended_is_not_in_the_picture(cast, home):
    yesterday = timezone.localdate() - timedelta(days=1)
    Agreement.unscoped.filter(organisation=cast.elvdal).update(valid_until=yesterday)
    built = situation_build(actor=cast.astrid, operator=cast.samvakt, period=FEBRUARY)
    assert built.members == 1
    assert not Edition.unscoped.filter(organisation=cast.elvdal).exists()


def test_a_period_that_begins_today_can_be_built_and_one_that_begins_tomorrow_not(cast, home):
    today = timezone.localdate()
    situation_build(actor=cast.astrid, operator=cast.samvakt, period=Period(today))
    with pytest.raises(RuleViolation, match="not begun"):
        situation_build(
            actor=cast.astrid, operator=cast.samvakt, period=Period(today + timedelta(days=1))
        )


def test_building_again_draws_drafts_anew_and_leaves_what_is_published(cast, built):
    edition_publish(actor=cast.astrid, edition=of(cast.fjellvik))
    edition_write(actor=cast.astrid, edition=of(cast.elvdal), words="Calm.", language="en")
    seal = of(cast.fjellvik).digest
    again = situation_build(actor=cast.astrid, operator=cast.samvakt, period=FEBRUARY)
    assert (again.built, again.kept) == (5, 1)
    assert of(cast.fjellvik).is_published
    assert of(cast.fjellvik).digest == seal
    assert of(cast.elvdal).words == {"en": "Calm."}
    assert Edition.unscoped.count() == 6


def test_another_period_is_another_edition(cast, built):
    situation_build(actor=cast.astrid, operator=cast.samvakt, period=Period.read("2026-Q1"))
    assert Edition.unscoped.count() == 12


def test_members_see_what_is_published_and_no_draft(cast, built):
    assert names(cast.liv) == set()
    edition_publish(actor=cast.astrid, edition=of(cast.fjellvik))
    edition_publish(actor=cast.astrid, edition=of(cast.samvakt))
    assert names(cast.liv) == {"Fjellvik"}
    assert names(cast.egil) == set()
    with pytest.raises(NotFound):
        edition_get(actor=cast.liv, pk=of(cast.fjellvik, "technical").pk)
    with pytest.raises(NotFound):
        edition_get(actor=cast.liv, pk=of(cast.samvakt).pk)


def test_who_builds_for_one_member_sees_that_members_drafts_only(cast, built):
    assert names(cast.astrid) == {"Samvakt", "Fjellvik", "Elvdal"}
    assert names(cast.albin) == {"Samvakt"}
    assert names(cast.sigrid) == {"Elvdal"}
    assert edition_get(actor=cast.astrid, pk=of(cast.elvdal).pk).figures


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ({"audience": "technical"}, 3),
        ({"state": "published"}, 0),
        ({"state": "draft"}, 6),
        ({"period": "2026-02"}, 6),
        ({"period": "2026-Q1"}, 0),
        ({"period": "last month"}, 0),
        ({"sector": True}, 2),
    ],
)
def test_the_list_is_narrowed(cast, built, narrowed, found):
    assert edition_list(actor=cast.astrid, **narrowed).count() == found


def test_the_list_of_one_organisation_holds_no_others(cast, built):
    assert names(cast.astrid, organisation=cast.elvdal.pk) == {"Elvdal"}


def test_an_edition_is_published_once_its_period_has_ended_and_not_on_its_last_day(cast):
    today = timezone.localdate()
    running = make_edition(cast.fjellvik, begins_on=today.replace(day=1))
    with pytest.raises(RuleViolation, match="not ended"):
        edition_publish(actor=cast.astrid, edition=running)
    last = today.replace(day=1) - timedelta(days=1)
    ended = make_edition(cast.elvdal, begins_on=ending(last).begins_on)
    edition_publish(actor=cast.astrid, edition=ended)
    ended.refresh_from_db()
    assert (ended.is_published, ended.published_by) == (True, cast.astrid.label)
    assert ended.published_at.date() == timezone.now().date()


def test_what_is_published_changes_no_more_and_is_sealed(cast):
    edition = make_edition(cast.fjellvik, words={"en": "Fewer."})
    edition_publish(actor=cast.astrid, edition=edition)
    with pytest.raises(RuleViolation, match="already published"):
        edition_publish(actor=cast.astrid, edition=edition)
    with pytest.raises(RuleViolation, match="does not change"):
        edition_write(actor=cast.astrid, edition=edition, words="More.", language="en")
    kept = Edition.unscoped.get(pk=edition.pk)
    assert figures_hold(kept)
    kept.words = {"en": "More."}
    assert not figures_hold(kept)
    kept.words = {"en": "Fewer."}
    kept.figures = kept.figures | {"members_count": 99}
    assert not figures_hold(kept)


def test_several_are_published_at_once_and_the_published_passed_over(cast):
    first, second = (make_edition(cast.fjellvik, audience=a) for a in ("management", "technical"))
    edition_publish(actor=cast.astrid, edition=first)
    at = Edition.unscoped.get(pk=first.pk).published_at
    editions_publish(actor=cast.astrid, editions=[first, second])
    assert Edition.unscoped.get(pk=first.pk).published_at == at
    assert Edition.unscoped.get(pk=second.pk).is_published


def test_words_are_kept_by_language_up_to_five_thousand_characters(cast):
    edition = make_edition(cast.fjellvik, digest="0" * 64)
    edition_write(actor=cast.astrid, edition=edition, words=" Calm. ", language="en")
    edition_write(actor=cast.astrid, edition=edition, words="x" * 5000, language="nb")
    assert Edition.unscoped.get(pk=edition.pk).words == {"en": "Calm.", "nb": "x" * 5000}
    with pytest.raises(RuleViolation, match="5000"):
        edition_write(actor=cast.astrid, edition=edition, words="x" * 5001, language="nb")


def test_two_who_write_at_once_do_not_overwrite_each_other(cast):
    edition = make_edition(cast.fjellvik, digest="0" * 64)
    seen = edition.version
    edition_write(actor=cast.astrid, edition=edition, words="One.", language="en", seen=seen)
    late = Edition.unscoped.get(pk=edition.pk)
    with pytest.raises(Conflict):
        edition_write(actor=cast.astrid, edition=late, words="Two.", language="en", seen=seen)


def test_only_who_builds_the_picture_writes_and_publishes(cast):
    edition = make_edition(cast.elvdal)
    for actor in (cast.ingvild, cast.liv, cast.albin):
        with pytest.raises(NotAllowed):
            edition_publish(actor=actor, edition=edition)
        with pytest.raises(NotAllowed):
            edition_write(actor=actor, edition=edition, words="x", language="en")
    with pytest.raises(NotAllowed):
        situation_build(actor=cast.ingvild, operator=cast.samvakt, period=FEBRUARY)


def test_the_rows_of_the_sector_open_only_to_who_sees_every_member(cast):
    sector, own = make_edition(cast.samvakt), make_edition(cast.fjellvik)
    assert may_open_rows(actor=cast.astrid, edition=sector)
    assert not may_open_rows(actor=cast.albin, edition=sector)
    assert may_open_rows(actor=cast.ingvild, edition=own)
    assert not may_open_rows(actor=cast.egil, edition=own)
    assert not may_open_rows(actor=cast.sigrid, edition=own)
    Agreement.unscoped.all().update(valid_until=date(2025, 12, 31))
    assert not may_open_rows(actor=cast.astrid, edition=sector)


def test_who_sees_one_of_two_members_opens_no_rows_of_the_sector(cast):
    """Fewer rows would be shown than the number says."""
    cast.people["nora"] = make_person("nora", cast.samvakt, Role.ANALYST)
    agreement = Agreement.unscoped.get(organisation=cast.fjellvik)
    Assignment.unscoped.create(
        organisation=cast.samvakt,
        person=cast.people["nora"],
        service="csirt",
        agreement=agreement,
    )
    assert not may_open_rows(actor=cast.nora, edition=make_edition(cast.samvakt))


@pytest.mark.parametrize(("figure", "cut"), [("solved", ""), ("open", "organisation")])
def test_a_number_that_there_is_none_of_opens_nothing(cast, figure, cut):
    edition = make_edition(cast.fjellvik)
    with pytest.raises(NotFound):
        rows_behind(actor=cast.astrid, edition=edition, figure=figure, cut=cut)
