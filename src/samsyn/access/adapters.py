"""How django-allauth is bent to our rules: people are invited, nobody signs up alone."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from samsyn.access.models import Person


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in with password, passkey and one-time codes."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False


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
            messages.error(request, _("There is no person here with that address."))
            raise ImmediateHttpResponse(redirect("account_login"))
        sociallogin.connect(request, person)
