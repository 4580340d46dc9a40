"""What the page of the benchmark is made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.benchmark.figures import AREA, figures_of
from samsyn.benchmark.rules import GroupPosition, half_of
from samsyn.benchmark.selectors import Comparison, RoundSeen, rounds_seen
from samsyn.benchmark.wording import comparisons_of, half_text, says
from samsyn.indicators.wording import value_text
from samsyn.kernel.numbers import GROUP_LEAST
from samsyn.organisations.models import Organisation, OrganisationKind
from samsyn.ui.charts import BandRow, bands_svg
from samsyn.ui.components import ChartCard
from samsyn.ui.moments import day_text
from samsyn.ui.screens import Button


def benchmark_content(
    *, actor: Actor, organisation: Organisation, today: date, key: str = ""
) -> dict[str, Any]:
    """Return what the page shows to a member, or to the operator.

    Args:
        organisation: whose view it is.
        today: which half-year's round is the present one.
        key: of the closed round to show; the newest without it.

    """
    rounds = rounds_seen(actor=actor, organisation=organisation)
    now = half_of(today)
    present = min(
        (seen for seen in rounds if seen.round.key == now),
        key=lambda seen: (seen.round.is_closed, not seen.is_joined),  # of a former sector, too
        default=None,
    )
    closed = [seen for seen in rounds if seen.round.is_closed]
    shown = next((seen for seen in closed if seen.round.key == key), None) or next(
        (seen for seen in closed if seen.is_told), next(iter(closed), None)
    )
    is_operator = organisation.kind == OrganisationKind.OPERATOR
    return {
        "organisation": organisation,
        "is_operator": is_operator,
        "half": half_text(now),
        "present": present,
        "counted": counted(present),
        "may_join": actor.may(Permission.BENCHMARK_JOIN, organisation.pk) and not is_operator,
        "contributes": len(figures_of([organisation.pk], on=today).get(organisation.pk, {})),
        "shown": shown,
        "result": result_of(shown, is_operator=is_operator) if shown else None,
        "others": [
            (half_text(seen.round.key), round_url(organisation, seen.round.key))
            for seen in closed
            if shown is None or seen.round.pk != shown.round.pk
        ],
        "closable": [
            (half_text(seen.round.key), seen.contributors,
             reverse("benchmark:close", args=[seen.round.pk]))
            for seen in rounds
            if not seen.round.is_closed
            and actor.may(Permission.BENCHMARK_CLOSE, seen.round.organisation_id)
        ],
    }  # fmt: skip


def round_url(organisation: Organisation, key: str) -> str:
    """Return the address of a round's figures."""
    return f"{reverse('benchmark:benchmark')}?organisation={organisation.pk}&round={key}"


def counted(present: RoundSeen | None) -> str:
    """Return how many take part in the present round, and what is lacking."""
    count = present.contributors if present else 0
    words = ngettext("%d member takes part.", "%d members take part.", count) % count
    lacking = GROUP_LEAST - count
    if lacking <= 0:
        return words
    more = ngettext("At least %d more is needed.", "At least %d more are needed.", lacking)
    return f"{words} {more % lacking}"


def result_of(seen: RoundSeen, *, is_operator: bool) -> dict[str, Any]:
    """Return what the page shows of a closed round."""
    found = seen.round
    told = {
        "title": capfirst(half_text(found.key)),
        "closed_on": day_text(timezone.localdate(found.closed_at)) if found.closed_at else "",
        "contributors": seen.contributors,
        "is_told": seen.is_told,
    }
    if not seen.is_told:
        return told
    rows = comparisons_of(found, seen.own)
    areas = [row for row in rows if row.key.startswith(f"{AREA}:")]
    others = [row for row in rows if not row.key.startswith(f"{AREA}:")]
    return {
        **told,
        "sentence": "" if is_operator else sentence(rows),
        "areas": card(_("Maturity by area"), areas, is_operator=is_operator),
        "indicators": card(_("Indicators"), others, is_operator=is_operator),
    }


