from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.actions.decision_selectors import standing_of
from samsyn.actions.models import Action, Decision
from samsyn.actions.wording import (
    OUTCOME_TONES,
    STANDING,
    date_of,
    due_html,
    next_words,
    priority_tag,
    state_badge,
)
from samsyn.ui.components import Tag, Tone
from samsyn.ui.screens import Column


def _owner(action: Action) -> SafeString | str:
    name = action.owner_name
    if getattr(action, "is_owner_gone", False):  # the list looks it up for its page
        return format_html("{} {}", name, Tag(text=say("has left"), tone=Tone.WARNING))
    return name or Tag(text=say("nobody yet"), tone=Tone.NEUTRAL).html()


ACTIONS = (
    Column(
        name="title",
        label=_("Action"),
        url=Action.get_absolute_url,
        note=lambda a: a.source_text or a.get_source_display(),
        sort=("title",),
        is_fixed=True,
    ),
    Column(
        name="state",
        label=_("State"),
        value=lambda a: a.get_state_display(),
        cell=state_badge,
        sort=("state",),
    ),
    Column(
        name="owner",
        label=pgettext_lazy("work", "Owner"),
        value=lambda a: a.owner_name,
        cell=_owner,
        sort=("owner_person__name", "owner_role"),
    ),
    Column(
        name="due",
        label=_("Due"),
        value=date_of,
        cell=lambda a: due_html(a, timezone.localdate()),
        sort=("due_on", "priority"),
    ),
    Column(
        name="priority",
        label=_("Priority"),
        value=lambda a: a.get_priority_display(),
        cell=priority_tag,
        sort=("priority", "due_on"),
    ),
    Column(
        name="area",
        label=_("Area"),
        value=lambda a: a.get_area_display(),
        sort=("area",),
        is_shown=False,
    ),
    Column(
        name="organisation",
        label=_("Organisation"),
        value=lambda a: a.organisation.name,
        sort=("organisation__name",),
    ),
    Column(
        name="horizon",
        label=_("Horizon"),
        value=lambda a: a.get_horizon_display(),
        is_shown=False,
    ),
    Column(
        name="source", label=_("Comes from"), value=lambda a: a.get_source_display(), is_shown=False
    ),
    Column(name="next", label=_("Next step"), value=next_words, is_shown=False),
    Column(name="cost", label=_("Cost"), sort=("cost",), is_numeric=True, is_shown=False),
    Column(
        name="effort_days",
        label=_("Working days"),
        sort=("effort_days",),
        is_numeric=True,
        is_shown=False,
    ),
    Column(
        name="effect_due_on",
        label=_("Effect to be checked"),
        sort=("effect_due_on",),
        is_shown=False,
    ),
    Column(
        name="effect_result",
        label=_("Did it help?"),
        value=lambda a: a.get_effect_result_display(),
        is_shown=False,
    ),
    Column(name="created_at", label=_("Proposed"), sort=("created_at",), is_shown=False),
)


def _standing(decision: Decision) -> tuple[Any, Tone]:
    return STANDING[standing_of(decision, today=timezone.localdate())]


DECISIONS = (
    Column(
        name="title",
        label=_("Matter"),
        url=Decision.get_absolute_url,
        note=lambda d: d.decided_by,
        sort=("title",),
        is_fixed=True,
    ),
    Column(
        name="outcome",
        label=_("Outcome"),
        value=lambda d: d.get_outcome_display(),
        cell=lambda d: Tag(text=d.get_outcome_display(), tone=OUTCOME_TONES[d.outcome]),
        sort=("outcome",),
    ),
    Column(name="decided_on", label=_("Decided on"), sort=("decided_on",)),
    Column(
        name="standing",
        label=_("Stands"),
        value=lambda d: str(_standing(d)[0]),
        cell=lambda d: Tag(text=_standing(d)[0], tone=_standing(d)[1]),
    ),
    Column(name="valid_until", label=_("Valid until"), sort=("valid_until",)),
    Column(
        name="organisation",
        label=_("Organisation"),
        value=lambda d: d.organisation.name,
        sort=("organisation__name",),
    ),
    Column(name="decided_by", label=_("Decided by"), sort=("decided_by",), is_shown=False),
    Column(name="text", label=_("Decision"), is_shown=False),
    Column(name="basis", label=_("Basis"), is_shown=False),
    Column(name="present", label=_("Present"), is_shown=False),
    Column(name="recorded_at", label=_("Recorded"), sort=("recorded_at",), is_shown=False),
)
