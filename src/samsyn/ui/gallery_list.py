"""An invented list and an invented form for the gallery."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.kernel.errors import RuleViolation
from samsyn.ui.components import StateBadge
from samsyn.ui.filters import ActorForm, FilterForm

TITLES = (
    "Remote desktop open to the internet",
    "Mail server with a known hole",
    "File sharing open to the internet",
    "Infected device in a school network",
    "Old encryption on a web site",
    "Printer that anyone can print on",
)
MEMBERS = ("Fjellvik kommune", "Elvdal kommune", "Nordanå kommun", "Storskogens kommun")


@dataclass(frozen=True)
class ExampleRow:
    """A row of the example list."""

    pk: int
    title: str
    subject: str
    organisation: str
    severity: int
    state: str
    times: int
    port: int
    last_seen_at: datetime

    def __str__(self) -> str:
        return self.title


def rows(*, q: str = "", severity: str = "", **_given: Any) -> list[ExampleRow]:
    """Return two hundred invented rows, narrowed as the filters say."""
    now = timezone.now()
    every = [
        ExampleRow(
            pk=i,
            title=TITLES[i % len(TITLES)],
            subject=f"198.51.100.{i}",
            organisation=MEMBERS[(i * 7) % len(MEMBERS)],
            severity=(4, 3, 3, 2, 2, 1, 0)[i % 7],
            state=("open", "acknowledged", "fixed", "reopened", "closed")[i % 5],
            times=1 + (i * i) % 400,
            port=(3389, 443, 445, 80, 631)[i % 5],
            last_seen_at=now - timedelta(hours=3 + i * 5),
        )
        for i in range(200)
    ]
    found = [row for row in every if q.casefold() in f"{row.title} {row.subject}".casefold()]
    return [row for row in found if not severity or row.severity == int(severity)]


def state_cell(row: ExampleRow) -> StateBadge:
    return StateBadge(state=row.state)


class ExampleFilters(FilterForm):
    more = ("before",)

    q = forms.CharField(label=_("Search"), widget=forms.SearchInput)
    severity = forms.ChoiceField(
        label=_("Severity"),
        choices=[("", _("all")), ("4", _("Critical")), ("3", _("High")), ("2", _("Medium"))],
    )
    before = forms.DateField(label=_("Seen before"), widget=forms.DateInput(attrs={"type": "date"}))


class ExampleForm(ActorForm):
    what = forms.CharField(label=_("What has happened?"), help_text=_("One sentence is enough."))
    system = forms.ChoiceField(
        label=_("System"), choices=[("mail", _("E-mail")), ("water", _("Water works"))]
    )
    people = forms.ChoiceField(
        label=_("Is personal data affected?"),
        widget=forms.RadioSelect,
        choices=[("yes", _("Yes")), ("no", _("No")), ("unknown", _("Do not know yet"))],
    )
    more = forms.CharField(label=_("Short description"), widget=forms.Textarea, required=False)
    call = forms.BooleanField(label=_("Please call me"), required=False)


def example_keep(*, actor: Any, what: str, **_given: Any) -> None:  # noqa: ARG001  a service's signature
    """Keep nothing; refuse a text that is too short, to show how a refusal looks."""
    if len(what) < 5:  # noqa: PLR2004  any rule that can be broken
        raise RuleViolation(str(_("Write a little more, so that others understand.")), field="what")
