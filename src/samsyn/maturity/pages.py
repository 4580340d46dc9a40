"""What the pages of a dialogue are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.actions.models import Horizon
from samsyn.maturity.content import (
    DialogueAreaText,
    area_text,
    aspect_names,
    level_names,
    suggestions_for,
)
from samsyn.maturity.models import Dialogue, DialogueArea, DialogueStep, Group, Proposal
from samsyn.maturity.rules import FAR_APART, Spread
from samsyn.maturity.selectors import AreaStanding, participant_list, raters, standings
from samsyn.maturity.trend import trend_panel
from samsyn.ui.charts import LevelRow, levels_svg, spread_svg, stairs_svg
from samsyn.ui.components import ChartCard, Stepper
from samsyn.ui.components import Step as StepMark
from samsyn.ui.screens import Button


def text_of(area: DialogueArea, language: str | None = None) -> DialogueAreaText:
    """Return an area in words."""
    return area_text(area.key, own=area.own_name, own_scope=area.own_scope, language=language)


def level_rows(rows: Sequence[AreaStanding]) -> list[LevelRow]:
    """Return the areas as a picture of levels takes them."""
    return [
        LevelRow(name=r.area.name, today=r.move.today, last=r.move.last, target=r.move.target)
        for r in rows
    ]


def steps(dialogue: Dialogue, rows: Sequence[AreaStanding]) -> Stepper:
    """Return the way from preparing to closing, and where the dialogue is on it."""
    order = [DialogueStep.PREPARED, DialogueStep.RATING, DialogueStep.MEETING, DialogueStep.CLOSED]
    here = order.index(DialogueStep(dialogue.step))
    is_planned = bool(rows) and any(p.action_id for r in rows for p in r.proposals)
    names = (_("Prepare"), _("Rate alone"), _("Agree together"), _("Decide and close"))
    if dialogue.step == DialogueStep.CLOSED or (
        dialogue.step == DialogueStep.MEETING and is_planned
    ):
        here = len(names) - (0 if dialogue.step == DialogueStep.CLOSED else 1)
    marks = ["done" if n < here else "current" if n == here else "ahead" for n in range(len(names))]
    return Stepper(
        steps=tuple(
            StepMark(label=name, state=mark) for name, mark in zip(names, marks, strict=True)
        )
    )


def dialogue_content(*, actor: Actor, subject: Dialogue) -> dict[str, Any]:
    """Return a dialogue's own page: where it is, its areas, who is asked, its result."""
    rows = standings(actor=actor, dialogue=subject)
    invited = list(participant_list(actor=actor, dialogue=subject))
    answered = raters(subject)
    return {
        "stepper": steps(subject, rows),
        "state": state_sentence(subject, rows, answered, len(invited)),
        "rows": rows,
        "matrix": matrix_card(rows) if any(r.move.today for r in rows) else None,
        "stairs": stairs_card(rows) if any(r.move.today for r in rows) else None,
        "trend": trend_panel(actor=actor, dialogue=subject, rows=rows),
        "plan": plan_rows(rows),
        "invited": invited,
        "answered": answered,
        "may_lead": may_lead(actor, subject),
        "has_targets": any(r.move.target for r in rows),
        "spreads": [spread_row(r) for r in rows if r.spread],
        "suggested": suggested(rows) if subject.step != DialogueStep.PREPARED else [],
        "moved": moved_sentence(rows),
    }


def may_lead(actor: Actor, dialogue: Dialogue) -> bool:
    """Return whether the actor may lead a dialogue."""
    return actor.may(Permission.MATURITY_LEAD, dialogue.organisation_id)


def state_sentence(
    dialogue: Dialogue, rows: Sequence[AreaStanding], answered: int, invited: int
) -> str:
    """Return in one sentence how far it has come and what comes next."""
    agreed = sum(1 for r in rows if r.move.today)
    if dialogue.step == DialogueStep.PREPARED:
        return _("Invite those who shall rate, then open it for rating.")
    if dialogue.step == DialogueStep.RATING:
        if not answered:
            return _("Open for rating. Nobody has answered yet.")
        text = ngettext("%(answered)d has answered", "%(answered)d have answered", answered)
        sentence = text % {"answered": answered}
        if invited:
            asked = ngettext("%d is invited", "%d are invited", invited) % invited
            return _("%(answered)s; %(invited)s.") % {"answered": sentence, "invited": asked}
        return f"{sentence}."
    if dialogue.step == DialogueStep.MEETING:
        return _("In the meeting: %(agreed)d of %(total)d areas are agreed.") % {
            "agreed": agreed,
            "total": len(rows),
        }
    return moved_sentence(rows) or level_sentence(rows)


