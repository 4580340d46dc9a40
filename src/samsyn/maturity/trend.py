"""How the levels of an organisation's areas have moved from dialogue to dialogue."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.maturity.models import Dialogue
from samsyn.maturity.selectors import AreaStanding, levels_before
from samsyn.ui.components import Panel
from samsyn.ui.components.base import joined
from samsyn.ui.moments import month_text

NOT_AGREED = SafeString("<td>–</td>")
DIALOGUES_MOST = 8  # the newest; that many stand side by side on a page


def trend_panel(*, actor: Actor, dialogue: Dialogue, rows: Sequence[AreaStanding]) -> Panel | None:
    """Return the levels of the areas in this dialogue and those before; None where there is one.

    Args:
        actor: sees the organisation's dialogues.
        dialogue: the last of them.
        rows: its areas.

    """
    found = levels_before(actor=actor, dialogue=dialogue)[-DIALOGUES_MOST:]
    if not found:
        return None
    now = {row.area.key: row.move.today for row in rows}
    columns = [*found, (dialogue, now)]
    head = joined(
        format_html(
            '<th scope="col"><a class="ds-link" href="{}">{}</a></th>',
            each.get_absolute_url(),
            month_text(each.held_on, with_year=True),
        )
        for each, _levels in columns
    )
    body = joined(
        _line(row, [levels.get(row.area.key) for _each, levels in columns]) for row in rows
    )
    table = format_html(
        '<div class="scroll" tabindex="0" role="region" aria-label="{0}"><table class="ds-table">'
        '<caption class="sr">{0}</caption><thead><tr><th scope="col">{1}</th>{2}</tr></thead>'
        "<tbody>{3}</tbody></table></div>",
        _("The level of each area, from dialogue to dialogue"),
        _("Area"),
        head,
        body,
    )
    return Panel(title=_("From dialogue to dialogue"), body=table, is_flush=True)


def _line(row: AreaStanding, levels: Sequence[int | None]) -> SafeString:
    cells = joined(
        format_html('<td><span class="level-mark level-{0}">{0}</span></td>', level)
        if level
        else NOT_AGREED
        for level in levels
    )
    return format_html('<tr><th scope="row">{}</th>{}</tr>', row.area.name, cells)
