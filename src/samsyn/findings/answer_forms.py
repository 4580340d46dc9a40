from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from samsyn.findings.models import AnswerKind
from samsyn.ui.filters import BoundedForm

LONGEST_PLAN = timedelta(days=730)


class LetterAnswerForm(BoundedForm):
    """An answer from a letter: which, until when for a plan, and a word if there is one."""

    answer = forms.ChoiceField(label=_("Answer"), choices=AnswerKind.choices)
    until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "ds-input"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(
        label=_("A few words to us"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Required if you accept it: say why."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a day with a plan, and for a reason with an acceptance."""
        given = super().clean() or {}
        answer = given.get("answer")
        if answer == AnswerKind.PLANNED and "until" not in self.errors:
            self._check_until(given.get("until"))
        if answer == AnswerKind.ACCEPTED and not (given.get("note") or "").strip():
            self.add_error("note", gettext("Say in a few words why you accept it."))
        return given

    def clean_note(self) -> str:
        """Return the word without control signs; the line breaks stay."""
        note = str(self.cleaned_data["note"]).replace("\r\n", "\n")
        return "".join(sign for sign in note if sign.isprintable() or sign == "\n").strip()

    def _check_until(self, until: Any) -> None:
        today = timezone.localdate()
        if until is None:
            self.add_error("until", gettext("Say by when."))
        elif not today <= until <= today + LONGEST_PLAN:
            self.add_error("until", gettext("Choose a day from today on, at most two years ahead."))
