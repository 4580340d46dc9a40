"""Links that are handed out: they open one door for one person, once."""

from __future__ import annotations

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str

from samsyn.access.adapters import AccountAdapter
from samsyn.access.models import Person


def password_link(person: Person) -> str:
    """Return the address where a person chooses a password, usable once."""
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)
    key = f"{user_pk_to_url_str(person)}-{token}"
    return AccountAdapter().get_reset_password_from_key_url(key)
