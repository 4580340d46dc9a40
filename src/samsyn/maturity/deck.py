"""The dialogue as slides that can be shown as they come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.actions.models import Horizon
from samsyn.documents.looks import slides_template
from samsyn.maturity.content import level_names
from samsyn.maturity.models import Dialogue, Proposal
from samsyn.maturity.pages import level_sentence, moved_sentence, plan_rows, text_of
from samsyn.maturity.rules import lines_of
from samsyn.maturity.selectors import AreaStanding, standings
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

FIRST_ON_SLIDE = 3  # proposals that stand under their reasons; more go on a slide of their own
PLAN_SHARES = (3, 4, 2, 2)
TONE_OF_LEVEL = {1: "danger", 2: "warning", 3: "info", 4: "success"}


def dialogue_slides(
    *, actor: Actor, dialogue: Dialogue, language: str, template: bytes | None = None
) -> bytes:
    """Return a dialogue as slides in a language.

    Args:
        template: a .pptx to use; without one, the template among the organisation's documents.

    """
    own = template or slides_template(actor=actor, organisation=dialogue.organisation_id)
    with translation.override(language):
        rows = standings(actor=actor, dialogue=dialogue)
        deck = Deck(
            title=dialogue.title,
            organisation=dialogue.organisation.name,
            language=language,
            made_at=dialogue.closed_at or dialogue.created_at or timezone.now(),
            slides=list(dialogue_deck(dialogue, rows)),
        )
        return slides_pptx(deck, own)


def dialogue_deck(dialogue: Dialogue, rows: Sequence[AreaStanding]) -> Iterator[Slide]:
    """Yield the slides: introduction, method, result, each area, plan, losses and gains, end."""
    yield TitleSlide(
        title=dialogue.title,
        subtitle=dialogue.organisation.name,
        note=date_format(dialogue.held_on, "DATE_FORMAT"),
        notes=dialogue.facilitator,
    )
    yield from _method(rows)
    yield _matrix(rows)
    if any(r.move.last or r.move.target for r in rows):
        yield _compared(rows)
    for row in rows:
        if row.move.today:
            yield from _area(row)
    yield from _plan(rows)
    yield from _worth(dialogue)
    yield PointsSlide(
        title=_("What happens now"),
        points=lines_of(dialogue.closing)
        or (
            _("The plan's actions have owners and dates, and are followed up."),
            _("For each we check whether it helped."),
            _("We hold the dialogue again in 6 to 12 months."),
        ),
    )


def _method(rows: Sequence[AreaStanding]) -> Iterator[Slide]:
    yield PointsSlide(
        title=_("How we did it"),
        points=(
            _("Everyone rated alone, without names."),
            _(
                "In the meeting we saw where the ratings fell and agreed on one level for"
                " each area, with reasons."
            ),
            _("For each area we proposed what would lift us: what, how and who."),
        ),
        notes=_("What was agreed is what counts. Who answered what is not kept."),
    )  # fmt: skip
    yield TableSlide(
        title=_("The areas"),
        heads=(_("Area"), _("What it is about")),
        rows=[(r.area.name, text_of(r.area).scope) for r in rows],
        shares=(1, 3),
    )
    summaries = text_of(rows[0].area).levels if rows else ()
    yield TableSlide(
        title=_("The levels"),
        heads=(_("Level"), _("What it means")),
        rows=[
            (f"{level} · {name}", summaries[level - 1].summary if summaries else "")
            for level, name in level_names().items()
        ],
        shares=(1, 3),
        toned={(level - 1, 0): tone for level, tone in TONE_OF_LEVEL.items()},
    )


def _matrix(rows: Sequence[AreaStanding]) -> Slide:
    marks = {(n, r.move.today): r.move.today for n, r in enumerate(rows) if r.move.today}
    return TableSlide(
        title=_("The result"),
        heads=(_("Area"), *(f"{n} · {name}" for n, name in level_names().items())),
        rows=[
            (r.area.name, *("●" if r.move.today == level else "" for level in level_names()))
            for r in rows
        ],
        shares=(1.6, 1, 1, 1, 1),
        toned={place: TONE_OF_LEVEL[level] for place, level in marks.items()},
        notes=" ".join(each for each in (level_sentence(rows), moved_sentence(rows)) if each),
    )


def _compared(rows: Sequence[AreaStanding]) -> Slide:
    series: list[tuple[str, list[float | None]]] = [(_("Today"), [r.move.today for r in rows])]
    if any(r.move.last for r in rows):
        series.append((_("Last time"), [r.move.last for r in rows]))
    if any(r.move.target for r in rows):
        series.append((_("Target"), [r.move.target for r in rows]))
    return ChartSlide(
        title=_("Where we are, were and want to be"),
        lead=moved_sentence(rows),
        categories=[r.area.name for r in rows],
        series=series,
        most=4,
    )


def _area(row: AreaStanding) -> Iterator[Slide]:
    name = text_of(row.area).levels[(row.move.today or 1) - 1].name
    title = _("%(area)s: level %(level)d") % {"area": row.area.name, "level": row.move.today}
    proposals = [p for p in row.proposals if not p.is_declined]
    first, rest = proposals[:FIRST_ON_SLIDE], proposals[FIRST_ON_SLIDE:]
    heads = (_("What"), _("How"), _("Who"), _("When"))
    yield AccountSlide(
        title=title, lead=name, points=row.area.reason_lines, notes=row.area.dissent,
        heads=heads, rows=[_line(p) for p in first], shares=PLAN_SHARES,
    )  # fmt: skip
    if rest:
        yield TableSlide(
            title=_("%s: what we will do") % row.area.name,
            heads=heads, rows=[_line(p) for p in rest], shares=PLAN_SHARES,
        )  # fmt: skip


def _line(proposal: Proposal) -> tuple[str, str, str, str]:
    when = str(Horizon(proposal.horizon).label)
    return (proposal.what, proposal.how, proposal.who, when)


def _plan(rows: Sequence[AreaStanding]) -> Iterator[Slide]:
    for when, proposals in plan_rows(rows):
        yield TableSlide(
            title=_("The plan: %s") % when,
            heads=(_("What"), _("Area"), _("Who")),
            rows=[(p.what, p.area.name, p.who) for p in proposals],
            shares=(4, 2, 2),
        )


def _worth(dialogue: Dialogue) -> Iterator[Slide]:
    if dialogue.losses:
        yield PointsSlide(title=_("Losses avoided"), points=lines_of(dialogue.losses))
    if dialogue.gains:
        yield PointsSlide(title=_("Gains"), points=lines_of(dialogue.gains))
