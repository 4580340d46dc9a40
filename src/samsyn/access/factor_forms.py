"""allauth's forms for passkeys, with failures on record: it tells of wrong codes only."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.webauthn import forms
from django.core.exceptions import ValidationError

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


class PasskeySignIn(_OnRecord, forms.LoginWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """Signing in with a passkey alone."""


class PasskeySecond(_OnRecord, forms.AuthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A key as second factor."""
