"""Asking for a new password: the answer says nothing of whether there is such a person."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.forms import ResetPasswordForm
from django.http import HttpRequest

HELD_SECONDS = 1.0  # longer than it takes to make and hand over a letter


class SteadyResetForm(ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """Takes the same time for an address that is known here and for one that is not.

    A letter is made for the known only, and a stranger could measure that.
    """

    def save(self, request: HttpRequest, **more: Any) -> str:
        """Write to whoever has the address, if anybody has, and answer after a fixed time."""
        until = time.monotonic() + HELD_SECONDS
        try:
            address: str = super().save(request, **more)
        finally:
            time.sleep(max(0.0, until - time.monotonic()))
        return address
