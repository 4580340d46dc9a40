from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import also_on_record, command
from samsyn.access.permissions import Permission
from samsyn.assets.claim_selectors import judged, line_of, private_allowed
from samsyn.assets.judging import judge_inside
from samsyn.assets.models import GROUNDS_GIVEN, ClaimState, Ground, Resource, ResourceSource
from samsyn.assets.rules import (
    ClaimReason,
    Held,
    Unreadable,
    canonical,
)
from samsyn.assets.turns import lock_claims, require_room_for
from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.models import Organisation
from samsyn.organisations.sharing import (
    confirms,
    must_be_its_own,
    must_be_one_side,
    must_have_one_csirt,
)

NARROWED = "assets.resource_narrowed"  # at the owner of what a confirmed claim meets


@command(Permission.RESOURCES_CHANGE)
def resource_claim(
    *,
    actor: Actor,
    organisation: Organisation,
    kind: str,
    value: str,
    now: datetime | None = None,
    operated_by: Organisation | None = None,
    ground_kind: str = "",
    ground: str = "",
    overlap: str = "",
    **details: Any,
) -> Resource:
    """Claim a resource for an organisation; it counts at once, or waits for the operator.

    It counts at once inside what the organisation already has, and where the actor confirms for
    the organisation, says on what ground, and nothing speaks against it: nobody else has it or
    has asked for it, and it is not broad. Otherwise it is a request, with its reasons.

    Args:
        operated_by: who runs it; another legal entity waits for the operator's confirmation.
        ground_kind: on what kind of ground the actor confirms it; others' are not heard.
        ground: the ground in words, so that others can follow it.
        overlap: why another has it too, or a part of it (``Overlap``), where one has.

    Raises:
        RuleViolation: it is no such resource, the organisation already has it, half a ground
            is given, or another has it and it is not said why.

    """
    now = now or timezone.now()
    resource = _registered(actor, organisation, kind, value, now, **details)
    lock_claims()
    _require_new(resource)
    verdict = judged(resource=resource)
    resource.reasons = ",".join(verdict.reasons)
    if ClaimReason.OVERLAP in verdict.reasons:
        _require_why(overlap)
        resource.overlap = overlap
    if verdict.within is not None:
        _confirm_inside(resource, verdict.within)
    elif _is_grounded(actor, organisation, ground_kind, ground) and not verdict.is_opposed:
        resource.confirm(kind=ground_kind, ground=ground, by=actor.label, at=now)
    _name_host(actor, resource, operated_by, ground_kind, ground)
    require_room_for(resource)
    resource.full_clean()
    resource.save()
    return resource


def _registered(
    actor: Actor, organisation: Organisation, kind: str, value: str, now: datetime, **details: Any
) -> Resource:
    """Return a new claim in its canonical form, with who registers it."""
    try:
        written = canonical(kind, value, private=private_allowed())
    except Unreadable as error:
        raise RuleViolation(str(error), field="value") from error
    resource = Resource(
        organisation=organisation,
        kind=kind,
        value=written,
        registered_by=actor.label[:200],
        registered_at=now,
        **details,
    )
    _require_known(resource.known_on)
    if not confirms(actor, organisation.pk):
        # whoever confirms reads it as where the fact comes from
        resource.source = ResourceSource.MEMBER
    return resource


def _require_known(day: date | None) -> None:
    if day is not None and day > timezone.localdate():
        raise RuleViolation(_("The date of the fact can be today at the latest."), field="known_on")


@command(Permission.RESOURCES_CHANGE, only_changes=True)
def resource_change(
    *,
    actor: Actor,
    resource: Resource,
    operated_by: Organisation | None = None,
    source: str | None = None,
    known_on: date | None = None,
    note: str | None = None,
    ground_kind: str = "",
    ground: str = "",
) -> Resource:
    """Change who runs a resource, where the fact comes from, its date or the note.

    Another legal entity runs it only when the operator has confirmed that: later, or at once with
    ``ground_kind`` and ``ground``, which stay with who named it and when. Where the fact comes
    from is the operator's to say, until the claim is confirmed.

    Raises:
        RuleViolation: the claim has ended, or it is confirmed and its source would be another.

    """
    _require_open(resource)
    _require_known(known_on)
    _name_host(actor, resource, operated_by, ground_kind, ground)
    if source and confirms(actor, resource.organisation_id):
        _require_same_source(resource, source)
        resource.source = source
    resource.known_on = known_on or resource.known_on
    resource.note = resource.note if note is None else note
    resource.full_clean()
    resource.save()
    return resource


