"""How a dialogue is kept: checked, counted as a new version, and not after it is closed."""

from __future__ import annotations

from django.db.models import F
from django.utils.translation import gettext as _

from samsyn.kernel.errors import RuleViolation
from samsyn.maturity.models import Dialogue, DialogueStep


def step_now(dialogue: Dialogue) -> str:
    """Return the step that a dialogue is at, also if somebody has moved it since it was read.

    It is locked until the end of the transaction, so that nobody closes it meanwhile.
    """
    rows = Dialogue.unscoped.select_for_update()  # scope: of one found in scope
    return rows.values_list("step", flat=True).get(pk=dialogue.pk)


def require_open(dialogue: Dialogue) -> None:
    """Raise RuleViolation when a dialogue is closed."""
    if step_now(dialogue) == DialogueStep.CLOSED:
        raise RuleViolation(_("The dialogue is closed. Open the meeting again to change it."))


def kept(dialogue: Dialogue, *names: str) -> Dialogue:
    """Check a dialogue and save some fields as a new version, which the meeting's screen looks for.

    Only these: two facilitators at once change different things, and neither writes over the
    other's.
    """
    dialogue.full_clean()
    dialogue.version = F("version") + 1  # two facilitators at once: each counts
    dialogue.save(update_fields=[*names, "version"])
    dialogue.refresh_from_db(fields=["version"])
    return dialogue
