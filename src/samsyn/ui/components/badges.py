"""Small marks beside a thing: how bad, which state, who may see it, how urgent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from samsyn.kernel.rooms import gathered
from samsyn.ui.components.base import Component, Text, Tone, joined
from samsyn.ui.moments import moment_html
from samsyn.ui.terms import label_meaning, term_html

SEVERITY_WORDS: tuple[Text, ...] = (
    _("For information"),
    _("Low"),
    _("Medium"),
    _("High"),
    _("Critical"),
)
SEVERITY_NAMES = ("info", "low", "medium", "high", "critical")
STATE_WORDS: dict[str, tuple[Text, Tone]] = {
    state: (word, Tone(tone)) for state, (word, tone) in gathered("states").items()
}


@dataclass(frozen=True, kw_only=True)
class Tag(Component):
    """A word in a soft box."""

    text: Text
    tone: Tone = Tone.NEUTRAL

    def html(self) -> SafeString:
        return format_html(
            '<span class="ds-tag" data-color="{}">{}</span>', self.tone.value, self.text
        )


@dataclass(frozen=True, kw_only=True)
class TagList(Component):
    """Several words in soft boxes, as a list that a screen reader counts."""

    tags: tuple[Tag, ...]

    def html(self) -> SafeString:
        items = joined(format_html("<li>{}</li>", tag) for tag in self.tags)
        return format_html('<ul class="tags">{}</ul>', items)


@dataclass(frozen=True, kw_only=True)
class SeverityBadge(Component):
    """How bad: 0 informative, 1 low, 2 medium, 3 high, 4 critical, in a word."""

    severity: int

    def html(self) -> SafeString:
        return severity_html(self.severity)


def severity_html(severity: int) -> SafeString:
    """Return the badge of a severity from 0 to 4; quick enough for every row of a list."""
    return _severity_html(min(max(int(severity), 0), 4), get_language() or "")


@lru_cache(maxsize=64)
def _severity_html(level: int, _language: str) -> SafeString:
    # Safe: the name is ours and the word is a message of ours.
    return mark_safe(  # noqa: S308
        f'<span class="severity severity-{SEVERITY_NAMES[level]}">{SEVERITY_WORDS[level]}</span>'
    )


@dataclass(frozen=True, kw_only=True)
class StateBadge(Component):
    """In which state a thing is. A state the table does not know brings its own word."""

    state: str
    text: Text = ""
    tone: Tone | None = None

    def html(self) -> SafeString:
        if self.text or self.tone:
            return _state_html(self.state, str(self.text), self.tone)
        return _known_state_html(self.state, get_language() or "")


def state_tag(state: str) -> SafeString:
    """Return the state of a thing as a word in a soft box; quick enough for every row."""
    return _state_tag(state, get_language() or "")


@lru_cache(maxsize=256)
def _state_tag(state: str, _language: str) -> SafeString:
    word, tone = STATE_WORDS.get(state, (state, Tone.NEUTRAL))
    return Tag(text=word, tone=tone).html()


def _state_html(state: str, text: str, tone: Tone | None) -> SafeString:
    word, usual = STATE_WORDS.get(state, (state, Tone.NEUTRAL))
    return format_html(
        '<span class="state state-{}" data-color="{}">{}</span>',
        state,
        (tone or usual).value,
        text or word,
    )


@lru_cache(maxsize=256)
def _known_state_html(state: str, _language: str) -> SafeString:
    return _state_html(state, "", None)


@dataclass(frozen=True, kw_only=True)
class SharingLabel(Component):
    """The sharing label of a page or thing, TLP 2.0, with its meaning in words.

    ``is_explained`` makes it open its meaning; in a table it only names it.
    """

    label: str
    is_explained: bool = False

    def html(self) -> SafeString:
        name = self.label.upper().removeprefix("TLP:")
        meaning = label_meaning(name)
        if self.is_explained and meaning:
            return term_html(self.badge(name), name=f"TLP:{name}", meaning=meaning)
        return self.badge(name, meaning)

    def badge(self, name: str, meaning: str = "") -> SafeString:
        """Return the label itself."""
        return format_html(
            '<span class="tlp tlp-{}"{}>TLP:{}{}</span>',
            name.lower().replace("+", "-"),
            format_html(' title="{}"', meaning) if meaning else "",
            name,
            format_html('<span class="sr">. {}</span>', meaning) if meaning else "",
        )


@dataclass(frozen=True, kw_only=True)
class DueBadge(Component):
    """How near a deadline is, in words; colour only repeats the words."""

    due_at: datetime
    now: datetime
    soon: timedelta = timedelta(days=2)

    @property
    def state(self) -> str:
        """``late``, ``soon`` or ``ahead``."""
        left = self.due_at - self.now
        if left < timedelta():
            return "late"
        return "soon" if left <= self.soon else "ahead"

    def html(self) -> SafeString:
        tone, word = {
            "late": (Tone.DANGER, _("Late")),
            "soon": (Tone.WARNING, _("Due soon")),
            "ahead": (Tone.NEUTRAL, _("Due")),
        }[self.state]
        return format_html(
            '<span class="due"><span class="ds-tag" data-color="{}">{}</span> {}</span>',
            tone.value,
            word,
            moment_html(self.due_at, now=self.now),
        )
