"""PDF from a report, through Typst: tagged, in the reader's language, checked as it is made."""

from __future__ import annotations

import json
import multiprocessing
import os
import threading
import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from samsyn.printing.report import Report, as_values

TEMPLATE = Path(__file__).with_name("report.typ")
STANDARD = "ua-1"  # PDF/UA-1, ISO 14289-1: Typst refuses what breaks it
RENEW_AFTER = 400  # reports; a compiler remembers what it has set, and memory would grow
AT_ONCE = 64  # reports handed to the helpers at a time, so that thousands do not lie in memory
UNKNOWN = "\u25a1"  # an empty box
UNSEEN = {"Cf", "Mn", "Me"}  # signs that only change their neighbours
_own = threading.local()


def report_pdf(report: Report) -> bytes:
    """Return the report as an accessible PDF (PDF/UA-1).

    The same report gives the same bytes. Texts are data and are never read as markup. A sign
    that no font has, such as an emoji, is printed as a box: PDF/UA allows no unknown sign.

    Raises:
        ValueError: the report breaks PDF/UA: a chart without alternative text, a
            skipped heading level.

    """
    return _set(_values(report))


Values = tuple[str, int]  # a report as JSON, and its moment in seconds: what a helper process gets


def _values(report: Report) -> Values:
    made_at = int(report.made_at.astimezone(UTC).timestamp())
    return json.dumps(as_values(report), ensure_ascii=False), made_at


def _set(values: Values) -> bytes:
    import typst

    report, made_at = values
    try:
        return _compiled(report, made_at)
    except typst.TypstError:  # of a sign that no font has, most likely
        pass
    try:
        return _compiled(_in_our_font(report), made_at)
    except typst.TypstError as error:
        raise ValueError(f"The report cannot be printed: {error.message}") from error


def _compiled(report: str, made_at: int) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = _compiler().compile(
            sys_inputs={"report": report},
            format="pdf",
            pdf_standards=[STANDARD],
            timestamp=made_at,
        )
    return bytes(made)


def _in_our_font(report: str) -> str:
    """Return a report, as JSON, with a box for each sign that our font lacks.

    An accent goes where its letter has none with it: in a drawing, two on one letter are refused.
    """
    known, shown = _signs(), [""]
    for sign in report:
        if unicodedata.category(sign) in UNSEEN:
            shown[-1] = _accented(shown[-1], sign)
        else:
            shown.append(sign if ord(sign) in known else UNKNOWN)
    return "".join(shown)


def _accented(letter: str, accent: str) -> str:
    whole = unicodedata.normalize("NFC", letter + accent) if letter.isalpha() else ""
    return whole if len(whole) == 1 and ord(whole) in _signs() else letter


@lru_cache(maxsize=1)
def _signs() -> frozenset[int]:
    """Return the signs that our font can show, upright and slanted."""
    from fontTools.ttLib import TTFont

    found = []
    for path in sorted(_font_folder().glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            found.append(set(font.getBestCmap()))
    return frozenset(set.intersection(*found))


def reports_pdf(reports: Iterable[Report], *, processes: int | None = None) -> Iterator[bytes]:
    """Yield the PDF of each report, in their order, set by several processes at once.

    Setting a page is pure work on values, so helpers need neither Django nor a database.

    Args:
        reports: may be made as they are asked for.
        processes: how many; by default one for each core.

    """
    waiting = map(_values, reports)
    wanted = processes or len(os.sched_getaffinity(0))
    some = list(islice(waiting, AT_ONCE))
    if wanted == 1 or len(some) <= 1:
        yield from map(_set, some)
        yield from map(_set, waiting)
        return
    started = multiprocessing.get_context("spawn")  # no copy of an open database connection
    with ProcessPoolExecutor(wanted, mp_context=started) as pool:
        while some:
            made = pool.map(_set, some, chunksize=4)
            some = list(islice(waiting, AT_ONCE))  # the next are made while these are set
            yield from made


def _compiler() -> Any:
    """Return this thread's compiler; the first report pays for it, the next ones are quick."""
    import typst

    _own.uses = getattr(_own, "uses", 0) + 1
    if getattr(_own, "compiler", None) is None or _own.uses % RENEW_AFTER == 0:
        _own.compiler = typst.Compiler(str(TEMPLATE), font_paths=_fonts())
    return _own.compiler


@lru_cache(maxsize=1)
def _fonts() -> Any:
    """Return Inter and nothing of this machine, so that a report looks the same everywhere."""
    import typst

    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(_font_folder())]
    )


def _font_folder() -> Path:
    import fontpkg_inter

    return Path(fontpkg_inter.__file__).parent / "files"