def level_sentence(rows: Sequence[AreaStanding]) -> str:
    """Return where the areas stand, in one sentence."""
    levels = [r.move.today for r in rows if r.move.today]
    if not levels:
        return ""
    low, high = min(levels), max(levels)
    if low == high:
        return _("All areas stand on level %d.") % low
    return _("The areas stand between level %(low)d and level %(high)d.") % {
        "low": low,
        "high": high,
    }


def moved_sentence(rows: Sequence[AreaStanding]) -> str:
    """Return what has moved since last time; nothing where there was none."""
    changes = [r.move.change for r in rows if r.move.change is not None]
    if not changes:
        return ""
    up, down = sum(c > 0 for c in changes), sum(c < 0 for c in changes)
    if not up and not down:
        return _("No area has moved since last time.")
    if not down:
        return ngettext(
            "Since last time %(up)d of %(all)d areas has moved up.",
            "Since last time %(up)d of %(all)d areas have moved up.",
            up,
        ) % {"up": up, "all": len(changes)}
    return _("Since last time %(up)d of %(all)d areas have moved up, and down: %(down)d.") % {
        "up": up,
        "all": len(changes),
        "down": down,
    }


def matrix_card(rows: Sequence[AreaStanding]) -> ChartCard:
    """Return the matrix of areas by level, with today, last time and target."""
    names, drawn = list(level_names().values()), level_rows(rows)
    title = _("The areas by level")
    has_last, has_target = any(r.last for r in drawn), any(r.target for r in drawn)
    return ChartCard(
        title=title,
        reading=reading(has_last=has_last, has_target=has_target),
        draw=lambda width: levels_svg(
            drawn, names, title=title, description=levels_words(rows), width=width
        ),
        heads=(_("Area"), _("Today"), _("Last time"), _("Target")),
        rows=tuple((r.name, r.today or "–", r.last or "–", r.target or "–") for r in drawn),
        width=680,
    )


def reading(*, has_last: bool, has_target: bool) -> str:
    """Return how the matrix is read."""
    parts = [_("The filled mark is today.")]
    if has_last:
        parts.append(_("The dashed ring is last time."))
    if has_target:
        parts.append(_("The flag is where we want to be."))
    return " ".join(parts)


def levels_words(rows: Sequence[AreaStanding]) -> str:
    """Return the levels in words, for those who do not see the picture."""
    parts = [
        _("%(area)s: level %(level)d") % {"area": r.area.name, "level": r.move.today}
        for r in rows
        if r.move.today
    ]
    return "; ".join(parts)


def stairs_card(rows: Sequence[AreaStanding]) -> ChartCard:
    """Return the stairs with each area on its step."""
    names, drawn, title = list(level_names().values()), level_rows(rows), _("The stairs")
    return ChartCard(
        title=title,
        draw=lambda width: stairs_svg(
            drawn, names, title=title, description=levels_words(rows), width=width
        ),
        width=680,
    )


def spread_row(row: AreaStanding) -> dict[str, Any]:
    """Return where the ratings of an area fell, as a picture and in words."""
    spread = row.spread
    if spread is None:
        return {}
    return {
        "area": row.area,
        "chart": spread_chart(row.area, spread, row.move.today),
        "sentence": apart_sentence(spread),
        "groups": [
            (Group(group).label, found.middle) for group, found in sorted(row.groups.items())
        ],
        "aspects": [(aspect_names()[k], found.middle) for k, found in row.aspects.items()],
        "words": row.words,
    }


def spread_chart(area: DialogueArea, spread: Spread, agreed: int | None) -> SafeString:
    """Return where the ratings of an area fell, as a picture."""
    names = [level.name for level in text_of(area).levels]
    drawing = spread_svg(
        spread.counts,
        names,
        title=_("Where the ratings fell: %s") % area.name,
        description=apart_sentence(spread),
        agreed=agreed,
    )
    return mark_safe(drawing)  # noqa: S308  the chart escapes its texts


