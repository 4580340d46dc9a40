"""Larger pieces: cards, facts, tabs, alerts, empty places, charts with their table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.ui.components.base import Component, Text, Tone, escaped, joined
from samsyn.ui.terms import term_html

NARROW = 320.0


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One line of a fact list."""

    name: Text
    value: object
    note: Text = ""


@dataclass(frozen=True, kw_only=True)
class FactList(Component):
    """Names and values under each other: what is known of a thing."""

    facts: tuple[Fact, ...]

    def html(self) -> SafeString:
        return format_html('<dl class="facts">{}</dl>', joined(map(_fact_html, self.facts)))


def _fact_html(fact: Fact) -> SafeString:
    note = format_html('<span class="sub">{}</span>', fact.note) if fact.note else ""
    value = "–" if fact.value in (None, "") else fact.value
    return format_html("<div><dt>{}</dt><dd>{}{}</dd></div>", fact.name, value, note)


@dataclass(frozen=True, kw_only=True)
class Panel(Component):
    """A card with a heading. ``aside`` is a link or button beside the heading."""

    title: Text
    body: object
    aside: object = ""
    level: int = 2
    is_flush: bool = False  # a table or list that reaches the card's edges

    def html(self) -> SafeString:
        return format_html(
            '<section class="ds-card{}"><header><h{} class="ds-heading" data-size="xs">{}</h{}>'
            "{}</header>{}</section>",
            " panel" if self.is_flush else "",
            self.level,
            self.title,
            self.level,
            self.aside,
            self.body,
        )


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One tab: its name, what is on it, and how many things if that is known."""

    label: Text
    body: object
    count: int | None = None


@dataclass(frozen=True, kw_only=True)
class Tabs(Component):
    """Several views of the same thing. Without JavaScript they stand below each other."""

    tabs: tuple[Tab, ...]
    label: Text

    def html(self) -> SafeString:
        heads = joined(format_html("<ds-tab>{}{}</ds-tab>", t.label, _count(t)) for t in self.tabs)
        bodies = joined(format_html("<ds-tabpanel>{}</ds-tabpanel>", t.body) for t in self.tabs)
        return format_html(
            '<ds-tabs class="ds-tabs"><ds-tablist aria-label="{}">{}</ds-tablist>{}</ds-tabs>',
            self.label,
            heads,
            bodies,
        )


def _count(tab: Tab) -> SafeString | str:
    return "" if tab.count is None else format_html(' <span class="count">{}</span>', tab.count)


@dataclass(frozen=True, kw_only=True)
class Alert(Component):
    """Something the reader should know or do now. Seldom used, so that it is seen."""

    title: Text
    text: object = ""
    tone: Tone = Tone.INFO
    level: int = 2

    def html(self) -> SafeString:
        return format_html(
            '<div class="ds-alert" data-color="{}"><h{} class="ds-heading" data-size="2xs">{}</h{}>'
            "{}</div>",
            self.tone.value,
            self.level,
            self.title,
            self.level,
            format_html("<p>{}</p>", self.text) if self.text else "",
        )


@dataclass(frozen=True, kw_only=True)
class EmptyState(Component):
    """What belongs in an empty place, and the first step to fill it.

    ``for_actor`` offers the step only to who has the ``permission`` anywhere, if one is named.
    """

    title: Text
    text: Text = ""
    action: Text = ""
    url: str = ""
    permission: Permission | None = None

    def for_actor(self, actor: Actor) -> EmptyState:
        """Return the same, without a step that this actor may not take."""
        if self.permission is None or actor.may_anywhere(self.permission):
            return self
        return replace(self, action="", url="")

    def html(self) -> SafeString:
        button = ""
        if self.action and self.url:
            button = format_html('<a class="ds-button" href="{}">{}</a>', self.url, self.action)
        return format_html(
            '<div class="empty"><svg viewBox="0 0 96 56" aria-hidden="true" class="mark">'
            '<circle cx="36" cy="28" r="22"/><circle cx="60" cy="28" r="22"/></svg>'
            '<p class="empty-title">{}</p>{}{}</div>',
            self.title,
            format_html("<p>{}</p>", self.text) if self.text else "",
            button,
        )


@dataclass(frozen=True, kw_only=True)
class Who(Component):
    """A person or an organisation by name, with a mark of its own."""

    name: str
    note: Text = ""
    url: str = ""
    is_organisation: bool = False

    def html(self) -> SafeString:
        words = self.name.split()
        letters = "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
        name = format_html('<a class="ds-link" href="{}">{}</a>', self.url, self.name)
        return format_html(
            '<span class="who{}"><span class="who-mark" aria-hidden="true">{}</span>'
            "<span>{}{}</span></span>",
            " who-organisation" if self.is_organisation else "",
            letters,
            name if self.url else self.name,
            format_html('<span class="sub">{}</span>', self.note) if self.note else "",
        )


@dataclass(frozen=True, kw_only=True)
class Term(Component):
    """A term of the trade, explained where it stands; opens by click or key, no hover needed."""

    term: Text
    meaning: Text

    def html(self) -> SafeString:
        return term_html(self.term, name=self.term, meaning=self.meaning)


@dataclass(frozen=True, kw_only=True)
class ChartCard(Component):
    """A chart with its heading, a sentence that says what it shows, and its figures as a table.

    ``draw`` is given a width and returns the chart as SVG: it is drawn once for a
    wide and once for a narrow place, so that its letters stay readable on a phone.
    """

    title: Text
    draw: Callable[[float], str]
    reading: Text = ""
    heads: tuple[Text, ...] = ()
    rows: tuple[tuple[object, ...], ...] = ()
    aside: object = ""
    level: int = 2
    width: float = 560  # of the wide drawing; 1000 for a card as wide as the page

    def html(self) -> SafeString:
        # Safe: the charts escape their texts.
        wide, narrow = (mark_safe(self.draw(w)) for w in (self.width, NARROW))  # noqa: S308  the drawing escapes its texts
        return format_html(
            '<section class="ds-card chart-card"><header><div>'
            '<h{0} class="ds-heading" data-size="xs">{1}</h{0}>{2}</div>{3}</header>'
            '<div class="chart-wide">{4}</div><div class="chart-narrow">{5}</div>{6}</section>',
            self.level,
            self.title,
            format_html('<p class="reading">{}</p>', self.reading) if self.reading else "",
            self.aside,
            wide,
            narrow,
            self._table(),
        )

    def _table(self) -> SafeString | str:
        if not self.rows:
            return ""
        return format_html(
            '<details class="figures"><summary>{}</summary><div class="scroll" tabindex="0" '
            'role="region" aria-label="{}"><table class="ds-table"><thead><tr>{}</tr></thead>'
            "<tbody>{}</tbody></table></div></details>",
            _("The figures as a table"),
            self.title,
            joined(format_html('<th scope="col">{}</th>', head) for head in self.heads),
            joined(map(_figures_row, self.rows)),
        )


def _figures_row(row: tuple[object, ...]) -> SafeString:
    # Half a year of weeks are two hundred cells: format_html would take as long as the chart.
    cells = "".join(f'<td class="num">{_cell(cell)}</td>' for cell in row[1:])
    return SafeString(f'<tr><th scope="row">{_cell(row[0])}</th>{cells}</tr>')


def _cell(value: object) -> str:
    return str(value) if type(value) is int else escaped(value)
