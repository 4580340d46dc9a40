"""One page of a long list, without dragging the whole list along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True, kw_only=True)
class Page:
    """The rows of one page, and where it stands among the others."""

    rows: Sequence[Any]
    number: int
    size: int
    total: int

    @property
    def count(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(-(-self.total // self.size), 1)

    @property
    def first(self) -> int:
        """The number of the first row on the page, from 1."""
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.number * self.size, self.total)

    @property
    def numbers(self) -> list[int]:
        """The pages to offer: the first, the last and those near this one; 0 stands for a gap."""
        near = {1, self.count, *range(self.number - 1, self.number + 2)}
        shown = sorted(n for n in near if 1 <= n <= self.count)
        numbers: list[int] = []
        for n in shown:
            if numbers and n - numbers[-1] > 1:
                numbers.append(0)
            numbers.append(n)
        return numbers


def page_of(rows: Any, *, number: int, size: int, total: int | None = None) -> Page:
    """Return one page of a query or a list; a number beyond the end gives the last page.

    For a query the keys of the page are found first and the rows by their keys: the
    database then sorts narrow keys instead of whole rows.

    Args:
        total: how many rows there are, where the caller knows it cheaper than a count.

    """
    if total is None:
        total = rows.count() if isinstance(rows, QuerySet) else len(rows)
    last = max(-(-total // size), 1)
    number = min(max(number, 1), last)
    begin = (number - 1) * size
    if isinstance(rows, QuerySet) and _is_plain(rows):
        keys = _keys(rows, begin, min(begin + size, total), total)
        found = {row.pk: row for row in rows.filter(pk__in=keys).order_by()}
        chosen: Sequence[Any] = [found[key] for key in keys if key in found]
    else:
        chosen = list(rows[begin : begin + size])
    return Page(rows=chosen, number=number, size=size, total=total)


def _keys(rows: QuerySet[Any], begin: int, end: int, total: int) -> list[Any]:
    """Return the keys from ``begin`` to ``end``, found from whichever end is nearer."""
    keys = rows.values_list("pk", flat=True)
    if begin <= total // 2 or not rows.ordered:
        return list(keys[begin:end])
    return list(keys.reverse()[total - end : total - begin])[::-1]


def _is_plain(rows: QuerySet[Any]) -> bool:
    """Whether the rows are whole model instances, found again by their key."""
    return (
        rows._fields is None  # type: ignore[attr-defined]  # None where rows are whole instances; the stubs leave it out
        and not rows.query.distinct
        and not rows.query.combinator
        and not rows.query.annotation_select
    )
