"""Choosing a password through a link; whoever comes in for the first time also says their name."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ResetPasswordKeyForm
from django import forms
from django.utils.translation import gettext_lazy as _

from samsyn.access.models import Person
from samsyn.access.selectors import actor_of
from samsyn.access.services import name_choose

NAME = Person._meta.get_field("name")


class PasswordChoiceForm(ResetPasswordKeyForm):  # type: ignore[misc]  # allauth has no types
    """A new password; with the name, which until then is as the first inviter wrote it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.user is not None and not self.user.has_usable_password():
            self.fields["name"] = forms.CharField(
                label=_("Your name"),
                max_length=NAME.max_length,
                initial=self.user.name,
                help_text=_("As others in Samsyn see it. It was written by whoever invited you."),
                widget=forms.TextInput(attrs={"autocomplete": "name"}),
            )
            self.order_fields(["name"])

    def clean_name(self) -> str:
        """Return the name in the form in which names are kept."""
        name: str = NAME.clean(self.cleaned_data["name"], None)
        return name

    def save(self) -> None:
        """Keep the password, and the name of a person who has chosen it."""
        super().save()
        name = self.cleaned_data.get("name", self.user.name)
        if name != self.user.name:
            name_choose(actor=actor_of(self.user), person=self.user, name=name)
