"""Says of each received CSV which report it is, of which day, and whether we have it already."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from samsyn.kernel.addresses import address_read
from samsyn.monitoring.files import Content, FileRefused, Received, ReportName, parse_report_name
from samsyn.monitoring.reader import HeaderDamaged, Record, header_read, records

DAMAGED_LINES = 100_000
DAMAGED_SHARE = 10  # refused when at most one line in so many can be a whole row
SUBJECTS = ("address", "account", "account_instead", "site", "host", "name")


@dataclass(slots=True)
class IncomingReport:
    """One report to be read: what it is, and what reading it found.

    ``version`` tells the later of two files of one report and day, by the number of a copy, then
    by when it was written; of a file whose name does not say what it is, nobody knows.
    """

    received: Received
    content: Content
    name: str
    stream: str
    on: date
    header: list[str]
    identity: str
    file_no: int = 0
    is_clean: bool = True
    rows: int = 0
    rejected: int = 0
    observations: int = 0
    attributed: int = 0
    contested: int = 0
    version: tuple[int, int, str, str] | None = None
    forgiven: Counter[str] = field(default_factory=Counter)  # rows or files, by what was wrong

    @property
    def key(self) -> tuple[str, tuple[str, ...], bool]:
        """What reports must share to be read together."""
        return (self.name, tuple(self.header), self.content.is_clean)

    @property
    def says_who_is_absent(self) -> bool:
        """Whether a row could be read, or there was none: once it has been read."""
        return bool(self.observations or not self.rejected)

    def received_by(self, operator: int) -> None:
        """Make identity and stream the operator's own.

        Two operators in one installation are strangers: each reads its own copy of a
        report, and a report of one is no evidence of absence for the findings of another.
        """
        told = f"{operator} {self.identity}"
        self.identity = hashlib.sha256(told.encode()).hexdigest()[:32]
        self.stream = f"{operator}:{self.stream or ''}"


@dataclass(slots=True)
class RefusedEntry:
    """One file, or one file in an archive, that is not taken."""

    received: Received
    entry: str
    code: str
    detail: str


def identified(
    received: Received, reports: Mapping[str, Any], aliases: Mapping[str, str] | None = None
) -> Iterator[IncomingReport | RefusedEntry]:
    """Yield what each CSV of a received file is.

    Args:
        received: the file as kept.
        reports: the facts of all reports (``packs/reports/shadowserver.json``).
        aliases: other names of reports, from the same pack.

    """
    if received.refused is not None:
        yield RefusedEntry(received, "", received.refused.code, received.refused.detail)
        return
    if not received.contents:
        yield RefusedEntry(received, "", "empty_archive", "")
    for content in received.contents:
        try:
            yield _identified(received, content, reports, aliases or {})
        except FileRefused as refused:
            yield RefusedEntry(received, content.name, refused.code, refused.detail)


def _identified(
    received: Received, content: Content, reports: Mapping[str, Any], aliases: Mapping[str, str]
) -> IncomingReport:
    try:
        first = header_read(content.path)
    except HeaderDamaged:
        raise FileRefused("no_header") from None
    header = first.names
    _check_lines(content, header)
    said, version = parse_report_name(content.name), None
    if said is not None:
        version = (said.copy, received.modified_ns, received.name, content.name)
        said = replace(said, report=aliases.get(said.report, said.report))
    if said is None:
        said = _identified_by_content(content, header, reports)
    elif said.report not in reports:
        # A name we do not know is a report newer than the schema: guessing by columns
        # would give it another report's meaning.
        raise FileRefused("unknown_report", said.report)
    _check_columns(header, reports[said.report]["layout"])
    return IncomingReport(
        received, content, said.report, said.stream, said.on, header, _identity(content, said),
        version=version, forgiven=Counter(first.forgiven),
    )  # fmt: skip


def _check_lines(content: Content, header: Sequence[str]) -> None:
    """Refuse a file of which nearly all is certainly damage.

    A row takes a byte for each column at least. To set millions of lines aside one by one
    takes minutes, and counting such a file as the report of its day would close findings.
    """
    whole_rows = content.path.stat().st_size // len(header)
    if content.lines > DAMAGED_LINES and whole_rows * DAMAGED_SHARE < content.lines:
        raise FileRefused("mostly_damaged", f"{content.lines} lines")


def _identity(content: Content, name: ReportName) -> str:
    """Return what makes two files the same report of the same day.

    An empty report says only that a stream came, so that there the stream counts.
    """
    stream = name.stream if content.lines <= 1 else ""
    text = f"{content.sha256} {name.report} {name.on} {stream}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _check_columns(header: Sequence[str], layout: Mapping[str, str]) -> None:
    subjects = [layout[part] for part in SUBJECTS if part in layout]
    if "timestamp" not in header or not any(column in header for column in subjects):
        raise FileRefused("wrong_columns", ", ".join(header[:6]))


def _identified_by_content(
    content: Content, header: Sequence[str], reports: Mapping[str, Any]
) -> ReportName:
    found = [  # of two reports with the same columns by intent, the name alone tells the other
        name
        for name, facts in reports.items()
        if set(facts["columns"]) == set(header) and "like" not in facts
    ]
    if not found:
        raise FileRefused("unknown_report", content.name)
    first = next((row for row in records(content.path) if isinstance(row, Record)), None)
    if first is None:
        raise FileRefused("no_date")
    cells = dict(zip(header, first.cells, strict=True))
    if len(found) > 1:
        found = [name for name in found if _fits_family(cells, reports[name])]
    if len(found) != 1:
        raise FileRefused("ambiguous_report", ", ".join(found[:4]))
    try:
        on = date.fromisoformat(cells["timestamp"].strip()[:10])
    except ValueError:
        raise FileRefused("no_date") from None
    return ReportName(found[0], "", on)


def _fits_family(cells: Mapping[str, str], facts: Mapping[str, Any]) -> bool:
    """Return whether a row's address is of the family that the report is about."""
    try:
        found = address_read(cells.get(facts["layout"].get("address", ""), ""))
    except ValueError:
        return False
    return bool((6 if ":" in found.text else 4) == facts["family"])
