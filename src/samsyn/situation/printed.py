"""An edition as a printed report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from samsyn.printing.pdf import report_pdf, reports_pdf
from samsyn.printing.report import (
    Block,
    Chart,
    Figure,
    Heading,
    Notice,
    Points,
    Report,
    Table,
    Text,
    Tiles,
)
from samsyn.situation.charts import trend_chart, trend_reading
from samsyn.situation.models import Edition
from samsyn.situation.rules import Figures
from samsyn.situation.wording import (
    CountRow,
    Exposure,
    PeerStanding,
    SituationPicture,
    days,
    number,
    picture_of,
)
from samsyn.ui.charts import PAPER
from samsyn.ui.components.badges import SEVERITY_WORDS
from samsyn.ui.moments import day_text

TONES = ("neutral", "info", "info", "warning", "danger")


def edition_pdf(edition: Edition, *, language: str) -> bytes:
    """Return an edition as an accessible PDF in a language."""
    with translation.override(language):
        return report_pdf(edition_report(picture_of(edition, language=language), language))


def editions_pdf(editions: Iterable[tuple[Edition, str]]) -> Iterator[bytes]:
    """Yield the PDF of each edition in its language, in their order, on all cores."""
    yield from reports_pdf(_reports(editions))


def _reports(editions: Iterable[tuple[Edition, str]]) -> Iterator[Report]:
    for edition, language in editions:
        with translation.override(language):
            report = edition_report(picture_of(edition, language=language), language)
        yield report  # outside: whoever takes it speaks a language of their own


def edition_report(picture: SituationPicture, language: str) -> Report:
    """Return an edition as a report to be printed; the active language must be ``language``."""
    blocks = management_blocks(picture) if picture.is_for_management else technical_blocks(picture)
    edition = picture.edition
    return Report(
        title=picture.title,
        subtitle=_("For %s") % edition.get_audience_display(),
        organisation=edition.organisation.name,
        period=picture.period,
        label=edition.label,
        language=language,
        made_at=edition.published_at or edition.built_at,
        blocks=tuple(blocks),
        has_cover=not picture.is_for_management,
    )


def management_blocks(picture: SituationPicture) -> Iterable[Block]:
    """Yield the one or two pages that management reads."""
    yield from _opening(picture)
    yield Heading(text=_("What matters most"))
    if picture.exposures:
        for exposure in picture.exposures:
            yield from _exposure(exposure)
    else:
        yield Text(text=_("Nothing is open."))
    yield from _compared(picture.standings)
    yield Heading(text=_("Questions worth asking"))
    yield Points(items=tuple(picture.questions))
    yield from _members(picture, most=10)


def technical_blocks(picture: SituationPicture) -> Iterable[Block]:
    """Yield the whole account that technicians work from."""
    yield from _opening(picture)
    yield Heading(text=_("By severity"))
    yield _counts(_("Findings by severity"), _("Severity"), picture.severities)
    if picture.taxonomies:
        yield Heading(text=_("By class"))
        yield _counts(_("Findings by class (RSIT)"), _("Class"), picture.taxonomies)
    if picture.reports:
        yield Heading(text=_("By kind"))
        yield _counts(_("Findings by kind of report"), _("Kind"), picture.reports)
    if picture.oldest:
        yield Heading(text=_("The oldest serious findings"))
        yield _oldest(picture)
    if picture.newcomers:
        yield Heading(text=_("Never seen before"))
        yield _newcomers(picture)
    yield from _compared(picture.standings)
    yield Heading(text=_("What to do first"))
    for exposure in picture.exposures:
        yield from _exposure(exposure)
    if not picture.exposures:
        yield Text(text=_("Nothing is open."))
    yield from _members(picture, most=500)


def _opening(picture: SituationPicture) -> Iterable[Block]:
    yield Heading(text=_("The state"))
    yield Text(text=picture.sentence, is_lead=True)
    yield Tiles(
        figures=tuple(
            Figure(label=t.label, value=t.value, note=t.note, tone=t.tone) for t in picture.tiles
        )
    )
    if picture.words:
        yield Notice(title=_("In the analyst's words"), text=picture.words)
    yield Chart(
        svg=trend_chart(picture.figures, palette=PAPER),
        alt=_trend_alt(picture.figures),
        caption=trend_reading(picture.figures),
    )


def _trend_alt(figures: Figures) -> str:
    named = {"reading": trend_reading(figures)}
    return _("Open findings at the end of each month. %(reading)s") % named


def _exposure(exposure: Exposure) -> Iterable[Block]:
    title = _("%(title)s (%(count)s open)")
    named = {"title": exposure.title, "count": number(exposure.open)}
    yield Heading(text=title % named, level=2)
    yield Text(text=exposure.why)
    if exposure.first_step:
        yield Points(items=(exposure.first_step,))


def _compared(standings: list[PeerStanding]) -> Iterable[Block]:
    if not standings:
        return
    yield Heading(text=_("Beside the other members"))
    rows = tuple(
        (
            s.name,
            days(s.own),
            *(days(v) for v in _quartile_values(s)),
            s.says,
        )
        for s in standings
    )
    yield Table(
        caption=_("Own figures and the members' quartiles; lower is better"),
        heads=(
            _("Figure"),
            _("We"),
            _("Best quarter"),
            _("Median"),
            _("Three quarters"),
            _("Comparison"),
        ),
        rows=rows,
        numeric=(1, 2, 3, 4),
        shares=(2, 1, 1, 1, 1, 2.4),
    )


def _quartile_values(standing: PeerStanding) -> tuple[float | None, float | None, float | None]:
    group = standing.group
    return (group.low, group.median, group.high) if group else (None, None, None)


def _counts(caption: str, name: str, rows: list[CountRow]) -> Table:
    return Table(
        caption=caption,
        heads=(
            name,
            pgettext("findings", "Open"),
            _("Before"),
            pgettext("findings", "New"),
            pgettext("findings", "Closed"),
            _("Days to fix"),
        ),
        rows=tuple(
            (
                r.name,
                number(r.count.open),
                number(r.count.open_before),
                number(r.count.new),
                number(r.count.closed),
                days(r.count.days_to_fix),
            )
            for r in rows
        ),
        numeric=(1, 2, 3, 4, 5),
        shares=(3.2, 1, 1, 1, 1, 1.3),
    )


def _oldest(picture: SituationPicture) -> Table:
    words = [str(word) for word in SEVERITY_WORDS]
    return Table(
        caption=_("Critical and high findings that have been open the longest"),
        heads=(_("Open since"), _("Kind"), _("Severity"), _("Case")),
        rows=tuple(
            (day_text(date.fromisoformat(opened)), title, words[severity], f"{pk:06d}")
            for pk, title, severity, opened in picture.oldest
        ),
        toned=2,
        tones=dict(zip(words, TONES, strict=True)),
        shares=(1.2, 3, 1, 1),
    )


def _newcomers(picture: SituationPicture) -> Table:
    words = [str(word) for word in SEVERITY_WORDS]
    return Table(
        caption=_("Kinds that appeared in the period and had never been seen before"),
        heads=(_("Kind"), _("Severity"), _("Findings")),
        rows=tuple((name, words[severity], number(n)) for name, severity, n in picture.newcomers),
        numeric=(2,),
        toned=1,
        tones=dict(zip(words, TONES, strict=True)),
        shares=(3, 1, 1),
    )


def _members(picture: SituationPicture, *, most: int) -> Iterable[Block]:
    rows = picture.figures.members[:most]
    if not rows:
        return
    yield Heading(text=_("Members concerned"))
    yield Table(
        caption=_(
            "The members, those with the most critical findings first; for the operator only"
        ),
        heads=(
            _("Member"),
            pgettext("findings", "Open"),
            pgettext("findings", "Critical"),
            pgettext("findings", "New"),
            pgettext("findings", "Closed"),
            _("Days to fix"),
        ),
        rows=tuple(
            (
                r.name,
                number(r.open),
                number(r.critical),
                number(r.new),
                number(r.closed),
                days(r.days_to_fix),
            )
            for r in rows
        ),
        numeric=(1, 2, 3, 4, 5),
        shares=(3, 1, 1, 1, 1, 1.3),
    )
