"""Calendar periods: a month, quarter or year, and the one before it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from samsyn.kernel.limits import DAY_FIRST, DAY_LAST

MONTHS_IN_QUARTER, MONTHS_IN_YEAR = 3, 12


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole calendar months: the first day and the number of months."""

    begins_on: date
    months: int = 1

    @classmethod
    def read(cls, text: str) -> Period:
        """Return the period written as 2026-10, 2026-Q3 or 2026.

        Raises:
            ValueError: it is written otherwise, there is no such month or quarter, or it lies
                outside the days that Samsyn works with.

        Example:
            >>> Period.read("2026-Q3").ends_on.isoformat()
            '2026-09-30'

        """
        found = re.fullmatch(r"(\d{4})(?:-(?:(\d{2})|Q([1-4])))?", text.strip(), re.ASCII)
        if not found or not DAY_FIRST.year <= int(found[1]) <= DAY_LAST.year:
            raise ValueError(f"{text!r} is not a period; write 2026-10, 2026-Q3 or 2026")
        year, month, quarter = found.groups()
        if month:
            return cls(date(int(year), int(month), 1))
        if quarter:
            return cls(date(int(year), 3 * int(quarter) - 2, 1), MONTHS_IN_QUARTER)
        return cls(date(int(year), 1, 1), MONTHS_IN_YEAR)

    @classmethod
    def month_of(cls, day: date) -> Period:
        """Return the month that a day is in."""
        return cls(day.replace(day=1))

    @property
    def ends_on(self) -> date:
        """The last day."""
        return self.after.begins_on - timedelta(days=1)

    @property
    def after(self) -> Period:
        """The period of the same length that follows."""
        return Period(_shifted(self.begins_on, self.months), self.months)

    @property
    def before(self) -> Period:
        """The period of the same length that comes before."""
        return Period(_shifted(self.begins_on, -self.months), self.months)

    def month_ends(self, count: int) -> list[date]:
        """Return the last days of the ``count`` months up to the end of the period."""
        firsts = [_shifted(self.after.begins_on, -back) for back in range(count)]
        return [first - timedelta(days=1) for first in reversed(firsts)]

    def __str__(self) -> str:
        if self.months == MONTHS_IN_YEAR:
            return f"{self.begins_on:%Y}"
        if self.months == MONTHS_IN_QUARTER:
            return f"{self.begins_on:%Y}-Q{(self.begins_on.month + 2) // 3}"
        return f"{self.begins_on:%Y-%m}"


def _shifted(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, MONTHS_IN_YEAR)
    return date(first.year + years, month + 1, 1)
