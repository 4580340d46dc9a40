"""Who is to be told of what: untold findings, and the organisations whose contacts get them.

A finding is told to its owner, and to who runs the resource for the owner. The letter
goes to the technical contacts of that organisation; a unit without any is reached through
the organisation it is a part of. A company is its own legal entity: nobody else is told of
what is the company's alone. Who has registered a part of what another of the same legal entity
already had (a unit inside its municipality's range) shares its letters with that one, so that
nobody who was told before falls silent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.access.rows import beyond_scope
from samsyn.assets.models import Resource
from samsyn.findings.mailings import (
    Had,
    Key,
    Known,
    Readers,
    Receiver,
    contacts_of,
    key_of,
    mailings,
    readers_of,
    receivers_counted,
)
from samsyn.findings.models import IS_UNSOLVED, Finding, FindingEventKind, FindingState, Severity
from samsyn.findings.undelivered import lives_counted
from samsyn.organisations.models import (
    Agreement,
    Lineage,
    Organisation,
    OrganisationKind,
    Purpose,
    Service,
)
from samsyn.organisations.selectors import contact_list
from samsyn.organisations.sharing import first_csirt


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where the untold findings of one owner go, on what one organisation runs for it or itself."""

    owner: Organisation
    host: Organisation | None
    receivers: tuple[Organisation, ...]  # whose contacts get the letter
    findings: int
    critical: int
    is_refused: bool = False  # no address of the owner takes mail, though it has some

    @property
    def key(self) -> Key:
        """What the findings on this route have in common: owner and host."""
        return self.owner.pk, self.host.pk if self.host else None


def untold(*, actor: Actor, only_urgent: bool = False) -> QuerySet[Finding]:
    """Return the findings that nobody has been told of, or that came back after they were."""
    return _still_untold(Finding.objects.visible_to(actor), only_urgent=only_urgent)


def _still_untold(rows: QuerySet[Finding], *, only_urgent: bool) -> QuerySet[Finding]:
    again = Q(state=FindingState.REOPENED, reopened_count__gt=F("told_reopened"))
    rows = rows.filter(
        Q(told_at__isnull=True) | again, state__in=[FindingState.OPEN, FindingState.REOPENED]
    )
    return rows.filter(severity=Severity.CRITICAL) if only_urgent else rows


def reachable(*, actor: Actor, operator: Organisation) -> QuerySet[Lineage]:
    """Return what an agreement on a CSIRT with the operator covers and the actor may tell.

    Where several operators are the CSIRT of an organisation, the first one tells.
    """
    csirts = Agreement.in_force().filter(service=Service.CSIRT)
    members, others = csirts.filter(operator=operator), csirts.exclude(operator=operator)
    theirs = Lineage.objects.filter(ancestor__in=others.values("organisation"))
    mine = Lineage.objects.filter(
        ancestor__in=members.values("organisation"),
        descendant__in=actor.organisations(Permission.MESSAGES_SEND),
    )
    return mine.annotate(first=first_csirt()).filter(
        ~Q(descendant__in=theirs.values("descendant")) | Q(first=operator.pk)
    )


def route_list(*, actor: Actor, operator: Organisation, only_urgent: bool = False) -> list[Route]:
    """Return where untold findings go, one for each pair of owner and host; some reach nobody."""
    reached = reachable(actor=actor, operator=operator).values("descendant")
    rows = untold(actor=actor, only_urgent=only_urgent).filter(organisation__in=reached)
    counted = list(
        rows.order_by("organisation_id", "operated_by_id")
        .values_list("organisation_id", "operated_by_id")
        .annotate(number=Count("pk"), critical=Count("pk", filter=Q(severity=Severity.CRITICAL)))
    )
    places = _Places.of(
        actor=actor,
        owners={row[0] for row in counted},
        hosts={row[1] for row in counted if row[1]},
        reached=reached,
    )
    return [places.route(*row) for row in counted]


@dataclass(frozen=True, slots=True)
class _Places:
    """The organisations concerned, and which of them have technical contacts."""

    known: dict[int, Organisation]
    readers: Readers
    reached: frozenset[int]
    holders: dict[int, set[int]]  # whose claims an owner's own lie inside

    @classmethod
    def of(
        cls, *, actor: Actor, owners: set[int], hosts: set[int], reached: QuerySet[Any]
    ) -> _Places:
        holders = _holders(owners)
        concerned = owners.union(hosts, *holders.values())
        above = Lineage.objects.filter(descendant__in=concerned, same_entity=True)
        wanted = concerned | set(above.values_list("ancestor", flat=True))
        return cls(
            known=Organisation.unscoped.in_bulk(wanted),  # scope: of findings found in scope
            readers=readers_of(actor=actor, organisations=wanted),
            reached=frozenset(
                reached.filter(descendant__in=wanted).values_list("descendant", flat=True)
            ),
            holders=holders,
        )

    def route(self, owner: int, host: int | None, findings: int, critical: int) -> Route:
        whose = [owner, *sorted(self.holders.get(owner, ())), *([host] if host else [])]
        told = [self.receiver(pk) for pk in whose]
        is_refused = told[0] is None and owner in self.readers.refused
        return Route(
            owner=self.known[owner],
            host=self.known[host] if host else None,
            receivers=tuple(dict.fromkeys(place for place in told if place)),
            findings=findings,
            critical=critical,
            is_refused=is_refused,
        )

    def receiver(self, pk: int) -> Organisation | None:
        """Return the organisation whose contacts speak for this one, as far as it is in reach."""
        place: Organisation | None = self.known[pk]
        while place is not None and place.pk in self.reached:
            if place.pk in self.readers.contacts:
                return place
            place = (
                self.known.get(place.parent_id or 0)
                if place.kind == OrganisationKind.UNIT
                else None
            )
        return None


