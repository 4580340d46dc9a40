"""The life of a finding, as far as people have a say in it."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

CASE = re.compile(r"^\s*F-(?P<year>\d{4})-(?P<number>\d{1,18})\s*\Z", re.IGNORECASE | re.ASCII)

# What an answer makes of an unsolved finding. That it is gone is for the reports to say.
STATE_AFTER_ANSWER = {
    "planned": "acknowledged",
    "fixed": "fixed",
    "accepted": "acknowledged",
    "not_ours": "acknowledged",
    "false_alarm": "acknowledged",
    "help": "acknowledged",
}
NEEDS_UNTIL = frozenset({"planned"})
CAN_BE_ACKNOWLEDGED = frozenset({"open", "reopened"})


CVE = re.compile(r"^\s*CVE-\d{4}-\d{4,7}\s*\Z", re.IGNORECASE | re.ASCII)
_WORD = re.compile(r"[^\W\d_]{3}")


def is_word(text: str) -> bool:
    """Return whether a text has a word in it, as a product or tag does and an address does not.

    Source:
        Our own rule: three letters side by side; hexadecimal IPv6 is told by its colons.

    Example:
        >>> is_word("webshell"), is_word("198.51.100.7"), is_word("2001:db8:cafe::1")
        (True, False, False)

    """
    return ":" not in text and _WORD.search(text) is not None


def case_number_read(text: str) -> int | None:
    """Return the number of the finding that a case number names, or None.

    Source:
        Our own form: F, the year first seen, the number.

    Example:
        >>> case_number_read("f-2026-000123")
        123

    """
    found = CASE.match(text)
    return int(found["number"]) if found else None


def state_after_answer(state: str, answer: str) -> str:
    """Return the state of a finding once it has been answered.

    Args:
        state: open, acknowledged, fixed, closed or reopened.
        answer: planned, fixed, accepted, not_ours, false_alarm or help.

    Raises:
        ValueError: the answer is none of these.

    Source:
        Our own rule: a closed finding stays closed; "fixed" is a claim that the next
        reports confirm or refute.

    """
    if answer not in STATE_AFTER_ANSWER:
        raise ValueError(answer)
    return state if state == "closed" else STATE_AFTER_ANSWER[answer]


FIX_WINDOW_DAYS = 90  # so many days back counts as lately; a month holds too few to be steady
SERIOUS = 3  # high and critical
CRITICAL = 4
ANSWER_DAYS = 14


def is_answered_in_time(told_on: date, answered_on: date | None) -> bool:
    """Return whether an answer came within 14 days of the letter.

    Args:
        told_on: the day of the letter.
        answered_on: the day of the first answer after it, or None.

    Source:
        Our own rule, from issue 3, part 5: share of told findings answered in 14 days.

    """
    return answered_on is not None and (answered_on - told_on).days <= ANSWER_DAYS


def yesterday_began(local: datetime) -> datetime:
    """Return when yesterday began, where the reader is; what is seen since then is new.

    Yesterday and not a day ago: what came in during the night, or before a colleague left
    in the afternoon, is still new to whoever opens the page in the morning.

    Args:
        local: now, in the reader's zone.

    Source:
        Our own rule.

    """
    return (local - timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def days_ago(local: datetime, days: int) -> datetime:
    """Return when the day began that was so many days ago, where the reader is.

    What is older is older for the whole day, in a figure as in the list that it opens.

    Args:
        local: now, in the reader's zone.
        days: how many.

    Source:
        Our own rule.

    """
    return (local - timedelta(days=days)).replace(hour=0, minute=0, second=0, microsecond=0)
