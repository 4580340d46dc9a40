"""Before the meeting: what is talked about, who is asked, and the links they get."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from samsyn.access.actor import Actor, job_actor
from samsyn.access.commands import command
from samsyn.access.limits import require_room, take_turns
from samsyn.access.models import Person
from samsyn.access.naming import (
    ADDRESS_SIGNS,
    PERSON_NAME_MOST,
    line_of,
    no_address,
    person_name_from,
)
from samsyn.access.permissions import Permission
from samsyn.access.selectors import person_known
from samsyn.kernel.errors import RuleViolation
from samsyn.maturity.content import OWN_PREFIX, area_keys
from samsyn.maturity.keeping import kept, require_open, step_now
from samsyn.maturity.letters import invitation
from samsyn.maturity.models import Dialogue, DialogueArea, DialogueStep, Group, Participant, Rating
from samsyn.maturity.rules import may_go
from samsyn.messages.models import Message, MessageKind
from samsyn.messages.services import message_enqueue

AREAS_MOST = 12
CHANGEABLE = frozenset(
    {"title", "held_on", "facilitator", "language", "is_by_aspect", "present", "losses", "gains",
     "closing"}
)  # fmt: skip


@command(Permission.MATURITY_LEAD)
def dialogue_prepare(
    *,
    actor: Actor,
    organisation: Any,
    title: str,
    held_on: date,
    facilitator: str = "",
    language: str = "",
    previous: Dialogue | None = None,
    is_by_aspect: bool = False,
) -> Dialogue:
    """Prepare a dialogue with the six areas; own areas and targets come from last time.

    Args:
        organisation: whose dialogue it is.
        title: what it is called.
        held_on: the day of the meeting.
        facilitator: who leads it.
        language: of invitations and slides; without one, the organisation's.
        previous: last time, of the same organisation.
        is_by_aspect: whether each aspect is rated too.

    Raises:
        RuleViolation: last time was another organisation's.

    """
    if previous is not None and previous.organisation_id != organisation.pk:
        raise RuleViolation(_("Last time must be the same organisation's."), field="previous")
    _require_room_for_dialogue(organisation)
    dialogue = Dialogue(
        organisation=organisation, title=title.strip(), held_on=held_on,
        facilitator=facilitator.strip(), language=language or organisation.language,
        previous=previous, is_by_aspect=is_by_aspect, nonce=secrets.token_hex(8),
    )  # fmt: skip
    dialogue.full_clean()
    dialogue.save()
    before = {a.key: a for a in previous.areas.all()} if previous else {}
    keys = [*area_keys(), *(key for key in before if key.startswith(OWN_PREFIX))]
    DialogueArea.unscoped.bulk_create(  # scope: of the dialogue just made
        _area(dialogue, key, place, before.get(key)) for place, key in enumerate(keys)
    )
    return dialogue


def _area(dialogue: Dialogue, key: str, place: int, before: DialogueArea | None) -> DialogueArea:
    return DialogueArea(
        dialogue=dialogue, key=key, place=place,
        own_name=before.own_name if before else "",
        own_scope=before.own_scope if before else "",
        target=before.target if before else None,
    )  # fmt: skip


@command(Permission.MATURITY_LEAD)
def dialogue_change(*, actor: Actor, dialogue: Dialogue, **changes: Any) -> Dialogue:
    """Change what is said of a dialogue; see ``CHANGEABLE``.

    Raises:
        RuleViolation: it is closed.

    """
    require_open(dialogue)
    names = sorted(CHANGEABLE & changes.keys())
    for name in names:
        setattr(dialogue, name, changes[name])
    return kept(dialogue, *names)


@command(Permission.MATURITY_LEAD)
def area_add(*, actor: Actor, dialogue: Dialogue, name: str, scope: str = "") -> DialogueArea:
    """Add an own area; it is described by the grid without a subject.

    Raises:
        RuleViolation: the dialogue is closed, has twelve areas, or has one of that name, or
            there is no name.

    """
    require_open(dialogue)
    if not name.strip():
        raise RuleViolation(_("Give the area a name."), field="name")
    areas = list(dialogue.areas.all())
    if len(areas) >= AREAS_MOST:
        raise RuleViolation(_("Twelve areas are as many as one meeting can carry."))
    if name.strip().casefold() in {area.name.casefold() for area in areas}:
        raise RuleViolation(_("There is an area of that name already."), field="name")
    number = 1 + max((int(a.key.removeprefix(OWN_PREFIX)) for a in areas if a.own_name), default=0)
    area = DialogueArea(
        dialogue=dialogue, key=f"{OWN_PREFIX}{number}", own_name=name.strip(),
        own_scope=scope.strip(), place=1 + max(a.place for a in areas),
    )  # fmt: skip
    area.full_clean()
    area.save()
    kept(dialogue)
    return area


@command(Permission.MATURITY_LEAD)
def area_remove(*, actor: Actor, area: DialogueArea) -> None:
    """Take an area out that nobody has rated yet.

    Raises:
        RuleViolation: somebody has, it is agreed, or the dialogue is closed.

    """
    require_open(area.dialogue)
    rated = Rating.unscoped.filter(area=area).exists()  # scope: a yes or no of an area seen
    if rated or area.agreed:
        raise RuleViolation(_("Somebody has rated it: it stays."))
    kept(area.dialogue)
    area.delete()


@command(Permission.MATURITY_LEAD)
def targets_set(*, actor: Actor, dialogue: Dialogue, targets: dict[int, int | None]) -> Dialogue:
    """Say where one wants to be in each area, by the areas' ids; None where that is open."""
    require_open(dialogue)
    for area in dialogue.areas.all():
        if area.pk in targets and area.target != targets[area.pk]:
            area.target = targets[area.pk]
            area.full_clean()
            area.save(update_fields=["target"])
    return kept(dialogue)


