from __future__ import annotations

import json
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypedDict, Unpack

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.compiled_queries import CompiledQuery
from samsyn.access.permissions import Permission
from samsyn.access.rows import beyond_scope
from samsyn.analytics.version_cache import cached_by_version
from samsyn.assets.models import ClaimState, ResourceKind
from samsyn.assets.rules import Held, Sighting
from samsyn.findings import measures
from samsyn.findings.fold import episodes_path
from samsyn.findings.models import IS_UNSOLVED, Finding, FindingEvent, FoldedReport
from samsyn.findings.rules import CVE, case_number_read, is_word
from samsyn.kernel.errors import NotFound
from samsyn.organisations.selectors import organisation_list

UNSOLVED_WORD = "unsolved"
BELOW_RANGES = (ResourceKind.ASN, ResourceKind.DOMAIN, ResourceKind.MAIL_DOMAIN)


class SeenWith(TypedDict, total=False):
    """What a latest observation must say: a vulnerability, a tag, a part of maker or product."""

    cve: str
    tag: str
    product: str


def finding_list(
    *,
    actor: Actor,
    organisation: int | None = None,
    state: str = "",
    answer: str = "",
    severity: int | None = None,
    report: str = "",
    taxonomy: str = "",
    rsit_type: str = "",
    search: str = "",
    first_seen_before: datetime | None = None,
    first_seen_after: datetime | None = None,
    not_told: bool = False,
    **seen: Unpack[SeenWith],
) -> QuerySet[Finding]:
    """Return findings, worst and newest first.

    Args:
        actor: sees those of its organisations, and those on what they run for others.
        organisation: id of the owner, or of who runs the resource.
        state: one state, or ``unsolved`` for all but closed.
        answer: what the member has answered, such as ``help``.
        severity: at least this bad, 0 to 4.
        report: name of a report.
        taxonomy: RSIT class.
        rsit_type: RSIT type.
        search: an address, a name, a case number, or a product, tag or CVE that was seen.
        first_seen_before: older than this moment.
        first_seen_after: newer than this moment.
        not_told: only those that nobody has been told of.
        seen: what the latest observation must say.

    """
    rows = Finding.objects.visible_to(actor).select_related("organisation")
    if organisation is not None:
        rows = rows.filter(Q(organisation_id=organisation) | Q(operated_by_id=organisation))
    rows = _in_state(rows, state)
    exact = {"report": report, "taxonomy": taxonomy, "rsit_type": rsit_type, "answer_kind": answer}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if severity is not None:
        rows = rows.filter(severity__gte=severity)
    if first_seen_before:
        rows = rows.filter(first_seen_at__lt=first_seen_before)
    if first_seen_after:
        rows = rows.filter(first_seen_at__gte=first_seen_after)
    if not_told:
        rows = rows.filter(told_at__isnull=True)
    return _searched(_seen_with(rows, **seen), search)


# What a list shows or exports: the rest of a finding is read on its own page.
LISTED = (
    "organisation__name", "report", "subject", "port", "host_name", "severity", "state",
    "answer_kind", "answer_until", "first_seen_at", "last_seen_at", "times_seen", "told_at",
)  # fmt: skip


def finding_rows(*, actor: Actor, **narrowed: Any) -> QuerySet[Finding]:
    """Return the same as ``finding_list``, with only what a list shows."""
    return finding_list(actor=actor, **narrowed).only(*LISTED)


def _in_state(rows: QuerySet[Finding], state: str) -> QuerySet[Finding]:
    if state == UNSOLVED_WORD:
        return rows.filter(IS_UNSOLVED)
    return rows.filter(state=state) if state else rows


def _seen_with(rows: QuerySet[Finding], **seen: Unpack[SeenWith]) -> QuerySet[Finding]:
    if cve := seen.get("cve"):
        rows = rows.filter(_in_list("cves", cve.strip().upper()))
    if tag := seen.get("tag"):
        rows = rows.filter(_in_list("tags", tag.strip().lower()))
    if product := seen.get("product"):
        rows = rows.filter(_of_product(product))
    return rows


def _in_list(name: str, value: str) -> Q:
    """Return the condition that a list of the latest observation has this value, whole."""
    return Q(**{f"detail__{name}__icontains": json.dumps(value, ensure_ascii=False)})


def _of_product(part: str) -> Q:
    return Q(detail__product__icontains=part) | Q(detail__vendor__icontains=part)


def _searched(rows: QuerySet[Finding], search: str) -> QuerySet[Finding]:
    if not search:
        return rows
    number = case_number_read(search)
    if number is not None:
        return rows.filter(pk=number)
    if CVE.match(search):
        return rows.filter(_in_list("cves", search.strip().upper()))
    wanted = (
        Q(subject__icontains=search)
        | Q(host_name__icontains=search)
        | Q(organisation__name__icontains=search)
    )
    if is_word(search):  # of an address there is nothing to find in words
        wanted |= _of_product(search) | _in_list("tags", search.strip().lower())
    return rows.filter(wanted)


