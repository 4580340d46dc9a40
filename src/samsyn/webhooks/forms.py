from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samsyn.access.letters import as_read
from samsyn.access.permissions import Permission
from samsyn.kernel.outgoing import ADDRESS_LONGEST
from samsyn.organisations.choices import only_where
from samsyn.organisations.models import Organisation
from samsyn.ui.deeds import deed_text
from samsyn.ui.screens import ActorForm, FilterForm
from samsyn.webhooks.models import DeliveryState, WebhookCoverage, WebhookState
from samsyn.webhooks.selectors import kind_names
from samsyn.webhooks.wording import room_text


class WebhookFilters(FilterForm):
    """What the list of webhooks can be narrowed by."""

    search = forms.CharField(label=_("Search"), widget=forms.SearchInput, max_length=100)
    state = forms.ChoiceField(label=_("State"), choices=[("", _("all")), *WebhookState.choices])
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation"), empty_label=_("any organisation")
    )

    def for_selector(self) -> dict[str, Any]:
        values = dict(self.given())
        if "organisation" in values:
            values["organisation"] = values["organisation"].pk
        return values


class DeliveryFilters(FilterForm):
    """What the deliveries of a webhook can be narrowed by."""

    search = forms.CharField(label=_("Id"), widget=forms.SearchInput, max_length=100)
    state = forms.ChoiceField(label=_("State"), choices=[("", _("all")), *DeliveryState.choices])
    kind = forms.ChoiceField(label=_("What"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = [("", _("everything")), *_kinds()]


class WebhookForm(ActorForm):
    """What is said of a webhook."""

    name = forms.CharField(
        label=_("What is it called?"),
        max_length=120,
        help_text=_("Such as the program that is told."),
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=ADDRESS_LONGEST,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=_("Begins with https://. Put no password into it: what is sent is signed."),
    )
    covers = forms.ChoiceField(
        label=_("Whose events?"),
        choices=WebhookCoverage.choices,
        initial=WebhookCoverage.OWN,
        widget=forms.RadioSelect,
    )
    with_names = forms.BooleanField(
        label=_("Send names of things"),
        required=False,
        help_text=_("A name can say more than its receiver should know, such as an open service."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("What is told?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "If you choose nothing, everything is told, except what is done with webhooks. "
            "Beside each stands the word that is sent."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds: Any = self.fields["kinds"]
        kinds.choices = _kinds()

    def plain(self) -> list[forms.BoundField]:
        """Return the fields that stand one below the other."""
        return [bound for bound in self.visible_fields() if bound.name != "kinds"]

    def groups(self) -> list[tuple[str, int, list[Any]]]:
        """Return what can be told by room: its word, how many are chosen, and the choices."""
        options: Any = self["kinds"].subwidgets
        made = groupby(options, key=lambda option: room_text(option.data["value"]))
        groups = [(room, list(found)) for room, found in made]
        return [(room, sum(o.data["selected"] for o in found), found) for room, found in groups]


class WebhookNew(WebhookForm):
    """A new webhook: also whose it is."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"))
    field_order = ("organisation",)

    def __init__(self, *args: Any, organisation: Organisation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        only_where(self, "organisation", Permission.WEBHOOKS_MANAGE)
        if organisation is not None:
            self.fields["organisation"].initial = organisation.pk


def _kinds() -> list[tuple[str, str]]:
    """Return what can be told, by room and then in words."""
    named = [(name, deed_text(name)) for name in kind_names()]
    return sorted(named, key=lambda pair: (as_read(room_text(pair[0])), as_read(pair[1])))