@command(Permission.RESOURCES_CHANGE)
def resource_withdraw(
    *, actor: Actor, resource: Resource, on: date, note: str = ""
) -> list[Resource]:
    """Say that a resource is no longer, or never was, the organisation's.

    What counted only because it lies inside becomes a request.

    Raises:
        RuleViolation: it is withdrawn already, or two operators are the organisation's CSIRT
            and the actor works for one of them.

    """
    must_be_its_own(actor, Permission.RESOURCES_CHANGE, resource.organisation)
    if resource.state == ClaimState.REFUSED:
        raise RuleViolation(_("The claim was refused. Register it anew if it is yours."))
    if resource.withdrawn_on is not None:
        raise RuleViolation(_("The claim is already withdrawn."))
    lock_claims()
    resource.withdrawn_on = on
    resource.note = note or resource.note
    resource.full_clean()
    resource.save()
    return [resource, *_anew(resource)]


@command(Permission.RESOURCES_CONFIRM)
def resource_confirm(
    *,
    actor: Actor,
    resource: Resource,
    rivals: list[Resource],
    ground_kind: str,
    ground: str,
    now: datetime,
) -> list[Resource]:
    """Confirm what waits: that the resource is the organisation's, and who runs it.

    The actor confirms at every organisation concerned. A confirmed claim of another to the
    very same resource ends; one to a wider or narrower range stays, and the narrower counts.

    Args:
        rivals: the confirmed claims that it stands against, each one.
        ground: on what it is confirmed, so that others can follow it.

    Raises:
        RuleViolation: nothing waits, there is no ground, the rivals are not those there are,
            or one of them is of an organisation that several operators are the CSIRT of; or the
            actor has a role of their own in an organisation concerned.

    """
    must_be_one_side(actor, resource.organisation, *(rival.organisation for rival in rivals))
    lock_claims()
    resource.refresh_from_db()
    _require_waiting(resource)
    if not ground.strip():
        raise RuleViolation(_("Say on what ground, so that others can follow it."), field="ground")
    ended: list[Resource] = []
    if resource.state == ClaimState.REQUESTED:
        _require_all(resource, rivals)
        must_have_one_csirt(actor, [rival.organisation for rival in rivals])
        same = [r for r in rivals if (r.kind, r.value) == (resource.kind, resource.value)]
        ended = [each for rival in same for each in _end(rival, ground, now)]
        resource.confirm(kind=ground_kind, ground=ground, by=actor.label, at=now)
        for rival in (one for one in rivals if one not in same):  # its own page says which part
            also_on_record(NARROWED, actor, rival)
    if resource.host_asked is not None:
        actor.require(Permission.RESOURCES_CONFIRM, resource.host_asked.pk)
        must_be_one_side(actor, resource.host_asked)
        resource.run_by(resource.host_asked, by=actor.label, kind=ground_kind, ground=ground)
    resource.full_clean()
    resource.save()
    return [resource, *ended]


@command(Permission.RESOURCES_CONFIRM)
def resource_refuse(*, actor: Actor, resource: Resource, ground: str, now: datetime) -> Resource:
    """Refuse what waits, with the reason that the member reads.

    Raises:
        RuleViolation: nothing waits, there is no reason given, or the actor has a role of their
            own in the organisation.

    """
    must_be_one_side(actor, resource.organisation)
    lock_claims()
    resource.refresh_from_db()
    _require_waiting(resource)
    if not ground.strip():
        raise RuleViolation(_("Say why, so that the others can understand it."), field="ground")
    resource.host_asked = None
    if resource.state == ClaimState.REQUESTED:
        resource.state = ClaimState.REFUSED
        resource.withdrawn_on = timezone.localdate(now)
        resource.ground, resource.decided_by = ground[:400], actor.label[:200]
        resource.decided_at = now
    else:  # only who runs it: the claim stands on its own ground
        resource.run_by(resource.operated_by, by=actor.label, ground=ground)
    resource.full_clean()
    resource.save()
    return resource


