"""What happened, and what happens next: told as a story, not as a log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from samsyn.ui.components.base import Component, Text, Tone, joined
from samsyn.ui.moments import moment_html

STEPS: Text = _("Steps")


@dataclass(frozen=True, kw_only=True)
class Moment:
    """Something that happened: when, what in a sentence, by whom, what changed and was said."""

    at: datetime
    text: Text
    who: Text = ""
    changes: Text = ""  # a list as HTML
    note: Text = ""
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True, kw_only=True)
class Story(Component):
    """The history of one thing, in the order the page wants (newest first as a rule)."""

    moments: tuple[Moment, ...]
    now: datetime | None = None

    def html(self) -> SafeString:
        items = joined(_moment_html(each, self.now) for each in self.moments)
        return format_html('<ol class="story">{}</ol>', items)


Timeline = Story


def _moment_html(each: Moment, now: datetime | None) -> SafeString:
    who = format_html(" · {}", each.who) if each.who else ""
    return format_html(
        '<li data-color="{}"><p class="story-text" data-color="accent">{}</p>'
        '<p class="sub">{}{}</p>{}{}</li>',
        each.tone.value,
        each.text,
        moment_html(each.at, now=now),
        who,
        each.changes,
        format_html('<blockquote class="story-note">{}</blockquote>', each.note)
        if each.note
        else "",
    )


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step on the way; ``state`` is done, current or ahead."""

    label: Text
    state: str = "ahead"
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Stepper(Component):
    """The steps of something that is done in order, and where one stands."""

    steps: tuple[Step, ...]
    label: Text = STEPS

    def html(self) -> SafeString:
        items = joined(_step_html(number, step) for number, step in enumerate(self.steps, 1))
        return format_html('<ol class="steps" aria-label="{}">{}</ol>', self.label, items)


def _step_html(number: int, step: Step) -> SafeString:
    words = {"done": _("Done"), "current": _("Now"), "ahead": _("To come")}
    name = format_html('<a class="ds-link" href="{}">{}</a>', step.url, step.label)
    return format_html(
        '<li class="step-{}"{}><span class="step-mark" aria-hidden="true">{}</span>'
        '<span>{}<span class="sr"> ({})</span></span></li>',
        step.state,
        format_html(' aria-current="{}"', "step") if step.state == "current" else "",
        "✓" if step.state == "done" else number,
        name if step.url else step.label,
        words[step.state],
    )