@command(Permission.MATURITY_LEAD)
def participants_invite(
    *, actor: Actor, dialogue: Dialogue, people: str, group: str, now: datetime
) -> list[Participant]:
    """Invite people by mail; everybody gets the same door, so that no letter leads to an answer.

    Args:
        people: one a line, as ``Name <address>`` or the address alone.
        group: one of Group.
        now: when.

    Raises:
        RuleViolation: a line holds no address, or the dialogue is closed.

    """
    require_open(dialogue)
    wanted = [_person(line) for line in people.splitlines() if line.strip()]
    if not wanted:
        raise RuleViolation(_("Write at least one address."), field="people")
    take_turns("participants", dialogue.pk)
    known = {p.email.casefold() for p in dialogue.participants.all()}
    new = {email.casefold(): (name, email) for name, email in wanted}
    fresh = [who for key, who in new.items() if key not in known]
    _require_room_for_people(dialogue, len(fresh), now)
    by = person_known(actor.person_id)
    invited = [_invited(dialogue, name, email, group, by, now) for name, email in fresh]
    kept(dialogue)
    return invited


def _require_room_for_dialogue(organisation: Any) -> None:
    prepared = Dialogue.unscoped.filter(  # scope: a number
        organisation=organisation, created_at__gt=timezone.now() - timedelta(days=365)
    )
    require_room("dialogues", prepared, of=organisation.pk)


def _require_room_for_people(dialogue: Dialogue, coming: int, now: datetime) -> None:
    """Require that mail with our name on it does not go to more people than a talk can have."""
    require_room(
        "participants", dialogue.participants.all(), of=dialogue.pk, add=coming, field="people"
    )
    mailed = Message.unscoped.filter(  # scope: a number
        organisation=dialogue.organisation_id,
        kind=MessageKind.INVITATION,
        created_at__gt=now - timedelta(days=1),
    )
    require_room(
        "invitations_a_day", mailed, of=dialogue.organisation_id, add=coming, field="people"
    )


def _person(line: str) -> tuple[str, str]:
    name, _sign, rest = line.strip().rpartition("<")
    email = rest.strip().rstrip(">").strip()
    name = line_of(name).strip('"') or person_name_from(email.split("@", 1)[0])
    if set(name) & set(ADDRESS_SIGNS):
        raise RuleViolation(str(no_address.message), field="people")
    return name[:PERSON_NAME_MOST], email


def _invited(
    dialogue: Dialogue, name: str, email: str, group: str, by: Person | None, now: datetime
) -> Participant:
    participant = Participant(
        dialogue=dialogue, name=name, email=email, group=Group(group), invited_at=now
    )
    participant.full_clean()
    participant.save()
    with override(dialogue.language):
        draft = invitation(dialogue, participant, by=by)
    message_enqueue(
        actor=job_actor("maturity.invite"),
        organisation=dialogue.organisation,
        operator=dialogue.organisation,
        draft=draft,
        dedupe_key=f"maturity:{dialogue.pk}:{participant.pk}",
        about={"type": "maturity.Dialogue", "ids": [dialogue.pk]},
        now=now,
    )
    return participant


@command(Permission.MATURITY_LEAD)
def dialogue_move(*, actor: Actor, dialogue: Dialogue, step: str, now: datetime) -> Dialogue:
    """Take a dialogue to another step: open it for rating, meet, close it, or go back.

    Raises:
        RuleViolation: there is no such road, or it would be closed without any agreed level.

    """
    if not may_go(step_now(dialogue), step):
        raise RuleViolation(_("The dialogue cannot go there from where it is."))
    if step == DialogueStep.CLOSED and not dialogue.areas.filter(agreed__isnull=False).exists():
        raise RuleViolation(_("Agree on at least one level first."))
    dialogue.step = DialogueStep(step)
    dialogue.closed_at = now if step == DialogueStep.CLOSED else None
    return kept(dialogue, "step", "closed_at")


@command(Permission.MATURITY_LEAD)
def links_renew(*, actor: Actor, dialogue: Dialogue) -> Dialogue:
    """Close all links to a dialogue and make new ones; what has been rated stays."""
    require_open(dialogue)
    dialogue.nonce = secrets.token_hex(8)
    return kept(dialogue, "nonce")
