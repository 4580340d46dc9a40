"""The dialogue on paper: the result as a report, and the form to rate on without a phone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.actions.models import Horizon
from samsyn.maturity.content import level_names
from samsyn.maturity.models import Dialogue
from samsyn.maturity.pages import (
    level_rows,
    level_sentence,
    levels_words,
    moved_sentence,
    plan_rows,
    reading,
    text_of,
)
from samsyn.maturity.rules import lines_of
from samsyn.maturity.selectors import AreaStanding, standings
from samsyn.printing.pdf import report_pdf
from samsyn.printing.report import Block, Chart, Heading, Notice, Points, Report, Table, Text
from samsyn.ui.charts import PAPER, levels_svg, stairs_svg

BOX = "☐"


def dialogue_pdf(*, actor: Actor, dialogue: Dialogue, language: str) -> bytes:
    """Return the result of a dialogue as an accessible PDF in a language."""
    with translation.override(language):
        rows = standings(actor=actor, dialogue=dialogue)
        return report_pdf(_report(dialogue, language, tuple(_result(dialogue, rows))))


def paper_pdf(*, actor: Actor, dialogue: Dialogue, language: str) -> bytes:
    """Return the form to rate on with a pen."""
    del language  # it is handed out in the dialogue's own
    with translation.override(dialogue.language):
        rows = standings(actor=actor, dialogue=dialogue)
        return report_pdf(_report(dialogue, dialogue.language, tuple(_form(rows))))


def _report(dialogue: Dialogue, language: str, blocks: tuple[Block, ...]) -> Report:
    return Report(
        title=dialogue.title,
        subtitle=_("Maturity dialogue"),
        organisation=dialogue.organisation.name,
        period=date_format(dialogue.held_on, "DATE_FORMAT"),
        label="AMBER",
        language=language,
        made_at=dialogue.closed_at or dialogue.created_at or timezone.now(),
        blocks=blocks,
        has_cover=False,
    )


def _result(dialogue: Dialogue, rows: Sequence[AreaStanding]) -> Iterator[Block]:
    yield Heading(text=_("The result"))
    sentence = " ".join(each for each in (level_sentence(rows), moved_sentence(rows)) if each)
    yield Text(text=sentence or _("No level is agreed yet."), is_lead=True)
    if any(r.move.today for r in rows):
        yield from _pictures(rows)
    for row in rows:
        if row.move.today:
            yield from _area(row)
    if plan_rows(rows):
        yield Heading(text=_("The plan"))
        for when, proposals in plan_rows(rows):
            yield Table(
                caption=when,
                heads=(_("What"), _("How"), _("Area"), _("Who")),
                rows=tuple((p.what, p.how, p.area.name, p.who) for p in proposals),
                shares=(3, 4, 2, 2),
            )
    for title, text in ((_("Losses avoided"), dialogue.losses), (_("Gains"), dialogue.gains)):
        if lines_of(text):
            yield Heading(text=title)
            yield Points(items=lines_of(text))
    if dialogue.closing:
        yield Notice(title=_("Closing words"), text=dialogue.closing)
    if lines_of(dialogue.present):
        yield Heading(text=_("Present"))
        yield Text(text=", ".join(lines_of(dialogue.present)))


def _pictures(rows: Sequence[AreaStanding]) -> Iterator[Block]:
    names, drawn, words = list(level_names().values()), level_rows(rows), levels_words(rows)
    yield Chart(
        svg=levels_svg(drawn, names, title=_("The areas by level"), palette=PAPER),
        alt=words,
        caption=reading(
            has_last=any(r.last for r in drawn), has_target=any(r.target for r in drawn)
        ),
    )
    yield Chart(
        svg=stairs_svg(drawn, names, title=_("The stairs"), palette=PAPER),
        alt=words,
        caption=_("The stairs"),
    )


def _area(row: AreaStanding) -> Iterator[Block]:
    level = row.move.today or 1
    yield Heading(text=_("%(area)s: level %(level)d") % {"area": row.area.name, "level": level})
    yield Text(text=text_of(row.area).levels[level - 1].summary)
    yield Points(items=row.area.reason_lines)
    if row.area.dissent:
        yield Notice(title=_("Seen otherwise"), text=row.area.dissent)
    proposals = [p for p in row.proposals if not p.is_declined]
    if proposals:
        yield Table(
            caption=_("What we will do"),
            heads=(_("What"), _("How"), _("Who"), _("When")),
            rows=tuple((p.what, p.how, p.who, str(Horizon(p.horizon).label)) for p in proposals),
            shares=(3, 4, 2, 2),
        )


def _form(rows: Sequence[AreaStanding]) -> Iterator[Block]:
    yield Heading(text=_("Rate alone"))
    yield Text(
        text=_(
            "Choose for each area the level whose description fits best as a whole. Do "
            "not write your name."
        ),
        is_lead=True,
    )  # fmt: skip
    yield Points(items=(f"{BOX} {_('leadership')}", f"{BOX} {_('staff')}"))
    for row in rows:
        text = text_of(row.area)
        yield Heading(text=text.name)
        if text.scope:
            yield Text(text=text.scope)
        yield Table(
            caption=_("Choose one level"),
            heads=(_("Level"), _("What it looks like")),
            rows=tuple(
                (f"{BOX} {each.level} · {each.name}", " ".join(a[2] for a in each.aspects))
                for each in text.levels
            ),
            shares=(1, 4),
        )  # fmt: skip
        yield Text(text=_("A word on why:") + " " + "_" * 60)
