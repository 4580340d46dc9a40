"""How django-allauth is bent to our rules: people are invited, nobody signs up alone."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from samsyn.access.models import Person
from samsyn.access.sign_ins import note_lock_out, note_refused


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in with password, passkey and one-time codes."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse for a while after too many failures, and put that on record."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            note_lock_out(credentials.get("email"), request)
            raise


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Sign-in through the organisation's own provider; it must know an invited address."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Connect the provider's account to the invited person with the same verified address.

        Only a verified address counts: otherwise anyone could claim a person at a
        provider that lets people type any address.
        """
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            raise Http404  # a second account for the same person is a way in nobody has given
        if sociallogin.is_existing:
            return
        verified = [a.email for a in sociallogin.email_addresses if a.verified]
        person = Person.objects.filter(email__in=[a.lower() for a in verified]).first()
        if person is None or not person.is_active:
            note_refused("failed", person, request, by=["socialaccount"])
            messages.error(request, _("There is no person here with that address."))
            raise ImmediateHttpResponse(redirect("account_login"))
        sociallogin.connect(request, person)

    def on_authentication_error(self, request: HttpRequest, *given: Any, **more: Any) -> None:
        """Put on record that the provider did not let somebody in, or its answer did not fit."""
        note_refused("failed", None, request, by=["socialaccount"])
        super().on_authentication_error(request, *given, **more)
