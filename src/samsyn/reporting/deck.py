"""The pack of a meeting as slides that can be shown as they come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samsyn.access.actor import Actor
from samsyn.documents.looks import slides_template
from samsyn.printing.deck import (
    AccountSlide,
    ChartSlide,
    Deck,
    PointsSlide,
    Slide,
    TableSlide,
    TitleSlide,
)
from samsyn.printing.slides import slides_pptx
from samsyn.reporting.models import Meeting
from samsyn.reporting.packs import Pack, pack_of
from samsyn.reporting.picture import AreaPicture, Asked, ManagementPicture, light_words
from samsyn.reporting.rules import AreaLight
from samsyn.ui.components.numbers import shown
from samsyn.ui.moments import day_text

TONES = {AreaLight.ACT: "danger", AreaLight.WATCH: "warning", AreaLight.GOOD: "success"}
CELL_MOST = 240  # letters that a cell holds in view of the room; the notes have all
POINT_MOST = 180


def pack_slides(
    *,
    actor: Actor,
    meeting: Meeting,
    language: str,
    today: date,
    template: bytes | None = None,
) -> bytes:
    """Return the pack of a meeting as slides in a language.

    Args:
        template: a .pptx to use; without one, the template among the organisation's documents.

    """
    own = template or slides_template(actor=actor, organisation=meeting.organisation_id)
    pack = pack_of(actor=actor, meeting=meeting, language=language, today=today)
    with translation.override(language):
        deck = Deck(
            title=meeting.title,
            organisation=meeting.organisation.name,
            language=language,
            made_at=meeting.frozen_at or datetime.combine(today, time(), tzinfo=UTC),
            slides=list(pack_deck(pack)),
        )
        return slides_pptx(deck, own)


def pack_deck(pack: Pack) -> Iterator[Slide]:
    """Yield the slides: agenda, state, areas, what is asked, where we want to be, what is next."""
    picture, minutes = pack.picture, pack.minutes
    yield TitleSlide(
        title=minutes.title,
        subtitle=pack.meeting.organisation.name,
        note=date_format(minutes.day, "DATE_FORMAT"),
        notes="\n".join([*_tampered(pack), *minutes.participants]),
    )
    yield TableSlide(
        title=_("What we talk about"),
        heads=(_("Point"), _("What it is about"), _("Minutes")),
        rows=[(p.title, _short(p.about), str(p.planned_minutes)) for p in minutes.points],
        shares=(3, 5, 1),
    )
    yield _state(picture)
    yield _chart(picture)
    if picture.changes:
        yield PointsSlide(
            title=_("What has changed since %s") % picture.since,
            points=[_short(line.text, POINT_MOST) for line in picture.changes],
        )
    for area in picture.areas:
        yield _area(area)
    for asked in picture.proposals:
        yield _asked(asked)
    yield from _target(picture)
    if picture.questions:
        yield PointsSlide(
            title=_("Questions worth asking"),
            points=[_short(line.text, POINT_MOST) for line in picture.questions],
        )
    yield from _agreed(pack)


def _tampered(pack: Pack) -> list[str]:
    if pack.is_whole:
        return []
    return [_("This pack has been changed after it was frozen. It is not what the meeting saw.")]


def _state(picture: ManagementPicture) -> Slide:
    rows = [
        (a.name, a.light_word, a.trend_word, _short(_first(a), POINT_MOST)) for a in picture.areas
    ]
    as_of = _("As of %s.") % picture.as_of
    toned = {
        (n, 1): TONES[AreaLight(area.light)]
        for n, area in enumerate(picture.areas)
        if AreaLight(area.light) in TONES
    }
    return TableSlide(
        title=_("The state in eight areas"),
        heads=(_("Area"), _("How it stands"), _("Since last time"), _("What we know")),
        rows=rows,
        shares=(2.9, 2, 1.8, 4.6),
        toned=toned,
        notes=f"{picture.sentence} {as_of}",
    )


def _first(area: AreaPicture) -> str:
    facts = sorted(area.facts, key=lambda fact: list(AreaLight).index(AreaLight(fact.light)))
    return facts[0].text if facts else area.missing


def _chart(picture: ManagementPicture) -> Slide:
    if not picture.levels:
        words = light_words()
        lights = [area.light for area in picture.areas]
        return ChartSlide(
            title=_("How the areas stand"),
            lead=picture.sentence,
            categories=list(words.values()),
            series=[(_("Areas"), [float(lights.count(light.value)) for light in words])],  # type: ignore[attr-defined]  # an item of the enumeration
            most=float(len(lights)),
        )
    series: list[tuple[str, list[float | None]]] = [
        (_("Today"), [row.today for row in picture.levels])
    ]
    if any(row.last for row in picture.levels):
        series.append((_("Last time"), [row.last for row in picture.levels]))
    if any(row.target for row in picture.levels):
        series.append((_("Target"), [row.target for row in picture.levels]))
    return ChartSlide(
        title=_("How mature we are, on a scale from 1 to 4"),
        categories=[row.name for row in picture.levels],
        series=series,
        most=4,
    )


def _area(area: AreaPicture) -> Slide:
    points = [_short(fact.text, POINT_MOST) for fact in area.facts]
    if area.missing:
        points.append(f"{area.missing} {area.ask}")
    if area.words:
        said = _("The CISO's words")
        points.append(f"{said}: {_short(area.words)}")
    notes = [area.question, area.evidence, area.article]
    if area.words:
        notes += [area.words, area.words_from]
    return AccountSlide(
        title=f"{area.name}: {area.light_word.lower()}",
        lead=area.question,
        points=points,
        notes="\n".join(notes),
    )


def _asked(asked: Asked) -> Slide:
    rows = [
        (_("Why"), asked.why),
        (_("Recommendation"), asked.recommendation),
        (_("If we say yes"), asked.if_yes),
        (_("If we say no"), asked.if_no),
    ]
    if asked.cost is not None:
        rows.append((_("Cost"), shown(asked.cost)))
    if asked.needed_by:
        rows.append((_("Needed by"), asked.needed_by))
    if asked.outcome:
        rows.append((_("Decided"), f"{asked.outcome}. {asked.reason}".strip()))
    return TableSlide(
        title=_("To decide: %s") % asked.title if not asked.outcome else asked.title,
        heads=(_("Question"), _("Answer")),
        rows=[(name, _short(text)) for name, text in rows],
        shares=(1, 5),
        notes="\n\n".join([f"{name}: {text}" for name, text in rows] + [asked.asked_by]),
    )


def _target(picture: ManagementPicture) -> Iterator[Slide]:
    target = picture.target
    if target is not None:
        yield PointsSlide(
            title=target.title,
            lead=_short(target.text, 2 * CELL_MOST),
            points=[_short(line, POINT_MOST) for line in target.principles],
            notes=f"{target.text}\n{target.agreed}",
        )


def _agreed(pack: Pack) -> Iterator[Slide]:
    tasks = pack.minutes.tasks
    if not tasks:
        return
    count = ngettext("%d action was agreed", "%d actions were agreed", len(tasks)) % len(tasks)
    yield TableSlide(
        title=_("What happens now"),
        heads=(_("What"), _("Who"), _("When")),
        rows=[
            (_short(t.title), t.owner, day_text(date.fromisoformat(t.due_on)) if t.due_on else "")
            for t in tasks
        ],
        shares=(4, 2.6, 1.4),
        notes=count,
    )


def _short(text: str, most: int = CELL_MOST) -> str:
    """Return as much of a text as there is room for, cut between words."""
    plain = " ".join(text.split())
    if len(plain) <= most:
        return plain
    return plain[:most].rsplit(" ", 1)[0].rstrip(" ,.;") + " …"