def apart_sentence(spread: Spread) -> str:
    """Return how far apart the ratings are, in words."""
    if spread.apart == 0:
        return _("All %(answered)d chose level %(level)d.") % {
            "answered": spread.answered,
            "level": spread.middle,
        }
    text = _("%(answered)d answered, from level %(low)d to level %(high)d.") % {
        "answered": spread.answered,
        "low": spread.lowest,
        "high": spread.highest,
    }
    if spread.apart >= FAR_APART:
        far = _("That is far apart: let both ends say why.")
        return f"{text} {far}"
    return text


def plan_rows(rows: Sequence[AreaStanding]) -> list[tuple[str, list[Proposal]]]:
    """Return the proposals by when they are to be done."""
    found = [(p, r.area) for r in rows for p in r.proposals if not p.is_declined]
    return [
        (str(horizon.label), [p for p, _area in found if p.horizon == horizon])
        for horizon in Horizon
        if any(p.horizon == horizon for p, _area in found)
    ]


def suggested(rows: Sequence[AreaStanding]) -> list[dict[str, Any]]:
    """Return what usually helps each area one level up."""
    return [
        {"area": r.area, "ideas": suggestions_for(r.area.key, r.move.today)}
        for r in rows
        if r.move.today and suggestions_for(r.area.key, r.move.today)
    ]


def dialogue_buttons(*, actor: Actor, subject: Dialogue) -> tuple[Button, ...]:
    """Return what this actor may do with a dialogue now; the next step first."""
    if not may_lead(actor, subject):
        return _files(subject)
    pk = [subject.pk]
    change = Button(label=_("Change"), url=reverse("maturity:change", args=pk))
    if subject.step == DialogueStep.PREPARED:
        return (
            Button(
                label=_("Open for rating"), url=reverse("maturity:open", args=pk), is_primary=True
            ),
            Button(label=_("Invite"), url=reverse("maturity:invite", args=pk)),
            change,
        )
    if subject.step == DialogueStep.RATING:
        return (
            Button(
                label=_("Begin the meeting"),
                url=reverse("maturity:begin", args=pk),
                is_primary=True,
            ),
            Button(label=_("Invite"), url=reverse("maturity:invite", args=pk)),
            Button(label=_("Type in a paper form"), url=reverse("maturity:paper", args=pk)),
            change,
        )  # fmt: skip
    if subject.step == DialogueStep.MEETING:
        return (
            Button(
                label=_("To the meeting"), url=reverse("maturity:meet", args=pk), is_primary=True
            ),
            Button(label=_("Decide the plan"), url=reverse("maturity:decide", args=pk)),
            Button(label=_("Close"), url=reverse("maturity:close", args=pk)),
            change,
            *_files(subject),
        )
    again = reverse("maturity:new") + f"?previous={subject.pk}"
    return (*_files(subject), Button(label=_("Do it again"), url=again, is_primary=True))


def _files(dialogue: Dialogue) -> tuple[Button, ...]:
    if dialogue.step not in {DialogueStep.MEETING, DialogueStep.CLOSED}:
        return ()
    return (
        Button(label=_("Slides"), url=reverse("maturity:slides", args=[dialogue.pk])),
        Button(label=_("PDF"), url=reverse("maturity:pdf", args=[dialogue.pk])),
    )


def now_content(
    *, actor: Actor, dialogue: Dialogue, key: str, mark: str, is_screen: bool
) -> dict[str, Any]:
    """Return what the meeting's screen shows of one area, and where the others are.

    Args:
        key: of the area; without one, that which is on the screen, else the first not agreed.
        mark: of what is shown (``selectors.standing_mark``).
        is_screen: whether it is the projector's, which follows the meeting.

    """
    rows = standings(actor=actor, dialogue=dialogue)
    row = _current(rows, key or dialogue.shown)
    left = None
    if dialogue.timer_ends_at:
        left = max(int((dialogue.timer_ends_at - timezone.now()).total_seconds()), 0)
    return {
        "object": dialogue,
        "rows": rows,
        "row": row,
        "text": text_of(row.area),
        "mark": mark,
        "answered": row.answered,
        "joined": raters(dialogue),
        "shown": spread_row(row) if row.area.is_revealed and row.spread else None,
        "is_too_few": row.area.is_revealed and not row.spread,
        "timer_left": left,
        "is_screen": is_screen,
    }


def _current(rows: Sequence[AreaStanding], key: str) -> AreaStanding:
    chosen = next((r for r in rows if r.area.key == key), None)
    return chosen or next((r for r in rows if not r.move.today), rows[0])