def _require_why(overlap: str) -> None:
    if not overlap:
        said = _("Another organisation has this already, or a part of it. Say why both have it.")
        raise RuleViolation(said, field="overlap")


def _confirm_inside(resource: Resource, holder: Held) -> None:
    resource.state, resource.reasons = ClaimState.CONFIRMED, ""
    resource.ground_kind, resource.within_id = Ground.INSIDE, holder.resource_id


def _is_grounded(actor: Actor, organisation: Organisation, kind: str, ground: str) -> bool:
    """Return whether the actor confirms it, with a ground that is said in full."""
    if not confirms(actor, organisation.pk):
        return False
    if bool(kind) != bool(ground.strip()):
        raise RuleViolation(
            _("Say both what kind of ground it is, and what you have seen."),
            field="ground" if kind else "ground_kind",
        )
    return kind in GROUNDS_GIVEN


def _name_host(
    actor: Actor, resource: Resource, host: Organisation | None, kind: str, ground: str
) -> None:
    """Set who runs a resource; where two are the CSIRT, the owner's own people do."""
    before = (resource.operated_by_id, resource.host_asked_id)
    _set_host(actor, resource, host, kind, ground)
    if before != (resource.operated_by_id, resource.host_asked_id):
        must_be_its_own(actor, Permission.RESOURCES_CHANGE, resource.organisation)


def _set_host(
    actor: Actor, resource: Resource, host: Organisation | None, kind: str, ground: str
) -> None:
    """Set who runs a resource: at once within a legal entity or on a ground, else it waits."""
    if (host.pk if host else None) == resource.operated_by_id:
        resource.host_asked = resource.host_asked if host else None
    elif host is None or host.pk in line_of(resource.organisation_id):
        resource.run_by(host, by=actor.label)
    elif _is_grounded(actor, resource.organisation, kind, ground) and confirms(actor, host.pk):
        resource.run_by(host, by=actor.label, kind=kind, ground=ground)
    else:
        resource.host_asked = host


def _require_open(resource: Resource) -> None:
    if resource.withdrawn_on is not None:
        raise RuleViolation(_("The claim is already withdrawn."))


def _require_same_source(resource: Resource, source: str) -> None:
    if resource.state == ClaimState.CONFIRMED and source != resource.source:
        raise RuleViolation(
            _("The claim is confirmed by what its source was: the source stays."), field="source"
        )


def _require_new(resource: Resource) -> None:
    """Require that the organisation does not have it; what others have is another matter."""
    same = Resource.unscoped.filter(  # scope: at the organisation that the gate has asked for
        organisation=resource.organisation_id,
        kind=resource.kind,
        value=resource.value,
        withdrawn_on__isnull=True,
    )
    if same.exists():
        raise RuleViolation(_("The organisation already has this resource."), field="value")


def _require_waiting(resource: Resource) -> None:
    if not resource.is_waiting:
        raise RuleViolation(_("There is nothing left to decide about this resource."))


def _require_all(resource: Resource, rivals: list[Resource]) -> None:
    """Require that nobody's confirmed claim is passed over."""
    wanted = {claim.resource_id for claim in judged(resource=resource).rivals}
    given = {rival.pk for rival in rivals}
    if wanted - given:
        raise RuleViolation(
            _(
                "An organisation that you do not serve has this, or a part of it. Its security"
                " centre has to agree: its claim must be withdrawn or narrowed first."
            )
        )
    if given - wanted:
        raise RuleViolation(_("That claim is about another resource."))


def _end(rival: Resource, ground: str, now: datetime) -> list[Resource]:
    """Withdraw a claim that another's replaces; return it and what is judged anew by that."""
    rival.withdrawn_on = timezone.localdate(now)
    rival.note = ground[:200]
    rival.save(update_fields=["withdrawn_on", "note"])
    return [rival, *_anew(rival)]


def _anew(ended: Resource) -> list[Resource]:
    """Return what counted because it lies inside a claim that has ended, judged anew."""
    return [claim for claim, _before in judge_inside(ended)]
