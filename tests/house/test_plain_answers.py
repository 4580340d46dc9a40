"""The law on words, for what is answered to a form that is filled in badly.

The forms of the rooms are asked in test_hostile, which sends all of them; here those of accounts.
"""

from __future__ import annotations

import importlib
import logging
import pkgutil

import pytest
from django import forms
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from polib import pofile

import samsyn
from samsyn.access.middleware import LANGUAGE_COOKIE
from samsyn.analytics.version_cache import clear_cache
from tests.house.laws import PACKAGE
from tests.house.plain import OTHERS, data_kept, faults, texts_of, translated
from tests.house.test_hostile import REFUSED

OLD = "an Old one 2026, long"
WEAK = ("", "a", "1234567890123456", "password1234", "astrid@samvakt.example", "samsynsamsyn")
FORMS = {
    "account_change_password": [
        *({"oldpassword": OLD, "password1": each, "password2": each} for each in WEAK),
        {"oldpassword": "wrong", "password1": "one", "password2": "other"},
    ],
    "account_reauthenticate": [{}, {"password": "wrong"}],
    "mfa_activate_totp": [{}, {"code": "1"}, {"code": "123456"}],
    "mfa_generate_recovery_codes": [{}],
    "mfa_add_webauthn": [{}, {"name": "x" * 500, "credential": "{"}],
}
NOT_SHOWN = {  # in Django's catalogues, on no page here
    "Central Kurdish (Sorani)": "the name of a language",
    "Uyghur": "the name of a language",
    "String (unlimited)": "a kind of field, for its documentation",
    "Password-based authentication was disabled.": "Django's administration",
    "Set password: %s": "Django's administration",
    "Reset password": "Django's administration",
    "Set password": "Django's administration",
    "Password-based authentication": "Django's administration",
    "Enabled": "Django's administration",
    "Disabled": "Django's administration",
    "Raw passwords are not stored, so there is no way to see the user’s password.": "the same",
    "Enable password-based authentication for this user by setting a password.": "the same",
}
PREFIXES_NOT_SHOWN = (
    "Enter a valid username.",  # people are known by their address
    "Whether the user will be able to authenticate using a password",  # Django's administration
)
OUTSIDE = {
    "account_login": [
        {},
        {"login": "x", "password": "x"},
        {"login": "a@b.example", "password": "x"},
    ],
    "account_reset_password": [{}, {"email": "x"}, {"email": "x" * 300 + "@b.example"}],
}


@pytest.fixture(autouse=True)
def quiet():
    """Keep hundreds of refusals out of the log."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def wrong_words(client, url, body, language, data):
    """Send a form, undo what it did, and return what is raw or English in a refusal of it."""
    cache.clear()
    with transaction.atomic():
        answer = client.post(url, body)
        transaction.set_rollback(True)
    clear_cache()
    if answer.status_code not in REFUSED or "html" not in answer.headers["Content-Type"]:
        return set()
    return set(faults(answer.content.decode(), language, data))


@pytest.mark.once
@pytest.mark.parametrize("language", ["sv", "nb"])
@pytest.mark.parametrize("name", [*FORMS, *OUTSIDE])
def test_a_refused_account_form_says_nothing_english(client, cast, name, language):
    person = cast.people["astrid"]
    person.language = language
    person.set_password(OLD)
    person.save()
    url = reverse(name)
    client.cookies[LANGUAGE_COOKIE] = language
    if name in FORMS:
        client.post(reverse("account_login"), {"login": person.email, "password": OLD})
        client.post(reverse("account_reauthenticate"), {"password": OLD})
    page = client.get(url)
    assert page.status_code == 200
    found = set(faults(page.content.decode(), language, data_kept()))
    for body in (FORMS | OUTSIDE)[name]:
        found |= wrong_words(client, url, body, language, data_kept())
    assert found == set()


def forms_of_ours():
    """Yield each class of forms in the package."""
    for module in pkgutil.walk_packages(samsyn.__path__, "samsyn."):
        if module.name.endswith("forms"):
            importlib.import_module(module.name)
    waiting = [forms.BaseForm]
    while waiting:
        found = waiting.pop()
        waiting += found.__subclasses__()
        if found.__module__.startswith("samsyn."):
            yield found


@pytest.mark.once
def test_every_field_has_a_name_to_be_refused_under():
    nameless = {
        f"{form.__module__}.{form.__name__}.{name}"
        for form in forms_of_ours()
        for name, field in form.base_fields.items()
        if field.label is None and not field.widget.is_hidden
    }
    assert nameless == set(), "Django makes an English name of the name in the code"


@pytest.mark.once
@pytest.mark.parametrize("language", ["sv", "nb"])
def test_no_text_of_django_or_allauth_lacks_a_translation(language):
    said = translated(PACKAGE, language)
    lacking = set()
    for place in OTHERS:
        lacking |= texts_of(place, "en") - translated(place, language) - said
    lacking = {text for text in lacking if not text.startswith(PREFIXES_NOT_SHOWN)}
    assert lacking - set(NOT_SHOWN) == set()
    assert language == "sv" or set(NOT_SHOWN) <= lacking, "remove it from NOT_SHOWN"


OF_NO_FORM = (  # nobody chooses a user name, registers or adds an address by themselves
    "A user is already registered with this email address",
    "Enter a valid username",
    "This email address is already associated with this account",
    "This email confirmation link expired or is invalid",
)


@pytest.mark.once
@pytest.mark.parametrize("language", ["sv", "nb"])
def test_a_sentence_of_django_or_allauth_ends_as_one(language):
    said = translated(PACKAGE, language)
    unended = {
        entry.msgid
        for place in OTHERS
        for entry in pofile(place / f"locale/{language}/LC_MESSAGES/django.po").translated_entries()
        if entry.msgid not in said and " " in entry.msgid and entry.msgid.endswith(".")
        for text in [entry.msgstr, *entry.msgstr_plural.values()]
        if text and not text.endswith((".", "!", "?"))
    }
    unended = {text for text in unended if not text.startswith(OF_NO_FORM)}
    assert unended == set(), "say it in access/borrowed_messages.py and our catalogues"


@pytest.mark.once
@pytest.mark.parametrize(
    "planted", ["This password is too common.", "Enter a valid email address."]
)
def test_the_law_on_words_catches_the_texts_of_others(planted):
    assert list(faults(f"<li>{planted}</li>", "nb", []))