@beyond_scope("of findings found in scope; the claim around may be another organisation's")
def _holders(owners: set[int]) -> dict[int, set[int]]:
    """Return for each owner the others of its legal entity whose claims its own lie inside."""
    rows = Resource.unscoped.filter(  # scope: of findings found in scope
        organisation__in=owners, within__isnull=False, withdrawn_on__isnull=True
    ).exclude(within__organisation=F("organisation"))
    found: dict[int, set[int]] = {}
    for owner, holder in rows.values_list("organisation_id", "within__organisation_id"):
        found.setdefault(owner, set()).add(holder)
    return found


def route_groups(routes: Iterable[Route]) -> list[list[Route]]:
    """Return the routes in groups that share no receiver with each other.

    A finding on a resource that one member runs for another is told to both or to neither:
    what is in one group is told in one transaction.
    """
    group_of: dict[int, list[Route]] = {}
    for route in routes:
        mine = [receiver.pk for receiver in route.receivers]
        known = {id(group_of[pk]): group_of[pk] for pk in mine if pk in group_of}
        joined = [*(each for group in known.values() for each in group), route]
        for pk in {*mine, *(r.pk for each in joined for r in each.receivers)}:
            group_of[pk] = joined
    return list({id(group): group for group in group_of.values()}.values())


def receiver_list(*, actor: Actor, routes: Sequence[Route]) -> list[Receiver]:
    """Return the organisations that get a letter, those with critical findings first."""
    contacts = contacts_of(actor=actor, routes=routes)
    return receivers_counted(routes, mailings(routes, contacts, had_already(routes)))


@beyond_scope("of routes found in scope")
def had_already(routes: Iterable[Route]) -> Had:
    """Return what each mailbox has been told of among the findings that others lack.

    A finding is untold again when a letter about it did not arrive. Who got another letter
    about it, such as the host, gets no second one.
    """
    routes = list(routes)
    owners = {route.owner.pk for route in routes}
    again = Finding.unscoped.filter(  # scope: the routes were found in scope
        organisation__in=owners, events__kind=FindingEventKind.UNDELIVERED
    ).distinct()
    found = {finding.pk: finding for finding in _still_untold(again, only_urgent=False)}
    if not found:
        return {}
    counted = lives_counted(
        {place.pk for route in routes for place in route.receivers},
        since=min(finding.first_seen_at for finding in found.values()),
    )
    return {
        mailbox: {
            pk: Known(key_of(found[pk]), found[pk].severity == Severity.CRITICAL)
            for pk, life in lives
            if pk in found and life == found[pk].reopened_count
        }
        for mailbox, lives in counted.items()
    }


def routed_findings(
    *, routes: Sequence[Route], only_urgent: bool = False, lock: bool = False
) -> list[Finding]:
    """Return the untold findings on these routes, the most important first.

    The worst first, then those with a hole that has a number, then the oldest. Owner and
    host are those that the routes know.

    ``lock`` keeps other workers from telling them too, until the transaction ends.
    """
    by_key = {route.key: route for route in routes}
    owners = {route.owner.pk for route in routes}
    rows = _still_untold(
        Finding.unscoped.filter(organisation__in=owners),  # scope: the routes were found in scope
        only_urgent=only_urgent,
    )
    if lock and connection.vendor == "postgresql":
        rows = rows.select_for_update(of=("self",))
    found = [f for f in rows if key_of(f) in by_key]
    for finding in found:
        route = by_key[key_of(finding)]
        finding.organisation, finding.operated_by = route.owner, route.host
    return sorted(found, key=_rank)


def open_totals(*, actor: Actor, receivers: Iterable[Organisation]) -> dict[int, int]:
    """Return how many findings are unsolved at each receiver: its units' and what it runs too."""
    inside: dict[int, set[int]] = {}
    lineage = Lineage.objects.filter(ancestor__in=list(receivers), same_entity=True)
    for ancestor, descendant in lineage.values_list("ancestor", "descendant"):
        inside.setdefault(descendant, set()).add(ancestor)
    rows = Finding.objects.visible_to(actor).filter(IS_UNSOLVED).order_by()
    counted = rows.values_list("organisation_id", "operated_by_id").annotate(number=Count("pk"))
    totals: dict[int, int] = {}
    for owner, host, number in counted:
        for receiver in inside.get(owner, set()) | inside.get(host or 0, set()):
            totals[receiver] = totals.get(receiver, 0) + number
    return totals


def operator_address(*, actor: Actor, operator: Organisation) -> str:
    """Return where replies to the operator's letters go; empty when it has no contact."""
    rows = contact_list(actor=actor, organisation=operator)
    technical = rows.filter(purpose=Purpose.TECHNICAL).first()
    found = technical or rows.first()
    return str(found.email) if found else ""


def _rank(finding: Finding) -> tuple[int, bool, object, int]:
    has_known_hole = bool((finding.detail or {}).get("cves"))
    return (-finding.severity, not has_known_hole, finding.first_seen_at, finding.pk)
