"""How a dialogue is kept: checked, counted as a new version, and not after it is closed."""

from __future__ import annotations

from django.db.models import F
from django.utils.translation import gettext as _

from samsyn.kernel.errors import RuleViolation
from samsyn.maturity.models import Dialogue, DialogueStep


def require_open(dialogue: Dialogue) -> None:
    """Raise RuleViolation when a dialogue is closed."""
    if dialogue.step == DialogueStep.CLOSED:
        raise RuleViolation(_("The dialogue is closed. Open the meeting again to change it."))


def kept(dialogue: Dialogue) -> Dialogue:
    """Check and save a dialogue as a new version, which the meeting's screen looks for."""
    dialogue.full_clean()
    dialogue.version = F("version") + 1  # two facilitators at once: each counts
    dialogue.save()
    dialogue.refresh_from_db(fields=["version"])
    return dialogue
