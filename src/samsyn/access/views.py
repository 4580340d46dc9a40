from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.views import (
    PasswordResetDoneView,
    PasswordResetFromKeyView,
    PasswordResetView,
)
from allauth.account.views import reauthenticate as allauth_reauthenticate
from allauth.mfa.base.views import reauthenticate as allauth_mfa_reauthenticate
from allauth.mfa.recovery_codes.views import DownloadRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.webauthn.views import EditWebAuthnView
from allauth.mfa.webauthn.views import reauthenticate_webauthn as allauth_webauthn_reauthenticate
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.http import Http404, HttpRequest, HttpResponse

from samsyn.access.account_mail import contact_for_help
from samsyn.access.middleware import GetResponse
from samsyn.access.models import Person
from samsyn.access.sessions import browser_of
from samsyn.access.sign_ins import note_sign_in


class Sessions(ListUserSessionsView):  # type: ignore[misc]  # allauth has no types
    """Where one is signed in."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        for session in context["sessions"]:
            session.browser = browser_of(session.user_agent)
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        note_sign_in("others_ended", self.request.user, self.request)
        return response


class PasskeyName(EditWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """Another name for a passkey."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        note_sign_in("factor_renamed", self.request.user, self.request, by=["webauthn"])
        return response


class RecoveryCodes(ViewRecoveryCodesView):  # type: ignore[misc]  # allauth has no types
    """One's recovery codes: whoever has read them can sign in with them later."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if context["can_view_codes"]:
            note_codes_shown(self.request)
        return context


class RecoveryCodesFile(DownloadRecoveryCodesView):  # type: ignore[misc]  # allauth has no types
    """The same as a file."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        note_codes_shown(self.request)
        return context


def note_codes_shown(request: HttpRequest) -> None:
    """Put on record that somebody was shown their recovery codes."""
    if isinstance(request.user, Person):
        note_sign_in("codes_shown", request.user, request, by=["recovery_codes"])


# Everybody sees where they are signed in; ending it elsewhere asks who one is first.
passkey_name = PasskeyName.as_view()
recovery_codes = RecoveryCodes.as_view()
recovery_codes_file = RecoveryCodesFile.as_view()
sessions = reauthentication_required(Sessions.as_view(), allow_get=True)


class _WithHelp:
    """A page for a forgotten password: it names whom to ask when there is somebody."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]  # the view beside it has it
        return {**context, "contact": contact_for_help()}


class PasswordRequestView(_WithHelp, PasswordResetView):  # type: ignore[misc]  # allauth has no types
    """Asking for a link to a new password."""


class PasswordRequested(_WithHelp, PasswordResetDoneView):  # type: ignore[misc]  # allauth has no types
    """What to do once one has asked."""


class PasswordChoiceView(_WithHelp, PasswordResetFromKeyView):  # type: ignore[misc]  # allauth has no types
    """What the link opens; one that has been used or is too old is gone."""

    def render_to_response(self, context: dict[str, Any], **more: Any) -> HttpResponse:
        status = 410 if context.get("token_fail") else 200
        response: HttpResponse = super().render_to_response(context, status=status, **more)
        return response


password_choice = PasswordChoiceView.as_view()
password_request = PasswordRequestView.as_view()
password_requested = PasswordRequested.as_view()


def closed(_request: HttpRequest) -> HttpResponse:
    """Answer as if there were no such page."""
    raise Http404


def _with_a_new_session(view: GetResponse) -> GetResponse:
    """Give the session a new key once a person has said again who they are."""

    def run(request: HttpRequest) -> HttpResponse:
        response = view(request)
        before = request.session.session_key
        if request.method == "POST" and response.status_code in REDIRECTS and before:
            request.session.cycle_key()
            after = request.session.session_key
            UserSession.objects.filter(session_key=before).update(session_key=after)
        return response

    return run


REDIRECTS = {302, 303}
reauthenticate = _with_a_new_session(allauth_reauthenticate)
mfa_reauthenticate = _with_a_new_session(allauth_mfa_reauthenticate)
webauthn_reauthenticate = _with_a_new_session(allauth_webauthn_reauthenticate)