def sentence(rows: Sequence[Comparison]) -> str:
    """Return how one stands over all figures, in a sentence."""
    placed = [row for row in rows if row.place is not None]
    if not placed:
        return _("Nothing of what you contributed can be compared.")
    best = [row.name for row in placed if row.place == GroupPosition.BEST]
    worst = [row.name for row in placed if row.place == GroupPosition.WORST]
    middle = len(placed) - len(best) - len(worst)
    parts = []
    if best:
        parts.append(_("Better than three quarters in: %s.") % ", ".join(best))
    if worst:
        parts.append(_("Worse than three quarters in: %s.") % ", ".join(worst))
    if middle:
        words = ngettext(
            "In %d figure you are among the middle half.",
            "In %d figures you are among the middle half.",
            middle,
        )
        parts.append(words % middle)
    return " ".join(parts)


def card(title: str, rows: Sequence[Comparison], *, is_operator: bool) -> ChartCard | None:
    """Return figures as bands with the table beneath; withheld ones only in the table."""
    if not rows:
        return None
    drawn = [row for row in rows if row.group is not None]
    heads: tuple[str, ...] = (
        _("Figure"), _("Lower quartile"), _("Median"), _("Upper quartile"), _("Contributors"),
    )  # fmt: skip
    if not is_operator:
        heads = (*heads, _("You"), _("Where you stand"))
    return ChartCard(
        title=title,
        reading=_reading(rows),
        draw=partial(bands, drawn, title=title),
        heads=heads,
        rows=tuple(_table_row(row, is_operator=is_operator) for row in rows),
        width=1000,
    )


def bands(rows: Sequence[Comparison], width: float, *, title: str) -> str:
    """Return the drawing of figures that are not withheld."""
    description = "; ".join(f"{row.name}: {says(row)}" for row in rows)
    return bands_svg(
        [_band(row) for row in rows], title=title, description=description, width=width
    )


def _band(row: Comparison) -> BandRow:
    if row.group is None:
        raise ValueError(row.key)
    values = [row.group.low, row.group.high, row.own or 0.0]
    least, most = {"level": (1.0, 4.0), "percent": (0.0, 100.0)}.get(
        row.unit, (0.0, max(*values, 1.0) * 1.1)
    )
    name = row.name if row.direction == "up" else _("%s (lower is better)") % row.name
    return BandRow(
        name=name,
        ticks={"level": (1.0, 2.0, 3.0, 4.0), "percent": (0.0, 50.0, 100.0)}.get(row.unit, ()),
        low=row.group.low,
        median=row.group.median,
        high=row.group.high,
        own=row.own,
        least=least,
        most=most,
        own_text=value_text(row.own, row.unit) if row.own is not None else "",
        median_text=_("median %s") % value_text(row.group.median, row.unit),
    )


def _table_row(row: Comparison, *, is_operator: bool) -> tuple[object, ...]:
    group = row.group
    quartiles: tuple[object, ...] = (_("withheld"),) * 3
    if group is not None:
        quartiles = tuple(value_text(v, row.unit) for v in (group.low, group.median, group.high))
    told = (row.name, *quartiles, row.published.contributors)
    return told if is_operator else (*told, value_text(row.own, row.unit), says(row))


def _reading(rows: Sequence[Comparison]) -> str:
    hidden = [row for row in rows if row.group is None]
    if not hidden:
        return _("The band holds the middle half of the members; the line in it is the median.")
    names = ", ".join(f"{row.name} ({row.published.lacking})" for row in hidden)
    return _("Withheld, with how many more contributors are needed: %s.") % names


def benchmark_buttons(organisation: Organisation) -> tuple[Button, ...]:
    """Return what else there is to see."""
    url = f"{reverse('indicators:list')}?organisation={organisation.pk}"
    return (Button(label=_("Our indicators"), url=url),)
