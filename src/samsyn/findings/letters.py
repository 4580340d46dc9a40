"""What stands in a letter about findings: chosen and put in order here, worded by the templates.

A letter is composed in the reader's language and zone (``in_the_words_of``). It lists at most
thirty findings and explains at most ten kinds; the rest is counted, with the way to see it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samsyn.content.packs import localised
from samsyn.findings.answer_links import VALID
from samsyn.findings.evidence import evidence_in_short, explained_tags
from samsyn.findings.letter_files import ROWS_MOST as ROWS_IN_FILE
from samsyn.findings.letter_files import file_name, findings_csv
from samsyn.findings.models import Finding, FindingState, Severity
from samsyn.findings.texts import Advice, advice, answer_by, severity_words
from samsyn.kernel.domains import readable_name
from samsyn.messages.rules import clean_line
from samsyn.organisations.models import Organisation
from samsyn.organisations.phones import phone_text
from samsyn.ui.moments import moment_text, zone_text

ROWS_MOST = 30
KINDS_MOST = 10
LinkTo = Callable[[Finding | None], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRow:
    """One finding in a letter."""

    case_number: str
    place: str  # address or name, and port
    detail: str
    seen: str
    first_seen: date
    is_again: bool
    run_by: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KindPart:
    """The findings of one kind: what it is, what to do, and where."""

    severity: str
    within: str
    answer_by: date | None
    advice: Advice
    rows: tuple[LetterRow, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerPart:
    """The findings of one owner. ``role`` says why the reader gets them: own, part or host."""

    owner: str
    role: str
    kinds: tuple[KindPart, ...]
    further: tuple[tuple[str, int], ...]  # kinds only counted: title and number


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter as it will be sent."""

    language: str
    subject: str
    text: str
    html: str
    file_name: str = ""
    file_text: str = ""

    @property
    def file_size(self) -> int:
        """How many bytes the attached file has."""
        return len(self.file_text.encode("utf-8-sig"))


@contextmanager
def in_the_words_of(language: str) -> Iterator[None]:
    """Speak a language and tell time in the installation's zone."""
    zone = ZoneInfo(settings.DISPLAY_TIME_ZONE)
    with translation.override(language), timezone.override(zone):
        yield


def letter_compose(
    *,
    receiver: Organisation,
    operator: Organisation,
    findings: Sequence[Finding],
    language: str,
    open_total: int,
    link_to: LinkTo,
    now: datetime,
    is_urgent: bool = False,
) -> Letter:
    """Return the letter to one organisation about these findings, ranked as they come.

    Args:
        receiver: whose contact reads it.
        operator: who writes.
        findings: at least one, the most important first, with owner and host.
        language: sv, nb or en.
        open_total: how many findings are unsolved at the receiver in all.
        link_to: returns the address for answering one finding, or all (None).
        now: when it is written.
        is_urgent: whether it tells only of what cannot wait.

    """
    with in_the_words_of(language):
        today = timezone.localtime(now).date()
        shown = {
            "receiver": clean_line(receiver.name),
            "operator": clean_line(operator.name),
            "parts": owner_parts(
                receiver=receiver, findings=findings, link_to=link_to, today=today
            ),
            "phone": phone_text(operator),
            "count": len(findings),
            "open_total": open_total,
            "is_urgent": is_urgent,
            "again": sum(f.state == FindingState.REOPENED for f in findings),
            "answer_url": link_to(None),
            "portal_url": f"{settings.BASE_URL}/findings/",
            "valid_until": timezone.localtime(now + VALID).date(),
            "subject": subject_of(receiver=receiver, findings=findings, is_urgent=is_urgent),
            "language": language,
            "file_name": file_name(today),
            "file_most": ROWS_IN_FILE if len(findings) > ROWS_IN_FILE else 0,
        }
        return _written(shown, findings)


def _written(shown: dict[str, Any], findings: Sequence[Finding]) -> Letter:
    return Letter(
        language=shown["language"],
        subject=shown["subject"],
        text=_tidy(render_to_string("findings/digest.txt", shown)),
        html=render_to_string("findings/digest.html", shown),
        file_name=shown["file_name"],
        file_text=findings_csv(findings),
    )


def subject_of(
    *, receiver: Organisation, findings: Sequence[Finding], is_urgent: bool = False
) -> str:
    """Return the subject: the case number when it is one finding, else how many and how bad."""
    name = clean_line(receiver.name, longest=80)
    critical = sum(f.severity == Severity.CRITICAL for f in findings)
    if len(findings) == 1:
        subject = _one_finding(findings[0], name)
    elif is_urgent:
        count = len(findings)
        subject = ngettext(
            "%(count)d critical finding at %(member)s",
            "%(count)d critical findings at %(member)s",
            count,
        ) % {"count": count, "member": name}
    else:
        subject = _new_findings(len(findings), critical, name)
    return clean_line(_("Act today: %s") % subject if is_urgent else subject)


def _one_finding(finding: Finding, member: str) -> str:
    said = "%(case)s: %(title)s – %(member)s"
    if finding.severity == Severity.CRITICAL:
        said = _("%(case)s, critical: %(title)s – %(member)s")
    title = _words_of(finding).title
    return said % {"case": finding.case_number, "title": title, "member": member}


def _new_findings(count: int, critical: int, member: str) -> str:
    said = _("%(count)d new findings at %(member)s")
    if critical:
        said = ngettext(
            "%(count)d new findings at %(member)s, %(critical)d of them critical",
            "%(count)d new findings at %(member)s, %(critical)d of them critical",
            critical,
        )
    return said % {"count": count, "member": member, "critical": critical}


