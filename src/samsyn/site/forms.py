from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordForm
from django.http import HttpRequest

from samsyn.messages.password_requests import request_record
from samsyn.site.standby import standby


class PasswordRequestForm(ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """Asks for a new password: does the same whether the address is known here or not."""

    def clean_email(self) -> str:
        """Return the address; allauth would look up here who has it."""
        address: str = get_adapter().clean_email(self.cleaned_data["email"].lower())
        return address

    def save(self, request: HttpRequest, **more: Any) -> str:  # noqa: ARG002  allauth's own signature
        """Record the request; the worker writes the letter."""
        address: str = self.cleaned_data["email"]
        request_record(address)
        standby.begin()
        return address
