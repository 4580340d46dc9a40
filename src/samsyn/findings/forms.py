from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.access.letters import as_read
from samsyn.findings.models import AnswerKind, FindingState, Severity
from samsyn.findings.rules import days_ago, yesterday_began
from samsyn.findings.selectors import UNSOLVED_WORD, reports_known
from samsyn.findings.texts import report_title
from samsyn.organisations.models import Organisation
from samsyn.ui.components.badges import SEVERITY_WORDS
from samsyn.ui.screens import ActorForm, FilterForm

AGES = (
    ("", _("any age")),
    ("7", _("older than a week")),
    ("30", _("older than 30 days")),
    ("90", _("older than 90 days")),
    ("365", _("older than a year")),
)


class FindingFilters(FilterForm):
    """What the list of findings can be narrowed by."""

    more = (
        "cve", "tag", "product", "answer", "report", "rsit_type", "taxonomy", "not_told", "is_new"
    )  # fmt: skip
    search = forms.CharField(label=_("Address, name, product, CVE or case number"), max_length=253)
    state = forms.ChoiceField(
        label=_("State"),
        choices=[("", _("any state")), (UNSOLVED_WORD, _("not closed")), *FindingState.choices],
    )
    severity = forms.TypedChoiceField(
        label=_("Severity"),
        coerce=int,
        empty_value=None,
        choices=[
            ("", _("any severity")),
            *((level, SEVERITY_WORDS[level]) for level in sorted(Severity.values, reverse=True)),
        ],
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Member"), empty_label=_("any member")
    )
    age = forms.ChoiceField(label=_("Age"), choices=AGES)
    answer = forms.ChoiceField(
        label=_("Answer"), choices=[("", _("any answer")), *AnswerKind.choices]
    )
    report = forms.ChoiceField(label=_("Kind"))
    taxonomy = forms.CharField(label=_("Class"), max_length=40)
    rsit_type = forms.CharField(label=_("Type"), max_length=40)
    cve = forms.CharField(label=_("Vulnerability (CVE)"), max_length=20)
    tag = forms.CharField(label=_("Tag"), max_length=60)
    product = forms.CharField(label=_("Product or maker"), max_length=100)
    not_told = forms.BooleanField(label=_("Nobody has been told yet"))
    is_new = forms.BooleanField(label=_("New since yesterday"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = ((report_title(name), name) for name in reports_known())
        kinds = sorted(named, key=lambda kind: as_read(kind[0]))
        choices = [("", _("any kind")), *((name, title) for title, name in kinds)]
        self.fields["report"].choices = choices  # type: ignore[attr-defined]  # a choice field, which the stubs do not know

    def for_selector(self) -> dict[str, Any]:
        """Return the values with the organisation as id and the age as a moment."""
        values = dict(self.given())
        if "organisation" in values:
            values["organisation"] = values["organisation"].pk
        if "age" in values:
            values["first_seen_before"] = days_ago(timezone.localtime(), int(values.pop("age")))
        if values.pop("is_new", False):
            values["first_seen_after"] = yesterday_began(timezone.localtime())
        return values


class FindingAnswerForm(ActorForm):
    """What a member answers to a finding."""

    answer = forms.ChoiceField(
        label=_("Your answer"), choices=AnswerKind.choices, widget=forms.RadioSelect
    )
    until = forms.DateField(
        label=_("By when"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Required if you plan to fix it."),
    )
    note = forms.CharField(
        label=_("A few words about it"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
