"""Rows of a list that are chosen, and what is done with several at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from samsyn.kernel.limits import id_read
from samsyn.ui.components.base import Text

CHOSEN_MOST = 500
CHOSEN, NARROWED = "chosen", "narrowed"


@dataclass(frozen=True, kw_only=True)
class BulkButton:
    """Something that can be done with several rows at once: one service that takes them all.

    With ``page``, the name of an address, the rows are taken there (``?chosen=1,2``) to be asked
    for more; else the service is called at once.
    """

    name: str
    label: Text
    service: Callable[..., Any]
    rows_name: str = ""  # what the service calls them
    done: Text = ""
    is_dangerous: bool = False
    page: str = ""


def address_with(page: str, rows: Iterable[Any], *, narrowed: str = "") -> str:
    """Return the address of a page that is told which rows are chosen.

    Args:
        page: the name of its address.
        rows: that are chosen.
        narrowed: the query of the list that they are chosen from, to which one is led back.

    """
    told = {CHOSEN: ",".join(str(row.pk) for row in rows)}
    return f"{reverse(page)}?{urlencode(told | ({NARROWED: narrowed} if narrowed else {}))}"


def list_address(url: str, query: QueryDict) -> str:
    """Return the address of the list that led here, narrowed as it was."""
    narrowed = QueryDict(query.get(NARROWED, "")).urlencode()
    return f"{url}?{narrowed}" if narrowed else url


def chosen_in(query: QueryDict) -> list[int]:
    """Return the ids of the rows that a list has led here with."""
    texts = query.get(CHOSEN, "").split(",")[:CHOSEN_MOST]
    return [pk for text in texts if (pk := id_read(text)) is not None]
