"""What a fuzzer sends, and how the laws send it: hostile words, ids, queries, forms and bodies."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from django import forms
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import QueryDict
from django.urls import resolve
from django.utils import timezone

from samsyn.analytics.version_cache import clear_cache
from samsyn.ui.filters import FilterForm
from samsyn.ui.screens import ListScreen

ANSWERS = frozenset({200, 201, 204, 301, 302, 400, 403, 404, 405, 409, 413, 415, 422})
IDS = (0, 2**31, 2**63 - 1, 2**63, 10**30, "1" * 5000)
NUMBERS = ("-1", "1" + "0" * 30, "1e999", "NaN", "٣")
DATES = ("2026-02-30", "0001-01-01", "9999-12-31", "99999-01-01")
MONTHS = ("0001-01", "9999-12", "9999-Q4")
WORDS = (
    "",
    "a\0b",
    "x" * 5000,
    "🦊\u202e\u200f\u0301" * 20,
    "'; drop table x; --<script>alert(1)</script>{{ 7*7 }}%s%n%(x)s{0}../../etc/passwd",
    "\x1b\x7f\x85\ufffe\uffff\u2028",
    ",",
    "findings.Finding-" + "9" * 18,
    "p" + "9" * 30,
    "2001:db8::%x/32",  # an address with a zone
)
RAW = ("%ff%00", "%ed%a0%80", "%")  # not UTF-8, or no escape at all
VALUES = (*WORDS, *NUMBERS, *DATES, *MONTHS)
PART = {"HX-Request": "true", "HX-Target": "list"}
BOOSTED = {"HX-Request": "true", "HX-Boosted": "true"}
CONVERTER = re.compile(r"<(?:\w+:)?\w+>")
READERS = ("get", "getlist", "__getitem__", "__contains__")


def fitting(kind: forms.Field) -> tuple[str, ...]:
    """Return the hostile values that a field of this kind is most likely to trip over."""
    if isinstance(kind, forms.DateField):
        return DATES
    if isinstance(kind, forms.IntegerField | forms.FloatField | forms.DecimalField):
        return NUMBERS
    if isinstance(kind, forms.ChoiceField):  # of models, too
        return ("1" + "0" * 30, "a\0b", "p٣")
    return ("a\0b", "x" * 5000, "🦊\u202e\u0301\x1b\ufffe[\\", "2001:db8::%x/32")


def choices(kind: forms.Field) -> list[str]:
    """Return what a field offers: every one may be asked for."""
    offered = getattr(kind, "choices", None) or []
    flat: list[str] = []
    for key, word in offered:
        flat += [str(k) for k, _w in word] if isinstance(word, list | tuple) else [str(key)]
    return flat[:5]


@dataclass
class Knocks:
    """Sends requests, undoes what they did, and keeps what was answered wrongly."""

    client: Any
    meant: frozenset[int] = ANSWERS
    sent: int = 0
    wrong: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client.raise_request_exception = False

    def get(self, url: str, query: Any = "", *, headers: Any = None) -> Any:
        """Ask for a page; its answer must be one that was meant."""
        given = query if isinstance(query, str) else urlencode(query, doseq=True, errors="replace")
        return self.judged("GET", f"{url}?{given}" if given else url, headers=headers)

    def post(self, url: str, data: Any, **more: Any) -> Any:
        """Send a form; whatever came of it is undone."""
        return self.judged("POST", url, data=data, **more)

    def judged(self, method: str, url: str, *, said: str = "", **more: Any) -> Any:
        """Send, undo, and note an answer that nobody meant."""
        headers = more.pop("headers", None) or {}
        cache.clear()  # else the pace of strangers would answer instead of the page
        try:
            with transaction.atomic():
                answer = getattr(self.client, method.lower())(url, headers=headers, **more)
                if answer.streaming:
                    answer.content_read = b"".join(answer.streaming_content)
                transaction.set_rollback(True)
        finally:
            if method != "GET":
                clear_cache()
        self.sent += 1
        if answer.status_code not in self.meant:
            self.note(answer, f"{method} {url[:160]} {headers} {said or str(more)[:200]}")
        return answer

    def note(self, answer: Any, what: str) -> None:
        """Keep a wrong answer under where it broke."""
        where = str(answer.status_code)
        if exc := getattr(answer, "exc_info", None):
            frames = traceback.extract_tb(exc[2])
            ours = [f for f in frames if "/samsyn/" in f.filename] or frames
            last = ours[-1]
            where = f"{exc[0].__name__}: {str(exc[1])[:120]} in {last.filename}:{last.lineno}"
        self.wrong.setdefault(where, []).append(what)

    def said(self) -> str:
        """Return what was wrong, each kind once."""
        return "\n".join(f"{len(v)}x {k}\n    {v[0]}" for k, v in self.wrong.items())


def screen_of(url: str) -> tuple[Any, dict[str, Any]]:
    """Return the class behind an address, and what it was made with."""
    found = resolve(url).func
    return getattr(found, "view_class", None), getattr(found, "view_initkwargs", {})


def filters_of(url: str) -> dict[str, forms.Field]:
    """Return the fields of the filters of a list; none for other pages."""
    screen, given = screen_of(url)
    form = given.get("filters") or getattr(screen, "filters", None)
    return dict(form.base_fields) if isinstance(form, type) and issubclass(form, FilterForm) else {}


def columns_of(url: str) -> list[str]:
    """Return the names of a list's columns."""
    screen, given = screen_of(url)
    if not (isinstance(screen, type) and issubclass(screen, ListScreen)):
        return []
    return [c.name for c in given.get("columns") or getattr(screen, "columns", ())]


