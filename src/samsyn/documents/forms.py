from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from samsyn.access.permissions import Permission
from samsyn.documents.models import Document, DocumentKind, Label
from samsyn.documents.selectors import evidence_possible
from samsyn.organisations.choices import only_where
from samsyn.organisations.models import Organisation
from samsyn.ui.moments import day_text
from samsyn.ui.screens import ActorForm, FilterForm

OFFERED_MOST = 300
FILE_HELP = format_lazy(
    _(
        "PDF, Word, Excel, PowerPoint, OpenDocument, pictures, text, CSV or e-mail; "
        "at most {megabytes} MB."
    ),
    megabytes=settings.FILE_MB,
)


def day_field(label: Any, help_text: Any = "") -> forms.DateField:
    """Return a field for a day that need not be given."""
    return forms.DateField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class DocumentFilters(FilterForm):
    """What the list of documents can be narrowed by."""

    search = forms.CharField(label=_("Title or file name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("any kind")), *DocumentKind.choices])
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Organisation"),
        empty_label=_("any organisation"),
    )
    unattached = forms.BooleanField(label=_("Not attached to anything"))

    def for_selector(self) -> dict[str, Any]:
        """Return the values with the organisation as its id."""
        values = dict(self.given())
        if "organisation" in values:
            values["organisation"] = values["organisation"].pk
        return values


class FactsForm(ActorForm):
    """What is said of a document."""

    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        required=False,
        help_text=_("Without one, the name of the file."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=DocumentKind.choices)
    effective_on = day_field(
        _("Tells of"), _("The day of the meeting, the test or the decision; not of today's upload.")
    )
    retained_until = day_field(
        _("Keep until"), _("After this day it may be removed, if nothing leans on it any more.")
    )
    sharing_label = forms.ChoiceField(
        label=_("Sharing label"), choices=Label.choices, initial=Label.AMBER
    )


class DocumentForm(FactsForm):
    """A new document. The file comes last, so that the rest is read even when it is too large."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"))
    file = forms.FileField(label=_("File"), max_length=500, help_text=FILE_HELP)
    again = forms.BooleanField(label=_("Add it once more all the same"), required=False)
    field_order = ("organisation",)

    def offer_again(self, same: Document) -> None:
        """Ask whether to add what is here already, with the way to it."""
        self.fields["again"] = forms.BooleanField(
            label=self.base_fields["again"].label,
            required=False,
            help_text=format_html(
                '<a class="ds-link" href="{}">{}</a>', same.get_absolute_url(), same.title
            ),
        )

    def __init__(self, *args: Any, thing: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.data.get("again"):
            del self.fields["again"]
        if thing is not None:
            del self.fields["organisation"]
        else:
            only_where(self, "organisation", Permission.DOCUMENTS_ADD)


class VersionForm(ActorForm):
    """A newer version of a document."""

    note = forms.CharField(
        label=_("What has changed"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    file = forms.FileField(label=_("File"), max_length=500, help_text=FILE_HELP)


class AttachForm(ActorForm):
    """A document that is here already, to be attached to a thing."""

    document = forms.ChoiceField(label=_("Document"))

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = evidence_possible(actor=self.actor, thing=thing)[:OFFERED_MOST]
        self.fields["document"].choices = [  # type: ignore[attr-defined]  # a choice field, which the stubs do not know
            ("", _("choose one")),
            *((str(d.pk), f"{d.title} ({day_text(d.created_at)})") for d in rows),
        ]
