"""Rating alone: what a seat says, and taking it back. The trail tells only that somebody did."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.limits import require_room
from samsyn.access.permissions import Permission
from samsyn.kernel.errors import RuleViolation
from samsyn.maturity.content import aspect_names
from samsyn.maturity.models import Dialogue, DialogueArea, Group, Rating
from samsyn.maturity.rules import LEVELS


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingGiven:
    """What somebody says of one area. No model, so that the gate writes none of it down."""

    level: int
    aspects: dict[str, int] = field(default_factory=dict)
    reason: str = ""
    evidence: str = ""


@command(Permission.MATURITY_RATE)
def rating_give(
    *, actor: Actor, dialogue: Dialogue, area: int, rater: str, group: str, given: RatingGiven
) -> None:
    """Rate one area, or rate it anew.

    Args:
        area: the id of an area of the dialogue.
        rater: the name of the seat (``links.rater_of``).
        group: one of Group.
        given: what is said.

    Raises:
        RuleViolation: the area is none of the dialogue's or has been shown, the dialogue
            takes no ratings now, or a level is unknown.

    """
    found = _area_open(dialogue, area)
    _check(given)
    _check_room(dialogue, rater)
    Rating.unscoped.update_or_create(  # scope: one's own
        area=found,
        rater=rater,
        defaults={
            "group": Group(group), "level": given.level, "aspects": given.aspects,
            "reason": given.reason.strip()[:1000], "evidence": given.evidence.strip()[:1000],
        },
    )  # fmt: skip


@command(Permission.MATURITY_RATE)
def ratings_withdraw(*, actor: Actor, dialogue: Dialogue, rater: str) -> dict[str, int]:
    """Take back all that a seat has rated in areas that have not been shown yet.

    What has been shown in the meeting stays: it is a part of the picture that was agreed on,
    and without it the picture before and after would tell whose answer it was.
    """
    rows = Rating.unscoped.filter(area__dialogue=dialogue, rater=rater)  # scope: one's own
    gone, _by_model = rows.filter(area__is_revealed=False).delete()
    return {"withdrawn": gone}


@command(Permission.MATURITY_LEAD)
def paper_enter(
    *, actor: Actor, dialogue: Dialogue, group: str, given: dict[int, RatingGiven]
) -> dict[str, int]:
    """Type in a paper form: the ratings of one person who sits in no seat.

    Args:
        group: one of Group.
        given: what is said of each area, by the area's id.

    Raises:
        RuleViolation: nothing is filled in, or as ``rating_give``.

    """
    if not given:
        raise RuleViolation(_("Fill in at least one area."))
    rater = secrets.token_hex(32)
    _check_room(dialogue, rater)
    for area, said in given.items():
        found = _area_open(dialogue, area)
        _check(said)
        Rating.unscoped.create(  # scope: of an area of the dialogue
            area=found, rater=rater, group=Group(group), level=said.level, reason=said.reason[:1000]
        )
    return {"areas": len(given)}


def _area_open(dialogue: Dialogue, pk: int) -> DialogueArea:
    if not dialogue.is_open_for_rating:
        raise RuleViolation(_("The dialogue takes no ratings now."))
    found = dialogue.areas.filter(pk=pk).first()
    if found is None:
        raise RuleViolation(_("This area is not part of the dialogue."))
    if found.is_revealed:
        raise RuleViolation(_("The meeting talks about this area already; it is closed."))
    return found


def _check(given: RatingGiven) -> None:
    if given.level not in LEVELS:
        raise RuleViolation(_("Choose a level from 1 to 4."), field="level")
    known = aspect_names()
    for key, level in given.aspects.items():
        if key not in known or level not in LEVELS:
            raise RuleViolation(_("Choose a level from 1 to 4."), field="aspects")


def _check_room(dialogue: Dialogue, rater: str) -> None:
    rows = Rating.unscoped.filter(area__dialogue=dialogue)  # scope: a number
    if rows.filter(rater=rater).exists():
        return
    require_room("raters", rows.values("rater").distinct(), of=dialogue.pk)