def finding_get(*, actor: Actor, pk: int) -> Finding:
    """Return one finding.

    Raises:
        NotFound: there is none with this id, or the actor may not see it.

    """
    found = (
        finding_list(actor=actor).select_related("operated_by", "resource").filter(pk=pk).first()
    )
    if found is None:
        raise NotFound(_("No such finding."))
    return found


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line in the history of a finding; kind is ``opened`` or one of EventKind."""

    at: datetime
    kind: str
    by: str = ""
    answer_kind: str = ""
    note: str = ""


def finding_history(*, actor: Actor, finding: Finding) -> list[HistoryLine]:
    """Return what has happened to a finding, oldest first, from when it was first seen."""
    events = FindingEvent.objects.visible_to(actor).filter(finding=finding).order_by("at", "pk")
    lines = [HistoryLine(finding.first_seen_at, "opened")]
    return lines + [HistoryLine(e.at, e.kind, e.by, e.answer_kind, e.note) for e in events]


def owner_named(*, actor: Actor, name: str) -> int:
    """Return the id of the organisation with this name.

    Raises:
        NotFound: there is none, or the actor may not see it.

    """
    found = organisation_list(actor=actor).filter(name__iexact=name).first()
    if found is None:
        raise NotFound(_("There is no organisation called %s.") % name)
    return found.pk


def open_over_time(
    *, actor: Actor, since: date, until: date, by: str = "severity", step_days: int = 1
) -> measures.OpenOverTime:
    """Return how many findings were open at the end of each day, by organisation and one column.

    Reads the episodes in the store, never the history in the database.
    """
    files = tuple(_stored())
    return measures.open_over_time(
        actor=actor, files=files, since=since, until=until, by=by, step_days=step_days
    )


def episodes_in(*, actor: Actor, since: date, until: date) -> list[measures.Episode]:
    """Return the episodes that were open at some time of a period."""
    files = _stored()
    return measures.episodes_in(actor=actor, files=files, since=since, until=until)


def episodes(*, actor: Actor) -> str:
    """Return SQL for all episodes that the actor may see; for measures of the rooms above."""
    files = _stored()
    return measures.episodes_sql(actor=actor, files=files)


def reports_known() -> list[str]:
    """Return the names of the reports that have ever come in."""
    names = FoldedReport.objects.order_by("report").values_list("report", flat=True)
    return cached_by_version("reports_known", findings_version(), lambda: list(names))


_FOLDED_AT = CompiledQuery(
    lambda: FoldedReport.objects.order_by("-folded_at").values_list("folded_at", flat=True)[:1]
)
_STORED = CompiledQuery(lambda: FoldedReport.objects.values_list("report", "episodes"))


def folded_at() -> datetime | None:
    """Return when findings were last brought into agreement with what was seen."""
    return _FOLDED_AT.first()


def _stored() -> list[tuple[str, Path]]:
    return [(report, episodes_path(name)) for report, name in _STORED.rows()]


@beyond_scope("two numbers that tell nothing of anybody")
def findings_version() -> Hashable:
    """Return a mark that changes whenever any finding does; two look-ups by index.

    Folding moves ``folded_at``; everything that people or letters do leaves an event. Every
    page asks it, so it is asked in plain words: composing it took longer than the answer.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select (select max(folded_at) from findings_foldedreport), "
            "(select max(id) from findings_findingevent)"
        )
        return tuple(cursor.fetchone())


def finding_count(*, actor: Actor, **filters: object) -> int:
    """Return how many findings there are; counted anew only when something has changed."""
    is_all = actor.is_system and actor.only is None  # a signed link acts as a job, narrowed
    seen = None if is_all else actor.organisation_ids(Permission.FINDINGS_VIEW)
    key = (findings_version(), seen, tuple(sorted(filters.items())))
    return cached_by_version(
        "finding_count",
        key,
        lambda: finding_list(actor=actor, **filters).count(),  # type: ignore[arg-type]  # filters pass through as they came
    )


def standing_on(
    *, actor: Actor, on: date, since: date, serious: int, critical: int
) -> list[measures.StandingOn]:
    """Return how the findings of every organisation stood at the end of a day."""
    files = _stored()
    return measures.standing_on(
        actor=actor, files=files, on=on, since=since, serious=serious, critical=critical
    )


@beyond_scope("says only that a claim takes from another; what is shown of them is scoped")
def attributed_by_number_or_name(begins: str, asn: int | None) -> list[Sighting]:
    """Return what confirmed claims to AS numbers and names have been given, for judging claims.

    Args:
        begins: how the addresses begin; nothing for all.
        asn: the AS number; None for all.

    """
    rows = Finding.unscoped.filter(  # scope: says only that claims meet; shown within the scope
        resource__kind__in=BELOW_RANGES,
        resource__state=ClaimState.CONFIRMED,
        resource__withdrawn_on__isnull=True,
        subject__startswith=begins,
    )
    if asn is not None:
        rows = rows.filter(asn=asn)
    claim = (f"resource__{name}" for name in ("kind", "value", "organisation_id"))
    told = rows.order_by().values_list("subject", "asn", *claim, "resource_id").distinct()
    return [Sighting(row[0], row[1], Held(*row[2:])) for row in told.iterator(chunk_size=5000)]
