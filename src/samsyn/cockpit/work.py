"""What a member's page says of its own work: what it is doing, and how mature it is."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.actions.models import Action
from samsyn.actions.selectors import UNCLOSED_WORD, action_list
from samsyn.actions.wording import due_html
from samsyn.maturity.pages import level_rows, levels_words, moved_sentence
from samsyn.maturity.selectors import latest_closed, standings
from samsyn.organisations.models import Organisation
from samsyn.ui.charts import levels_svg
from samsyn.ui.components import EmptyState, Panel
from samsyn.ui.components.base import joined

SHOWN_MOST = 6
NARROW = 340.0


def actions_panel(*, actor: Actor, organisation: Organisation, today: date) -> Panel | None:
    """Return what is to be done next, the late ones first; None for who may not see it."""
    if not actor.may(Permission.ACTIONS_VIEW, organisation.pk):
        return None
    rows = action_list(actor=actor, organisation=organisation.pk, state=UNCLOSED_WORD)
    late = action_list(actor=actor, organisation=organisation.pk, overdue=True).count()
    shown = list(rows[:SHOWN_MOST])
    query = urlencode({"organisation": str(organisation.pk), "state": UNCLOSED_WORD})
    url = f"{reverse('actions:list')}?{query}"
    if not shown:
        empty = EmptyState(
            title=_("No action is under way"),
            text=_("A gap, a finding or a talk becomes an action with an owner and a date."),
        )
        return Panel(title=_("What we are doing"), body=empty)
    lines = joined(_line(action, today) for action in shown)
    body = format_html('<p class="reading">{}</p><ul class="rows">{}</ul>', _late(late), lines)
    aside = format_html('<a class="ds-link" href="{}">{}</a>', url, _("See all"))
    return Panel(title=_("What we are doing"), body=body, aside=aside)


def _late(count: int) -> str:
    if not count:
        return _("Nothing is late.")
    return ngettext("%d is late.", "%d are late.", count) % count


def _line(action: Action, today: date) -> SafeString:
    return format_html(
        '<li><span><a class="ds-link" href="{}">{}</a><span class="sub">{}</span></span>'
        '<span class="row-end">{}</span></li>',
        action.get_absolute_url(),
        action.title,
        action.owner_name or _("nobody yet"),
        due_html(action, today),
    )


def maturity_panel(*, actor: Actor, organisation: Organisation) -> Panel | None:
    """Return where the newest closed maturity dialogue left the areas; None without one."""
    if not actor.may(Permission.MATURITY_VIEW, organisation.pk):
        return None
    dialogue = latest_closed(actor=actor, organisation=organisation.pk)
    if dialogue is None:
        return None
    rows = [r for r in standings(actor=actor, dialogue=dialogue) if r.move.today]
    title = _("How mature we are")
    drawing = levels_svg(
        level_rows(rows), ["", "", "", ""], title=title, description=levels_words(rows),
        width=NARROW,
    )  # fmt: skip
    body = format_html(
        '<p class="reading">{}</p>{}', moved_sentence(rows), mark_safe(drawing)  # noqa: S308  the chart escapes its texts
    )  # fmt: skip
    link = format_html(
        '<a class="ds-link" href="{}">{}</a>', dialogue.get_absolute_url(), _("To the dialogue")
    )
    return Panel(title=title, body=body, aside=link)
