"""Import of a sheet: first it is shown what the file would change, then it is done."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from samsyn.access.http import ActorRequest
from samsyn.access.limited import one_reading
from samsyn.access.permissions import Permission
from samsyn.entities.declaration import Entity
from samsyn.entities.importing import Plan, plan
from samsyn.entities.sheet_help import column_helps, numbers
from samsyn.entities.sheets import BYTES_MOST, Sheet, SheetRow, sheet_of
from samsyn.kernel.errors import Conflict, RuleViolation
from samsyn.organisations.choices import only_where
from samsyn.organisations.models import Organisation
from samsyn.organisations.selectors import organisation_get
from samsyn.ui.screens import ActorForm, FormScreen

SALT = "samsyn.entities.sheet"  # with the room and the person: what is signed is of no other
SENT_MOST = 900_000  # of a form without a file, which takes a megabyte
SECONDS = 3600
SHOWN_MOST = 200


class SheetForm(ActorForm):
    """Whose things a file tells of, and the file."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"))
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or XLSX. Begin with an export of the columns that are imported."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    permission: Permission

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        only_where(self, "organisation", self.permission)


def sheet_form(entity: Entity) -> type[ActorForm]:
    """Return the form for files of an entity."""
    return type(f"{entity.model.__name__}Sheet", (SheetForm,), {"permission": entity.change})


class SheetScreen(FormScreen):
    """Takes a file; shows what it would change; does it when that is confirmed."""

    template_name = "entities/sheet.html"
    part = ""
    entity: Entity = None  # type: ignore[assignment]  # as_view gives it
    button = _("Show what it would change")

    def upload_most(self) -> int:
        """Return how many bytes a file may have."""
        return BYTES_MOST

    def post(self, request: ActorRequest, **_url: Any) -> HttpResponse:
        self.check_allowed(None)
        if "sheet" in request.POST:
            return self.confirmed(request.POST["sheet"])
        form = self.form(request.POST, request.FILES, actor=request.actor)
        self.say_if_too_large(form)
        if not form.is_valid():
            return self.page(None, form, status=422)
        organisation = form.cleaned_data["organisation"]
        try:
            with one_reading(request.actor.person_id):
                sheet = sheet_of(self.entity, form.cleaned_data["file"].read())
            return self.preview(organisation, sheet)
        except RuleViolation as error:
            form.add_error("file", str(error).splitlines())
            return self.page(None, form, status=422)

    def preview(self, organisation: Organisation, sheet: Sheet, status: int = 200) -> HttpResponse:
        """Show what the rows would change, with the way to do it."""
        made = plan(self.entity, organisation, sheet.rows, actor=self.request.actor)
        form = self.form(actor=self.request.actor, initial={"organisation": organisation.pk})
        cells = [(row.number, row.cells) for row in sheet.rows]
        kept = (made.mark, sheet.derived, sheet.unnamed, sheet.notes)
        content = (organisation.pk, cells, *kept)
        sent = signing.dumps(content, salt=self.salt(), compress=True)
        if len(sent) > SENT_MOST:
            raise RuleViolation(gettext("The file is too long. Divide it into two."), field="file")
        shown = {"plan": Shown(made, organisation, sheet), "sheet": "" if made.is_empty else sent}
        return self.page(None, form, status=status, is_changed=status == HTTP_CONFLICT, **shown)

    def salt(self) -> str:
        """Return what a sheet is signed for: this kind of thing and this person.

        Whose things they become is in what is signed.
        """
        return f"{SALT}.{self.entity.room}.{self.request.actor.person_id}"

    def confirmed(self, sent: str) -> HttpResponse:
        """Do what was shown, unless something has changed since."""
        try:
            pk, cells, mark, derived, unnamed, notes = signing.loads(
                sent, salt=self.salt(), max_age=SECONDS
            )
        except signing.BadSignature:
            form = self.form(actor=self.request.actor)
            return self.page(None, form, status=422, refusal=_("Choose the file once more."))
        organisation = organisation_get(actor=self.request.actor, pk=pk)
        sheet = Sheet([SheetRow(number, row) for number, row in cells], derived, unnamed, notes)
        try:
            self.service(
                actor=self.request.actor,
                organisation=organisation,
                rows=sheet.rows,
                now=timezone.now(),
                mark=mark,
            )
        except Conflict:
            return self.preview(organisation, sheet, status=HTTP_CONFLICT)
        except RuleViolation as error:
            form = self.form(actor=self.request.actor, initial={"organisation": pk})
            return self.page(None, form, status=422, refusal=str(error))
        for said in not_read(sheet):
            messages.info(self.request, said)
        return self.after(None, None)

    def page(self, subject: Any, form: forms.Form, status: int = 200, **more: Any) -> HttpResponse:
        """Show the form, with the columns that are imported and an export that holds them."""
        query = {"columns": ",".join(self.entity.names)}
        home = reverse(f"{self.entity.room}:list")
        exports = [
            (kind.upper(), f"{home}?{urlencode({**query, 'export': kind})}")
            for kind in ("xlsx", "csv")
        ]
        offered: Any = form.fields["organisation"]
        known = {
            "columns": column_helps(self.entity),
            "numbers": numbers(self.entity, offered.queryset),
        }
        return super().page(subject, form, status, exports=exports, **known, **more)


HTTP_CONFLICT = 409


class Shown:
    """A plan as the page shows it."""

    def __init__(self, made: Plan, organisation: Organisation, sheet: Sheet) -> None:
        """Take the plan, whose it is, and what it is made from."""
        self.not_read = not_read(sheet)
        self.organisation = organisation
        self.is_empty, self.same = made.is_empty, made.same
        self.added = [planned.thing for planned in made.added[:SHOWN_MOST]]
        self.changed = made.changed[:SHOWN_MOST]
        self.rest = len(made.added) + len(made.changed) - len(self.added) - len(self.changed)
        self.sentence, self.origin = _sentence(made), made.origin
        self.retired = made.retired[:SHOWN_MOST]
        self.rest += len(made.retired) - len(self.retired)


def not_read(sheet: Sheet) -> list[str]:
    """Return how a file was read, and what of it is not, and why, in sentences."""
    said = list(sheet.notes)
    if sheet.derived:
        text = gettext(
            "Not imported, since they follow from other columns or are worked out: %s. An export"
            " with the columns that are imported is on the page for import."
        )
        said.append(text % ", ".join(sheet.derived))
    if sheet.unnamed:
        text = ngettext(
            "%d column without a heading is not imported.",
            "%d columns without a heading are not imported.",
            sheet.unnamed,
        )
        said.append(text % sheet.unnamed)
    return said


def _sentence(made: Plan) -> str:
    added, changed = len(made.added), len(made.changed)
    same = made.same + len(made.retired)
    parts = (
        ngettext("%d is added", "%d are added", added) % added,
        ngettext("%d is changed", "%d are changed", changed) % changed,
        ngettext("%d stays as it is", "%d stay as they are", same) % same,
    )
    return ", ".join(parts) + "."
