"""How django-allauth is bent to our rules: people are invited, nobody signs up alone."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from samsyn.access.account_mail import operator_for
from samsyn.access.attempts import FEW_MINUTES, Attempt, device_remember
from samsyn.access.http import client_address
from samsyn.access.middleware import language_guess
from samsyn.access.models import Person
from samsyn.access.sign_ins import note_lock_out, note_refused

SIGNED_OUT = "account/messages/logged_out.txt"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Sign-in with password, passkey and one-time codes."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": gettext_lazy(
            "Too many failed attempts. Wait five minutes and try again, sign in with a passkey, "
            "or have a link to a new password sent."
        ),
        "too_many_in_an_hour": gettext_lazy(
            "Too many failed attempts. Wait an hour, sign in with a passkey or on a device that "
            "you have used before, or have a link to a new password sent."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  allauth's own signature
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that attempts are counted by and mail about changes names."""
        return client_address(request) or "0.0.0.0"  # noqa: S104  a socket file has no address

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count an attempt with a password, or refuse it when there have been too many."""
        self.attempt = Attempt(request, str(credentials.get("email", "")))
        if wait := self.attempt.wait():
            note_lock_out(credentials.get("email"), request)
            is_long = wait > FEW_MINUTES
            raise self.validation_error(
                "too_many_in_an_hour" if is_long else "too_many_login_attempts"
            )
        self.attempt.count()

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Return who has this password; such an attempt counts for nothing."""
        person = super().authenticate(request, **credentials)
        if person is not None:
            self.attempt.count(-1)
        return person

    def add_message(self, request: HttpRequest, *words: Any, **more: Any) -> None:
        """Say it in the language of the page that shows it: in or out, that is the next one."""
        is_left = SIGNED_OUT in [*words, *more.values()]
        person = None if is_left or not request.user.is_authenticated else request.user
        with override(person.language if person else language_guess(request)):
            super().add_message(request, *words, **more)

    def post_login(self, request: HttpRequest, user: Any, **how: Any) -> HttpResponse:
        """Go on after signing in, however that was, and remember the device."""
        response: HttpResponse = super().post_login(request, user, **how)
        device_remember(request, response, user)
        return response

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link in a mail: at our own address, whatever name the request came by."""
        user, _dash, secret = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": user, "key": secret})
        return f"{settings.BASE_URL}{path}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail from the operator, in the language of the person whose account it is.

        Anyone may ask for it, in any browser: its language and host name say nothing of the
        receiver or of us.
        """
        person = context.get("user")
        language = getattr(person, "language", "") or get_language()
        operator = operator_for(email)
        name = str(operator.name) if operator else "Samsyn"
        site = SimpleNamespace(name=name, domain=urlsplit(settings.BASE_URL).netloc)
        given = {"request": None, "email": email, **context, "current_site": site}
        with override(language):
            self.render_mail(template_prefix, email, given).send()


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Sign-in through the organisation's own provider; it must know an invited address."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002  allauth's own signature
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
