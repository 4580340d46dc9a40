"""Writes what a fold found to the database: what is new, what has changed, what is gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils import timezone

from samsyn.analytics.engine import ScratchDatabase, literal
from samsyn.findings import loading
from samsyn.findings.leaving import Left, moved_last, observed_of, parts, used_among
from samsyn.findings.models import (
    OBSERVED_EVENTS,
    Finding,
    FindingEvent,
    FindingEventKind,
    FindingState,
)
from samsyn.findings.sending import FINDINGS, Sender

LATE_INDEXES = {"finding_unsolved", "finding_picture"}
LARGE = 20_000  # new findings from which an index is better made afterwards
EVENTS = FindingEvent._meta.db_table
OBSERVED = ", ".join(literal(kind.value) for kind in OBSERVED_EVENTS)

# Column of the database, and SQL over the table "folded" that gives its value.
_KEY = {
    "organisation_id": "organisation_id",
    "report": "$report",
    "subject": "subject",
    "port": "port",
}
_SAID = {
    "operated_by_id": "said.operated_by_id",
    "resource_id": "said.resource_id",
    "protocol": "coalesce(said.protocol, '')",
    "host_name": "coalesce(said.host_name, '')",
    "asn": "said.asn",
    "country": "coalesce(said.country, '')",
    "taxonomy": "said.taxonomy",
    "rsit_type": "said.rsit_type",
    "severity": "said.severity",
    "detail": "said.detail",
    "stream": "stream",
}
_SEEN = {
    "last_seen_at": "$moment{last_at}",
    "times_seen": "times",
    "last_reported_on": "last_on::varchar",
}
_STATE = {
    "state": "case when closed_on is not null then 'closed' when episode > 1 then 'reopened' "
    "else 'open' end",
    "state_since": "$moment{case when closed_on is not null then closed_on else opened_on end}",
    "reopened_count": "least(episode - 1, 32000)",
}
_FIRST = {"first_seen_at": "$moment{first_at}"}
_PEOPLE = {"answer_kind": "''"}


@contextmanager
def index_later(sender: Sender) -> Iterator[None]:
    """Let SQLite make indexes after many new findings have come, where that is quicker.

    It then sorts once instead of finding half a million places one by one. All is inside
    the caller's transaction; the unique index stays throughout.
    """
    sender.is_indexed_later = True
    yield
    if connection.vendor == "sqlite":
        editor = connection.schema_editor(collect_sql=True)
        with connection.cursor() as cursor:
            cursor.execute("select name from sqlite_master where type = 'index'")
            known = {name for (name,) in cursor.fetchall()}
            for index in Finding._meta.indexes:
                if index.name in LATE_INDEXES - known:
                    cursor.execute(str(index.create_sql(Finding, editor)))


def _without_indexes(sqlite: Any, *, new: int) -> None:
    """Take the late indexes away when more findings come than there are."""
    few = f"select count(*) from (select 1 from {FINDINGS} limit ?)"
    if new >= LARGE and sqlite.execute(few, [new]).fetchone()[0] < new:
        for name in LATE_INDEXES:
            sqlite.execute(f"drop index if exists {name}")


def write_changes(db: ScratchDatabase, sender: Sender, report: str) -> None:
    """Write new findings, and of the known ones what has changed."""
    _insert(db, sender, report, "is_last and is_new")
    _compare(db)
    if db.rows("select 1 from changes limit 1"):
        _update_known(db, sender, report)
    _insert_events(db, sender, _events_sql("is_new_event"))


def _update_known(db: ScratchDatabase, sender: Sender, report: str) -> None:
    _update(
        db,
        sender,
        report,
        _SEEN,
        "select folded.* from folded join changes using (finding_id) "
        "where is_last and is_refreshed and not is_changed and not is_moving",
    )
    _update(
        db,
        sender,
        report,
        _SEEN | _SAID,
        "select folded.* from folded join changes using (finding_id) "
        "where is_last and is_changed and not is_moving",
    )
    _update(
        db,
        sender,
        report,
        _SEEN | _SAID | _STATE,
        "select folded.* from folded join changes using (finding_id) where is_last and is_moving",
    )


def write_all(db: ScratchDatabase, sender: Sender, report: str) -> Left:
    """Write a report that was folded from its beginning: every finding and its history."""
    _insert(db, sender, report, "is_last and is_new")
    _keep_states_set_by_people(db, report)
    _find_notified(db, report)
    _update(
        db,
        sender,
        report,
        _FIRST | _SEEN | _SAID | _STATE,
        "select folded.* from folded anti join human using (finding_id) "
        "where is_last and not is_new",
    )
    _update(
        db,
        sender,
        report,
        _FIRST | _SEEN | _SAID | {"reopened_count": _STATE["reopened_count"]},
        "select folded.* from folded semi join human using (finding_id) "
        "where is_last and not is_new",
    )
    _renumber_told_episodes(db)
    left, stay = close_or_remove(db, report)
    lines = observed_of(stay)  # no report supports those, so nothing else writes them again
    with connection.cursor() as cursor:
        cursor.execute(
            f"delete from {EVENTS} where kind in ({OBSERVED}) and finding_id in "
            f"(select id from {FINDINGS} where report = %s)",
            [report],
        )
    FindingEvent.unscoped.bulk_create(lines)  # scope: the fold works for everybody
    _insert_events(db, sender, _events_sql("true"))
    return left


def _compare(db: ScratchDatabase) -> None:
    """Say of each known finding in what way it differs from before."""
    db.run(
        "create or replace temp table changes as "
        "select t.finding_id, t.times <> p.times as is_refreshed, "
        "t.stream <> p.stream or row(t.said.severity, t.said.operated_by_id, t.said.resource_id, "
        "  t.said.protocol, t.said.host_name, t.said.asn, t.said.country, t.said.taxonomy, "
        "  t.said.rsit_type, t.said.detail) "
        "is distinct from row(p.said.severity, p.said.operated_by_id, p.said.resource_id, "
        "  p.said.protocol, p.said.host_name, p.said.asn, p.said.country, p.said.taxonomy, "
        "  p.said.rsit_type, p.said.detail) as is_changed, "
        "t.episode <> p.episode or t.closed_on is distinct from p.closed_on as is_moving, "
        "p.episode as before_episode, p.closed_on as before_closed_on "
        "from folded t join prior p on p.finding_id = t.finding_id and p.is_last "
        "where t.is_last and not t.is_new"
    )


def _events_sql(which: str) -> str:
    """Return SQL for closings and reopenings; ``is_new_event`` keeps those not yet written."""
    new = "left join changes c using (finding_id) where " if which == "is_new_event" else "where "
    closing = (
        "(c.finding_id is null and is_new or episode > c.before_episode "
        "or episode = c.before_episode and c.before_closed_on is null)"
        if which == "is_new_event"
        else "true"
    )
    opening = (
        "(c.finding_id is null and is_new or episode > c.before_episode)"
        if which == "is_new_event"
        else "true"
    )
    closed, reopened = (
        literal(FindingEventKind.CLOSED.value),
        literal(FindingEventKind.REOPENED.value),
    )
    return (
        f"select finding_id, $moment{{closed_on}} as happened, {closed} as kind "
        f"from folded {new} closed_on is not null and not is_moved and {closing} "
        "union all "
        f"select finding_id, $moment{{opened_on}}, {reopened} "
        f"from folded {new} episode > 1 and {opening} order by happened, finding_id"
    )


def _keep_states_set_by_people(db: ScratchDatabase, report: str) -> None:
    """Make a table of findings whose state a person set and no later report has changed."""
    rows = Finding.unscoped.filter(  # scope: the fold works for everybody
        report=report, state__in=[FindingState.ACKNOWLEDGED, FindingState.FIXED]
    )
    db.table(
        "human_given",
        {"finding_id": "bigint", "said_on": "date"},
        rows.values_list("pk", "state_since__date"),
    )
    db.run(
        "create or replace temp table human as select h.finding_id from human_given h "
        "join folded t on t.finding_id = h.finding_id and t.is_last "
        "where t.closed_on is null and t.opened_on <= h.said_on"
    )


def _find_notified(db: ScratchDatabase, report: str) -> None:
    """Make a table of findings whose current episode somebody has been told of, and when."""
    rows = Finding.unscoped.filter(  # scope: the fold works for everybody
        report=report, told_reopened=F("reopened_count"), told_at__isnull=False
    )
    db.table(
        "notified",
        {"finding_id": "bigint", "told_on": "date"},
        rows.values_list("pk", "told_at__date"),
    )


def _renumber_told_episodes(db: ScratchDatabase) -> None:
    """Keep ``told_reopened`` correct when a late report renumbers episodes.

    A late report can split an old episode in two, or join two. The number of the episode that
    the member was told of is then another one: without this, the member would be told again,
    or a later episode would be taken for one already told.
    """
    same = (
        "select finding_id from notified join folded using (finding_id) "
        "where is_last and not is_new and opened_on <= told_on"
    )
    for rows in db.stream(same, most=500):
        ids = [pk for (pk,) in rows]
        findings = Finding.unscoped.filter(pk__in=ids)  # scope: the fold works for everybody
        findings.update(told_reopened=F("reopened_count"))


def close_or_remove(db: ScratchDatabase, report: str) -> tuple[Left, list[int]]:
    """Close or remove findings that nothing supports; return whose they were, and which stay.

    What anybody has been told of, has answered, noted or hung something on stays, closed, with
    a line in its history: a case number that has been used must lead somewhere. The others
    were only worked out from observations that are another's now.
    """
    kept = {row[0] for row in db.rows("select distinct finding_id from folded")}
    known = Finding.unscoped.filter(report=report)  # scope: the fold works for everybody
    owners = dict(known.values_list("pk", "organisation").iterator(chunk_size=20_000))
    gone = sorted(owners.keys() - kept)
    used = used_among(gone)
    removed = [pk for pk in gone if pk not in used]
    _delete(removed)
    moved = []
    known_moved = moved_last(sorted(used))
    for finding in _some(used):
        if finding.state != FindingState.CLOSED or finding.pk not in known_moved:
            moved.append(finding)
            _close_as_moved(finding)
        db.run(_TOMBSTONE, _tombstone(finding))
    left = Left(
        closed=Counter(finding.organisation_id for finding in moved),
        removed=Counter(owners[pk] for pk in removed),
    )
    return left, sorted(used)


def tell_moved(db: ScratchDatabase, report: str) -> None:
    """Add to ``folded`` the closed findings that no report supports any more, as their fold did."""
    kept = {row[0] for row in db.rows("select distinct finding_id from folded")}
    closed = Finding.unscoped.filter(  # scope: the fold works for everybody
        report=report, state=FindingState.CLOSED
    )
    ids = closed.values_list("pk", flat=True).iterator(chunk_size=20_000)
    for finding in _some({pk for pk in ids if pk not in kept}):
        db.run(_TOMBSTONE, _tombstone(finding))


def agrees(db: ScratchDatabase, report: str) -> bool:
    """Return whether ``folded`` and the database agree on each finding of a report."""
    columns = {
        "finding_id": "bigint",
        "episode": "integer",
        "times": "bigint",
        "is_closed": "boolean",
        "last_on": "date",
        "severity": "tinyint",
    }
    known = Finding.unscoped.filter(report=report)  # scope: the fold works for everybody
    rows = known.values_list(
        "pk", "reopened_count", "times_seen", "state", "last_reported_on", "severity"
    )
    db.table(
        "in_database",
        columns,
        (
            (pk, again, times, state == FindingState.CLOSED, on, severity)
            for pk, again, times, state, on, severity in rows.iterator(chunk_size=20_000)
        ),
    )
    folded = (
        "select finding_id, least(episode - 1, 32000)::integer as episode, times, "
        "closed_on is not null as is_closed, last_on, said.severity as severity "
        "from folded where is_last"
    )
    differs = (
        f"(({folded}) except (from in_database)) union all ((from in_database) except ({folded}))"
    )
    return not db.rows(f"select 1 from ({differs}) limit 1")


_TOMBSTONE = (
    "insert into folded by name select ? as finding_id, ? as organisation_id, ? as subject, "
    "? as port, ? as episode, true as is_last, ? as stream, ?::date as opened_on, "
    "?::date as last_on, ?::date as closed_on, ?::timestamp as first_at, "
    "?::timestamp as last_at, ? as times, true as is_moved, false as is_new, "
    "struct_pack(seen := ?::timestamp, severity := ?::tinyint, operated_by_id := null::bigint, "
    "resource_id := null::bigint, protocol := null::varchar, host_name := null::varchar, "
    "asn := null::bigint, country := null::varchar, taxonomy := ?, rsit_type := ?, "
    "detail := '{}') as said"
)


def _tombstone(finding: Finding) -> list[Any]:
    """Return what the episodes keep of a finding that moved: its key and its number."""
    first, last = (at.replace(tzinfo=None) for at in (finding.first_seen_at, finding.last_seen_at))
    return [
        finding.pk, finding.organisation_id, finding.subject, finding.port,
        finding.reopened_count + 1, finding.stream, first.date(), finding.last_reported_on,
        finding.state_since.date(), first, last, finding.times_seen,
        last, finding.severity, finding.taxonomy, finding.rsit_type,
    ]  # fmt: skip


def _delete(ids: Sequence[int]) -> None:
    for some in parts(ids):
        Finding.unscoped.filter(pk__in=some).delete()  # scope: the fold works for everybody


def _some(ids: set[int]) -> list[Finding]:
    found: list[Finding] = []
    for some in parts(sorted(ids)):
        found += Finding.unscoped.filter(pk__in=some)  # scope: the fold works for everybody
    return found


def _close_as_moved(finding: Finding) -> None:
    now = timezone.now()
    if finding.state != FindingState.CLOSED:
        finding.state, finding.state_since = FindingState.CLOSED, now
        finding.save(update_fields=["state", "state_since"])
    FindingEvent.unscoped.create(  # scope: of a finding found in scope
        finding=finding, at=now, kind=FindingEventKind.MOVED
    )


def _insert(db: ScratchDatabase, sender: Sender, report: str, condition: str) -> None:
    columns = {"id": "finding_id"} | _KEY | _SAID | _FIRST | _SEEN | _STATE | _PEOPLE
    # They come in the order of the unique index, whose places are then one beside the other.
    source = f"from folded where {condition}"
    rows = loading.outgoing(db, columns, source, report=report)
    before = partial(_without_indexes, new=rows.rows) if sender.is_indexed_later else None
    sender.insert(FINDINGS, rows, before=before)


def _insert_events(db: ScratchDatabase, sender: Sender, sql: str) -> None:
    columns = {"finding_id": "finding_id", "at": "happened", "kind": "kind"}
    columns |= {"by": "''", "answer_kind": "''", "note": "''"}
    sender.insert(EVENTS, loading.outgoing(db, columns, f"from ({sql})"))


def _update(
    db: ScratchDatabase, sender: Sender, report: str, columns: dict[str, str], source: str
) -> None:
    columns |= {"id": "finding_id"}
    rows = loading.outgoing(db, columns, f"from ({source}) order by finding_id", report=report)
    sender.update(FINDINGS, rows)
