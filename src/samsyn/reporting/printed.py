"""The pack of a meeting on paper, as an accessible PDF."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.maturity.content import level_names
from samsyn.printing.pdf import report_pdf
from samsyn.printing.report import Block, Chart, Heading, Notice, Points, Report, Table, Text
from samsyn.reporting.models import Meeting
from samsyn.reporting.packs import Minutes, Pack, pack_of
from samsyn.reporting.picture import AreaPicture, Asked, ManagementPicture
from samsyn.reporting.rules import AreaLight
from samsyn.ui.charts import PAPER, LevelRow, levels_svg
from samsyn.ui.components.numbers import shown
from samsyn.ui.moments import day_text

TONES = {
    AreaLight.ACT: "danger",
    AreaLight.WATCH: "warning",
    AreaLight.GOOD: "success",
    AreaLight.UNKNOWN: "neutral",
}


def pack_pdf(*, actor: Actor, meeting: Meeting, language: str, today: date) -> bytes:
    """Return the pack of a meeting as an accessible PDF in a language."""
    pack = pack_of(actor=actor, meeting=meeting, language=language, today=today)
    with translation.override(language):
        report = Report(
            title=meeting.title,
            subtitle=_("For management"),
            organisation=meeting.organisation.name,
            period=date_format(pack.minutes.day, "DATE_FORMAT"),
            label="AMBER",
            language=language,
            made_at=meeting.frozen_at or datetime.combine(today, time(), tzinfo=UTC),
            blocks=tuple(pack_blocks(pack)),
            has_cover=False,
        )
        return report_pdf(report)


def pack_blocks(pack: Pack) -> Iterator[Block]:
    """Yield what is printed, in the order in which management reads it."""
    picture = pack.picture
    yield Heading(text=_("The state"))
    if not pack.is_whole:
        yield Notice(
            title=_("This pack has been changed after it was frozen"),
            text=_("It is not what the meeting saw."),
            tone="danger",
        )
    yield Text(text=picture.sentence, is_lead=True)
    yield _state(picture)
    if picture.proposals:
        yield Heading(text=_("Decisions"))
        for asked in picture.proposals:
            yield from _asked(asked)
    yield from _changed(picture)
    yield from _levels(picture)
    yield Heading(text=_("Area by area"))
    for area in picture.areas:
        yield from _area(area)
    yield from _target(picture)
    yield from _minutes(pack.minutes)
    if pack.meeting.digest:
        yield Text(text=_("Frozen with the checksum %s.") % pack.meeting.digest)


def _state(picture: ManagementPicture) -> Block:
    return Table(
        caption=_("The eight areas as of %s") % picture.as_of,
        heads=(_("Area"), _("How it stands"), _("Since last time")),
        rows=tuple((a.name, a.light_word, a.trend_word or "–") for a in picture.areas),
        toned=1,
        tones={area.light_word: TONES[AreaLight(area.light)] for area in picture.areas},
        shares=(3, 2, 2),
    )


def _asked(asked: Asked) -> Iterator[Block]:
    yield Heading(text=asked.title, level=2)
    yield Text(text=asked.why)
    yield Notice(title=_("Recommendation"), text=asked.recommendation)
    rows = [(_("If we say yes"), asked.if_yes), (_("If we say no"), asked.if_no)]
    if asked.cost is not None:
        rows.append((_("Cost"), shown(asked.cost)))
    if asked.needed_by:
        rows.append((_("Needed by"), asked.needed_by))
    if asked.outcome:
        rows.append((_("Decided"), f"{asked.outcome}. {asked.reason}".strip()))
    yield Table(
        caption=_("What yes and no lead to"), heads=(_("Question"), _("Answer")), rows=tuple(rows),
        shares=(1, 4),
    )  # fmt: skip


def _changed(picture: ManagementPicture) -> Iterator[Block]:
    if picture.changes:
        yield Heading(text=_("What has changed since %s") % picture.since)
        yield Points(items=tuple(line.text for line in picture.changes))
    if picture.questions:
        yield Heading(text=_("Questions worth asking"))
        yield Points(items=tuple(line.text for line in picture.questions))


def _levels(picture: ManagementPicture) -> Iterator[Block]:
    if not picture.levels:
        return
    yield Heading(text=_("How mature we are"))
    rows = [
        LevelRow(name=r.name, today=r.today, last=r.last, target=r.target) for r in picture.levels
    ]
    said = [
        _("%(area)s: level %(level)d") % {"area": r.name, "level": r.today}
        for r in picture.levels
        if r.today
    ]
    yield Chart(
        svg=levels_svg(
            rows, list(level_names().values()), title=_("How mature we are"), palette=PAPER
        ),
        alt="; ".join(said),
        caption=_("Filled: today. Hollow: last time. Flag: where we want to be."),
    )


def _area(area: AreaPicture) -> Iterator[Block]:
    yield Heading(text=f"{area.name}: {area.light_word.lower()}", level=2)
    yield Text(text=area.question)
    if area.facts:
        yield Points(items=tuple(fact.text for fact in area.facts))
    if area.missing:
        yield Text(text=f"{area.missing} {area.ask}")
    if area.words:
        yield Notice(title=_("The CISO's words"), text=f"{area.words}\n\n{area.words_from}")
    yield Text(text=_("Evidence: %(evidence)s. %(article)s.") % {
        "evidence": area.evidence, "article": area.article,
    })  # fmt: skip


def _target(picture: ManagementPicture) -> Iterator[Block]:
    target = picture.target
    if target is None:
        return
    yield Heading(text=target.title)
    yield Text(text=target.text)
    if target.principles:
        yield Points(items=tuple(target.principles))
    if target.agreed:
        yield Text(text=target.agreed)


def _minutes(minutes: Minutes) -> Iterator[Block]:
    yield Heading(text=_("Agenda and minutes"))
    if minutes.participants:
        yield Text(text=_("Present: %s") % ", ".join(minutes.participants))
    for number, point in enumerate(minutes.points, start=1):
        yield Heading(text=f"{number}. {point.title}", level=2)
        yield Text(text=point.minutes or point.about or "–")
    if minutes.tasks:
        yield Table(
            caption=_("What was agreed"),
            heads=(_("What"), _("Who"), _("When")),
            rows=tuple(
                (t.title, t.owner, day_text(date.fromisoformat(t.due_on)) if t.due_on else "")
                for t in minutes.tasks
            ),
            shares=(4, 2, 1),
        )
