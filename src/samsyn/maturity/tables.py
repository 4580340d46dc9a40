from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from samsyn.maturity.models import Dialogue, DialogueStep
from samsyn.ui.components import Tag, Tone
from samsyn.ui.screens import Column

STEP_TONES = {
    DialogueStep.PREPARED: Tone.NEUTRAL,
    DialogueStep.RATING: Tone.INFO,
    DialogueStep.MEETING: Tone.WARNING,
    DialogueStep.CLOSED: Tone.SUCCESS,
}


def step_tag(dialogue: Dialogue) -> Tag:
    """Return how far a dialogue has come, as a mark."""
    return Tag(text=dialogue.get_step_display(), tone=STEP_TONES[DialogueStep(dialogue.step)])


def _agreed(dialogue: Any) -> str:
    return gettext("%(agreed)d of %(total)d") % {
        "agreed": dialogue.areas_agreed,
        "total": dialogue.areas_total,
    }


DIALOGUES = (
    Column(
        name="title",
        label=_("Dialogue"),
        url=Dialogue.get_absolute_url,
        sort=("title",),
        is_fixed=True,
    ),
    Column(
        name="organisation",
        label=_("Organisation"),
        value=lambda d: d.organisation.name,
        sort=("organisation__name",),
    ),
    Column(name="held_on", label=_("Day of the meeting"), sort=("held_on",)),
    Column(
        name="step",
        label=_("Step"),
        value=lambda d: d.get_step_display(),
        cell=step_tag,
        sort=("step",),
    ),
    Column(name="agreed", label=_("Areas agreed"), value=_agreed),
    Column(name="facilitator", label=_("Facilitator"), sort=("facilitator",), is_shown=False),
)
