"""The change log: who did what and when, for a member's own people, in words.

It stands here because the trail, below the screens, cannot show pages of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from samsyn.audit.rules import CHANGE, EXPORT, READING, SIGN_IN
from samsyn.cockpit.log_lines import lines_each, lines_of
from samsyn.cockpit.log_selectors import log_list, log_organisations
from samsyn.organisations.models import Organisation
from samsyn.ui.changes import changes_html
from samsyn.ui.components import EmptyState
from samsyn.ui.filters import FilterForm
from samsyn.ui.moments import moment_text
from samsyn.ui.paging import Page
from samsyn.ui.screens import Column, ListScreen

KINDS = [
    ("", _("everything")),
    (CHANGE, _("changes")),
    (SIGN_IN, _("sign-ins")),
    (READING, _("opened by people from outside")),
    (EXPORT, _("exports and downloads")),
]


class LogFilters(FilterForm):
    """What the change log can be narrowed by."""

    kind = forms.ChoiceField(label=_("Show"), choices=KINDS)
    person = forms.CharField(label=_("Person"), widget=forms.SearchInput, max_length=100)
    since = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation"), empty_label=_("all")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = log_organisations(actor=self.actor)
        if len(places[:2]) > 1:
            self.fields["organisation"].queryset = places  # type: ignore[attr-defined]  # a model's choice field, which the stubs do not know
        else:
            del self.fields["organisation"]


class ChangeLog(ListScreen):
    """Shows entries as lines in the reader's words, on the page and in what is exported."""

    def table(self, page: Page, columns: Sequence[Column]) -> SafeString:
        lines = lines_of(page.rows, actor=self.request.actor)
        return super().table(replace(page, rows=lines), columns)

    def export_rows(self, rows: Any) -> Any:
        return lines_each(rows, actor=self.request.actor)


def _when(line: Any) -> SafeString:
    return format_html('<span class="one-line">{}</span>', moment_text(line.at))


LINES = (
    Column(name="at", label=_("When"), cell=_when, sort=("number",), is_fixed=True),
    Column(name="who", label=_("Who")),
    Column(name="address", label=_("E-mail address")),  # two people may have one name
    Column(name="what", label=_("What"), is_fixed=True),
    Column(name="thing", label=_("Concerns")),
    Column(name="organisation", label=_("Organisation")),
    Column(
        name="changes",
        label=_("From what to what"),
        value=lambda line: "\n".join(map(str, line.changes)),
        cell=lambda line: changes_html(line.changes),
    ),
    Column(name="kind_text", label=_("Kind"), is_shown=False),
)
change_log = ChangeLog.as_view(
    title=_("Change log"),
    intro=_(
        "Who did what and when: changes, sign-ins of your own people, exports, and what people "
        "from outside have opened. Nobody can change or remove anything here."
    ),
    selector=log_list,
    filters=LogFilters,
    columns=LINES,
    order="-at",
    empty=EmptyState(
        title=_("Nothing is on record yet"),
        text=_("What people do in Samsyn is listed here from the first day."),
    ),
)
