"""Signing in: django-allauth's pages, without those where people would let themselves in.

People are invited to one address. Signing up, adding addresses of one's own and connecting
other accounts would each be a second way in that nobody has given. The names stay, since
allauth asks for their addresses; the pages are not there.
"""

from __future__ import annotations

from django.urls import include, path, re_path

from samsyn.access import views

CLOSED = ("signup/", "email/", "confirm-email/", "login/code/", "3rdparty/signup/", "3rdparty/$")
urlpatterns = [
    re_path(f"^(?:{'|'.join(CLOSED)})", views.closed),
    path("password/reset/", views.password_request),
    path("password/reset/done/", views.password_requested),
    re_path(r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", views.password_choice),
    path("sessions/", views.sessions),
    path("2fa/webauthn/keys/<int:pk>/edit/", views.passkey_name),
    path("2fa/recovery-codes/", views.recovery_codes),
    path("2fa/recovery-codes/download/", views.recovery_codes_file),
    path("reauthenticate/", views.reauthenticate),
    path("2fa/reauthenticate/", views.mfa_reauthenticate),
    path("2fa/webauthn/reauthenticate/", views.webauthn_reauthenticate),
    path("", include("allauth.urls")),
]