def read_by(client: Any, url: str) -> list[str]:
    """Return the names of the parameters that a page reads when it is asked for."""
    read: set[str] = set()
    with ExitStack() as stack:
        for name in READERS:
            stack.enter_context(_watched(name, read))
        client.get(url, {"x": "y"})
    return sorted(read - {"next", "export", "csrfmiddlewaretoken"})


@contextmanager
def _watched(name: str, read: set[str]) -> Iterator[None]:
    plain = getattr(QueryDict, name)

    def noting(self: QueryDict, key: str, *more: Any) -> Any:
        if "x" in list(self):  # what the address asks, and nothing that the page makes itself
            read.add(key)
        return plain(self, key, *more)

    setattr(QueryDict, name, noting)
    try:
        yield
    finally:
        setattr(QueryDict, name, plain)


def queries(url: str, names: Iterable[str]) -> Iterator[Any]:
    """Yield hostile queries for an address: all parameters at once, then each where it hurts."""
    known = filters_of(url)
    every = sorted({*names, *known})
    if not every:
        yield from ({"x": "a\0b"}, "%ff=%ff&%00=%00&&=&x", {"page": "9" * 30, "next": "//x"})
        return
    for value in VALUES:
        yield dict.fromkeys(every, value)
    for raw in RAW:
        yield "&".join(f"{name}={raw}" for name in every)
    yield {name: ["1", "2", "x", ""] for name in every}  # each four times
    yield from _list_queries(url, known)


def _list_queries(url: str, known: dict[str, forms.Field]) -> Iterator[Any]:
    for name, kind in known.items():
        for value in (*fitting(kind), *choices(kind)):
            yield {name: value}
    columns = columns_of(url)
    for name in columns:
        yield {"order": f"-{name}", "columns": name}
    for value in ("--title", "no-such", "pk", "organisation__name", "a\0b") if columns else ():
        yield {"order": value, "columns": value, "view": value, "page": value}
    for kind in ("csv", "xlsx") if columns else ():
        yield {"export": kind, "columns": "no-such", **dict.fromkeys(known, "a\0b")}


def base(form: Any) -> dict[str, Any]:
    """Return values with which a form is likely to be accepted."""
    return {form.add_prefix(name): _filled(form, name) for name in form.fields}


def _filled(form: Any, name: str) -> Any:
    kind = form.fields[name]
    initial = form.get_initial_for_field(kind, name)
    if initial not in (None, ""):
        return initial if isinstance(initial, list) else getattr(initial, "pk", initial)
    if not kind.required:
        return ""
    if isinstance(kind, forms.FileField):
        return SimpleUploadedFile("x.csv", b"timestamp,ip\n2026-03-02,198.18.0.1\n")
    if offered := [c for c in choices(kind) if c]:
        return offered[:1] if isinstance(kind, forms.MultipleChoiceField) else offered[0]
    for types, value in FILLS:
        if isinstance(kind, types):
            return value
    return "x"


FILLS = (
    (forms.DateField, timezone.localdate().isoformat()),
    (forms.TimeField, "09:00"),
    (forms.IntegerField | forms.FloatField | forms.DecimalField, "1"),
    (forms.EmailField, "x@x.example"),
    (forms.URLField, "https://x.example"),
)


def bodies(form: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield hostile forms: nothing, all hostile, and one field hostile among good ones."""
    good = base(form)
    yield "nothing", {}
    yield "good", good
    for value in ("a\0b", "x" * 5000, "9" * 30, "🦊\u202e\x1b\ufffe"):
        yield f"all {value[:12]!r}", dict.fromkeys(good, value)
    for name, kind in form.fields.items():
        for value in fitting(kind):
            yield f"{name}={value[:12]!r}", {**base(form), form.add_prefix(name): value}


def example(pattern: str, value: object = 1) -> str:
    """Return an address with each of its <converters> filled with the same."""
    return "/" + CONVERTER.sub(quote(str(value), safe=""), pattern)


def acts_of(url: str) -> tuple[Any, ...]:
    """Return what a list lets one do with several rows."""
    screen, given = screen_of(url)
    return tuple(given.get("bulk_buttons") or getattr(screen, "bulk_buttons", ()))
