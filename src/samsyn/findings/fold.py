"""Folds what was seen of one report into findings, in the database and in the store.

The store holds *episodes* (from a first sighting until it was not seen any more), all
of them, one file for each report. The database holds the findings: the last episode of
each, with what people have said about it. ``FoldedReport`` says which file the findings
agree with and is written in the same transaction, so a kill leaves both as they were.

Reports that come in order of time are folded into the episodes known. A report that
comes late, or a changed register, has the whole report folded again (``is_full``): then every
sighting there has ever been is given, and the outcome is the same as if all had come in order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from uuid import uuid4

from django.utils import timezone
from django.utils.translation import gettext as _

from samsyn.access.permissions import Permission
from samsyn.analytics.engine import ScratchDatabase, literal, sql_file
from samsyn.analytics.store import Dataset, require_files, write
from samsyn.findings import bulk
from samsyn.findings.leaving import Left
from samsyn.findings.models import AnswerKind, Finding, FindingEvent, FindingEventKind, FoldedReport
from samsyn.findings.sending import Sender
from samsyn.kernel.errors import Conflict

MEASURES = "samsyn.findings.measures"
SAID = (
    "struct(seen timestamp, severity tinyint, operated_by_id bigint, resource_id bigint, "
    "protocol varchar, host_name varchar, asn bigint, country varchar, taxonomy varchar, "
    "rsit_type varchar, detail varchar)"
)
EPISODES = Dataset(
    name="finding_episodes",
    columns={
        "finding_id": "bigint",
        "organisation_id": "bigint",
        "subject": "varchar",
        "port": "integer",
        "episode": "integer",
        "is_last": "boolean",
        "stream": "varchar",
        "opened_on": "date",
        "last_on": "date",
        "closed_on": "date",
        "first_at": "timestamp",
        "last_at": "timestamp",
        "times": "bigint",
        "said": SAID,
        "is_moved": "boolean",
    },
    permission=Permission.FINDINGS_VIEW,
)
SIGHTINGS = {
    "organisation_id": "bigint",
    "operated_by_id": "bigint",
    "resource_id": "bigint",
    "subject": "varchar",
    "port": "integer",
    "stream": "varchar",
    "seen_on": "date",
    "times": "bigint",
    "first_at": "timestamp",
    "last_at": "timestamp",
    "severity": "tinyint",
    "protocol": "varchar",
    "host_name": "varchar",
    "asn": "bigint",
    "country": "varchar",
    "taxonomy": "varchar",
    "rsit_type": "varchar",
    "detail": "varchar",
    "is_fresh": "boolean",
}
# Whom rows name that could not be read. What was open of them stays open: damage is not absence.
NAMED = {"stream": "varchar", "seen_on": "date", "subject": "varchar"}

_NAMED_AND_KNOWN = (
    "select 1 from named where subject in "
    "(select lower(subject) from prior union all select lower(subject) from sightings) limit 1"
)


@dataclass(frozen=True, slots=True)
class ReportDay:
    """A day on which a stream of a report came; ``is_read``: it says what was not seen, too.

    A stream is named by its operator, a colon and its name: one operator's reports are no
    evidence for another's findings.
    """

    stream: str
    on: date
    is_read: bool = True


@dataclass(frozen=True, slots=True)
class Folded:
    """How many findings one fold made, saw again and reopened; each is counted once."""

    new: int = 0
    seen_again: int = 0
    reopened: int = 0
    closed: int = 0
    left: Left = field(default_factory=Left)

    def __add__(self, other: Folded) -> Folded:
        return Folded(
            self.new + other.new,
            self.seen_again + other.seen_again,
            self.reopened + other.reopened,
            self.closed + other.closed,
            self.left + other.left,
        )


def episodes_path(name: str) -> Path:
    """Return the file of episodes with this name."""
    return EPISODES.folder / name


def require_episodes() -> None:
    """Raise unless the episodes of every report that has been folded are there.

    Without them a report would be folded again from what the store happens to hold.

    Raises:
        KeptDamaged: a file is missing: the store is empty, or older than the database.

    """
    names = FoldedReport.objects.values_list("episodes", flat=True)
    require_files(episodes_path(name) for name in names)


def fold_report(
    db: ScratchDatabase,
    sender: Sender,
    *,
    report: str,
    days: Iterable[ReportDay],
    close_after: int,
    is_full: bool,
    has_port: bool = True,
) -> Folded:
    """Fold the table ``sightings`` of one report; return what became of the findings.

    Call it inside the transaction that also marks the batches.

    Args:
        db: holds ``sightings`` (columns ``SIGHTINGS``): those that are new, or with
            ``is_full`` all there have ever been, the new ones marked ``is_fresh``; and
            ``named`` (columns ``NAMED``): whom rows name that could not be read.
        sender: takes the findings.
        report: whose sightings they are.
        days: every report that has come, old and new.
        close_after: how many reports without it close a finding.
        is_full: fold the report from its beginning; see the module.
        has_port: whether the port is part of what tells findings of this report apart.

    """
    is_simple = _fold(db, report, days, close_after, is_full=is_full)
    _number(db, sender, is_simple=is_simple)
    counts = _counts(db)
    if is_full:
        counts = replace(counts, left=bulk.write_all(db, sender, report))
    else:
        bulk.write_changes(db, sender, report)
    _point_to(db, report, has_port=has_port)
    return counts


def _fold(
    db: ScratchDatabase,
    report: str,
    days: Iterable[ReportDay],
    close_after: int,
    *,
    is_full: bool,
) -> bool:
    """Make the table ``episodes``; return whether the short way was enough."""
    _give_days(db, days, close_after)
    _give_prior(db, report, is_full=is_full)
    _give_claimed(db, report)
    db.drop("folded")
    is_simple = not is_full and _is_simple(db)
    db.run(_sql("fold_one.sql" if is_simple else "fold.sql", close_after=close_after))
    if is_full:
        _give_numbers_back(db, report)
    return is_simple


def episodes_again(
    db: ScratchDatabase, *, report: str, days: Iterable[ReportDay], close_after: int
) -> None:
    """Write the file of episodes that the database names, from all sightings of the report.

    Changes nothing in the database. Arguments as for ``fold_report`` with ``is_full``.

    Raises:
        Conflict: the sightings give other findings than there are.

    """
    _fold(db, report, days, close_after, is_full=True)
    db.run(_sql("number.sql", first_id=0))
    bulk.tell_moved(db, report)
    if db.rows("select 1 from folded where is_new limit 1") or not bulk.agrees(db, report):
        raise Conflict(
            _(
                "The findings of %s do not follow from the received files. Nothing was changed. "
                "Run samsyn store_rebuild --anew to bring them into agreement."
            )
            % report
        )
    folded = FoldedReport.objects.get(report=report)
    write(db, f"select {', '.join(EPISODES.columns)} from folded", episodes_path(folded.episodes))


def _give_days(db: ScratchDatabase, days: Iterable[ReportDay], close_after: int) -> None:
    columns = {"stream": "varchar", "seen_on": "date", "is_read": "boolean"}
    known = [(day.stream, day.on, day.is_read) for day in days]
    db.table("days_given", columns, known)
    db.run(_sql("closings.sql", close_after=close_after))


def _give_prior(db: ScratchDatabase, report: str, *, is_full: bool) -> None:
    folded = FoldedReport.objects.filter(report=report).first()
    if folded is None or is_full:
        columns = ", ".join(f"null::{kind} as {name}" for name, kind in EPISODES.columns.items())
        db.run(f"create or replace temp table prior as select {columns} where false")
        db.run(
            "create or replace temp table before as select finding_id, episode, "
            "false as is_closed from prior"
        )
        return
    path = literal(episodes_path(folded.episodes))
    db.run(f"create or replace temp table prior as from read_parquet({path})")
    db.run(
        "create or replace temp table before as select finding_id, episode, "
        "closed_on is not null as is_closed from prior where is_last"
    )


def _give_claimed(db: ScratchDatabase, report: str) -> None:
    """Give the days on which people said that a finding was fixed."""
    events = FindingEvent.unscoped.filter(  # scope: the fold works for everybody
        kind=FindingEventKind.ANSWERED, answer_kind=AnswerKind.FIXED, finding__report=report
    )
    rows = events.values_list(
        "finding__organisation_id", "finding__subject", "finding__port", "at__date"
    )
    columns = {
        "organisation_id": "bigint",
        "subject": "varchar",
        "port": "integer",
        "fixed_on": "date",
    }
    db.table("claimed", columns, rows)


def _give_numbers_back(db: ScratchDatabase, report: str) -> None:
    """Let known findings keep their numbers when the report is folded from its beginning."""
    known = Finding.unscoped.filter(report=report)  # scope: the fold works for everybody
    rows = known.values_list("pk", "organisation_id", "subject", "port", "reopened_count", "state")
    columns = {
        "finding_id": "bigint",
        "organisation_id": "bigint",
        "subject": "varchar",
        "port": "integer",
        "reopened_count": "integer",
        "state": "varchar",
    }
    db.table("known", columns, rows.iterator(chunk_size=20_000))
    db.run(
        "create or replace temp table before as select finding_id, "
        "reopened_count + 1 as episode, state = 'closed' as is_closed from known"
    )
    db.run(
        "create or replace temp table episodes as "
        "select e.* replace (k.finding_id as finding_id) from episodes e left join known k "
        "on k.organisation_id = e.organisation_id and k.subject = e.subject and k.port = e.port"
    )


def _is_simple(db: ScratchDatabase) -> bool:
    """Return whether the short way is enough: no key comes twice in this run, and none is named."""
    if db.rows("select 1 from named limit 1") and db.rows(_NAMED_AND_KNOWN):
        return False
    twice = db.rows(
        "select 1 from (select hash(organisation_id, subject, port) as key from sightings) "
        "group by key having count(*) > 1 limit 1"
    )
    return not twice


def _number(db: ScratchDatabase, sender: Sender, *, is_simple: bool) -> None:
    wanted = db.rows("select count(*) from episodes where is_last and finding_id is null")[0][0]
    first = sender.reserve_numbers(wanted) if wanted else 0
    db.run(_sql("number_one.sql" if is_simple else "number.sql", first_id=first))


def _counts(db: ScratchDatabase) -> Folded:
    """Count findings touched by the new sightings, each in one column only."""
    found = db.rows(
        "with seen as ("
        "  select distinct organisation_id, subject, port from sightings where is_fresh) "
        "select count(*) filter (t.is_new), "
        "count(*) filter (not t.is_new and s.subject is not null and t.episode <= b.episode), "
        "count(*) filter (not t.is_new and s.subject is not null and t.episode > b.episode), "
        "count(*) filter (t.closed_on is not null and not coalesce(b.is_closed, false)) "
        "from folded t "
        "left join seen s on s.organisation_id = t.organisation_id and s.subject = t.subject "
        "  and s.port = t.port "
        "left join before b on b.finding_id = t.finding_id "
        "where t.is_last"
    )[0]
    new, seen_again, reopened, closed = (int(number) for number in found)
    return Folded(new, seen_again, reopened, closed)


def _point_to(db: ScratchDatabase, report: str, *, has_port: bool) -> None:
    """Write the episodes to the store and let the database name the file."""
    name = f"{report}-{uuid4().hex[:12]}.parquet"
    columns = ", ".join(EPISODES.columns)
    write(
        db,
        f"select {columns} from folded",
        episodes_path(name),
    )
    latest = db.rows("select max(seen_on) from report_days")[0][0]
    values = {"episodes": name, "latest_on": latest, "has_port": has_port}
    values["folded_at"] = timezone.now()  # other processes keep what they show by it
    # Not update_or_create: what is being sent must not be inside its savepoint.
    if not FoldedReport.objects.filter(report=report).update(**values):
        FoldedReport.objects.create(report=report, **values)


def sweep(*, before: float) -> int:
    """Remove files of episodes that no report names any more; return how many.

    Args:
        before: seconds since 1970; younger files stay, since somebody may be reading them.

    """
    wanted = set(FoldedReport.objects.values_list("episodes", flat=True))
    removed = 0
    for path in EPISODES.folder.glob("*.parquet"):
        if path.name not in wanted and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _sql(file: str, **values: int) -> str:
    text = sql_file(MEASURES, file)
    for key, value in values.items():
        text = text.replace(f"${key}", str(int(value)))
    return text
