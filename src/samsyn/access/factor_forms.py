"""allauth's forms for passkeys, with failures on record: it tells of wrong codes only."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.webauthn import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from samsyn.access.sign_ins import note_refused


class _OnRecord:
    user: Any

    def clean_credential(self) -> Any:
        """Check the passkey; one that does not fit is put on record."""
        try:
            return super().clean_credential()  # type: ignore[misc]  # the form beside it in the class has it
        except ValidationError:
            note_refused("failed", self.user, context.request, by=["webauthn"])
            raise


class CodeSecond(AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """A code as second factor, from an app or one of those kept for when it is not at hand."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _(
            "From your app. If you do not have it at hand, give one of your recovery codes."
        )


class PasskeySignIn(_OnRecord, forms.LoginWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """Signing in with a passkey alone."""


class PasskeySecond(_OnRecord, forms.AuthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A key as second factor."""