def owner_parts(
    *, receiver: Organisation, findings: Sequence[Finding], link_to: LinkTo, today: date
) -> tuple[OwnerPart, ...]:
    """Return the findings by owner and kind, the worst first, also across owners.

    The owner with the worst finding comes first; of equals, the receiver itself. What there
    is no room for is the least bad of all, whosever it is.
    """
    kinds: dict[tuple[int, str], list[Finding]] = {}
    for finding in findings:  # ranked, so that the kinds stand in order of their worst
        kinds.setdefault((finding.organisation_id, finding.report), []).append(finding)
    left = _Space(rows=ROWS_MOST, kinds=min(len(kinds), KINDS_MOST))
    rooms = {which: left.take(len(some)) if left.kinds else 0 for which, some in kinds.items()}
    owners = sorted(
        dict.fromkeys(owner for owner, _report in kinds),
        key=lambda owner: (-_worst(findings, owner), owner != receiver.pk),
    )
    return tuple(
        _owner_part(
            receiver,
            [(some, rooms[which]) for which, some in kinds.items() if which[0] == owner],
            link_to,
            today,
        )
        for owner in owners
    )


def _worst(findings: Sequence[Finding], owner: int) -> int:
    return max(f.severity for f in findings if f.organisation_id == owner)


class _Space:
    """How many rows and kinds there is still room for in a letter."""

    def __init__(self, *, rows: int, kinds: int) -> None:
        self.rows, self.kinds = rows, kinds

    def take(self, wanted: int) -> int:
        """Take a kind, and as many of its rows as leave one for each kind that follows."""
        self.kinds -= 1
        taken = max(1, min(wanted, self.rows - self.kinds))
        self.rows -= taken
        return taken


def _owner_part(
    receiver: Organisation,
    kinds: list[tuple[list[Finding], int]],
    link_to: LinkTo,
    today: date,
) -> OwnerPart:
    first = kinds[0][0][0]
    return OwnerPart(
        owner=clean_line(first.organisation.name),
        role=_role(receiver, first),
        kinds=tuple(
            _kind_part(some[:room], len(some) - room, link_to, receiver, today)
            for some, room in kinds
            if room
        ),
        further=tuple((_words_of(some[0]).title, len(some)) for some, room in kinds if not room),
    )


def _role(receiver: Organisation, finding: Finding) -> str:
    if finding.organisation_id == receiver.pk:
        return "own"
    return "host" if finding.operated_by_id == receiver.pk else "part"


def _kind_part(
    shown: list[Finding], more: int, link_to: LinkTo, receiver: Organisation, today: date
) -> KindPart:
    worst = severity_words(shown[0].severity)
    return KindPart(
        severity=localised(worst["name"]),
        within=localised(worst["within"]),
        answer_by=answer_by(shown[0].severity, today),
        advice=_words_of(shown[0]),
        rows=tuple(_row(finding, link_to, receiver) for finding in shown),
        more=more,
    )


def _row(finding: Finding, link_to: LinkTo, receiver: Organisation) -> LetterRow:
    host = finding.operated_by
    return LetterRow(
        case_number=finding.case_number,
        place=place_of(finding),
        detail=product_of(finding),
        seen=_seen(finding),
        first_seen=timezone.localtime(finding.first_seen_at).date(),
        is_again=finding.state == FindingState.REOPENED,
        run_by=clean_line(host.name) if host and host.pk != receiver.pk else "",
        url=link_to(finding),
    )


def _seen(finding: Finding) -> str:
    """Return what was seen last, with the time and its zone, and what a tag says."""
    told = " ".join([*explained_tags(finding), evidence_in_short(finding)]).strip()
    said = ngettext(
        "Seen %(moment)s %(zone)s, once.",
        "Last seen %(moment)s %(zone)s, %(times)d times in all.",
        finding.times_seen,
    )
    when = said % {
        "moment": moment_text(finding.last_seen_at),
        "zone": zone_text(finding.last_seen_at),
        "times": finding.times_seen,
    }
    return f"{told}{'' if told.endswith('.') or not told else '.'} {when}".strip()


def place_of(finding: Finding) -> str:
    """Return where a finding is: address or name, port and protocol, and the host's name."""
    place = readable_name(clean_line(finding.subject, longest=253))
    if finding.port:
        place += " " + _("port %(port)d/%(protocol)s") % {
            "port": finding.port,
            "protocol": clean_line(finding.protocol) or "tcp",
        }
    if finding.host_name and finding.host_name != finding.subject:
        place += f" ({readable_name(clean_line(finding.host_name, longest=253))})"
    return place


def product_of(finding: Finding) -> str:
    """Return which product was seen there and which known holes it has, in one line."""
    seen: dict[str, Any] = finding.detail or {}
    product = " ".join(clean_line(str(seen.get(n) or "")) for n in ("vendor", "product", "version"))
    holes = [clean_line(str(hole), longest=20) for hole in seen.get("cves") or ()]
    return ", ".join(part for part in [" ".join(product.split()), *holes[:5]] if part)


def _words_of(finding: Finding) -> Advice:
    return advice(finding.report, taxonomy=finding.taxonomy, rsit_type=finding.rsit_type)


def _tidy(text: str) -> str:
    """Return a text without the empty lines that template tags leave."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines).strip() + "\n"
