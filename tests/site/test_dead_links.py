"""A link that opens nothing says so in plain words, what to do, and nothing of what it was."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.urls import reverse

from samsyn.access.links import password_link
from samsyn.access.selectors import actor_of
from samsyn.annual_wheel import services as wheel
from samsyn.findings.answer_links import answer_token
from samsyn.maturity.links import door_token, seat_token
from samsyn.maturity.models import DialogueStep
from samsyn.maturity.services.preparing import links_renew
from tests.cast import NOON
from tests.maturity.builders import make_dialogue

pytestmark = pytest.mark.django_db
DEAD = {
    "en": ("This link does not work", "Ask whoever sent it to you"),
    "sv": ("Länken fungerar inte", "Be den som skickade den"),
    "nb": ("Lenken virker ikke", "Be den som sendte den"),
}
PASSWORD = {
    "en": ("This link does not work any more", "for three days", "Send a new link"),
    "sv": ("Länken fungerar inte längre", "i tre dygn", "Skicka en ny länk"),
    "nb": ("Lenken virker ikke lenger", "i tre døgn", "Send ny lenke"),
}
FEED = {"en": "make a new one", "sv": "skapa en ny", "nb": "lag en ny"}


@pytest.fixture
def renewed(cast):
    """The door and a seat of a dialogue whose links were renewed since."""
    dialogue = make_dialogue(cast, DialogueStep.RATING)
    old = [reverse("rate:door", args=[door_token(dialogue)])]
    old.append(reverse("rate:seat", args=[seat_token(dialogue, "staff")]))
    links_renew(actor=cast.ingvild, dialogue=dialogue)
    return old


def says(client, path, language, status=404):
    page = client.get(path, headers={"accept-language": language})
    assert page.status_code == status
    return page.content.decode()


@pytest.mark.parametrize("language", DEAD)
def test_a_dialogue_whose_links_are_renewed_is_told_from_none_that_ever_was(
    client, cast, renewed, language
):
    guesses = ["/rate/in/guess/", "/rate/guess/"]
    pages = [says(client, path, language) for path in [*renewed, *guesses]]
    for page in pages:
        assert all(words in page for words in DEAD[language])
        assert "Fjellvik" not in page
        assert "Dialogue 2026" not in page
        assert 'class="ds-button" href="/"' not in page, "who has no account is sent to sign in"


@pytest.mark.parametrize("language", DEAD)
def test_the_door_of_a_dialogue_that_is_over_is_closed(client, cast, language):
    dialogue = make_dialogue(cast, DialogueStep.MEETING)
    type(dialogue).unscoped.filter(pk=dialogue.pk).update(step=DialogueStep.CLOSED)
    client.cookies["samsyn_language"] = language
    page = says(client, reverse("rate:door", args=[door_token(dialogue)]), language, 410)
    assert all(words in page for words in DEAD[language])
    assert "Fjellvik" not in page
    seat = reverse("rate:seat", args=[seat_token(dialogue, "staff")])
    assert client.get(seat).status_code == 200, "what one has rated can be seen and taken back"


def test_a_dialogue_that_is_not_open_yet_says_whom_to_ask(client, cast):
    dialogue = make_dialogue(cast, DialogueStep.PREPARED)
    client.cookies["samsyn_language"] = "en"
    page = says(client, reverse("rate:door", args=[door_token(dialogue)]), "en", 200)
    assert "Ask whoever invited you when it opens" in page


@pytest.mark.parametrize("language", DEAD)
def test_an_answer_link_that_opens_nothing(client, cast, language):
    for token in ("guess", answer_token("0" * 32)):
        page = says(client, reverse("answer:letter", args=[token]), language)
        assert all(words in page for words in DEAD[language])


@pytest.mark.parametrize("language", FEED)
def test_a_calendar_address_that_was_ended(client, cast, language):
    actor = actor_of(cast.people["ingvild"])
    feed = wheel.feed_create(actor=actor, person=cast.people["ingvild"], now=NOON)
    wheel.feed_end(actor=actor, feed=feed, now=NOON)
    for secret in (feed.secret, "guess"):
        assert FEED[language] in says(client, f"/wheel/feed/{secret}.ics", language)


@pytest.mark.parametrize("language", PASSWORD)
def test_a_link_to_a_password_that_was_used(client, cast, language):
    person = cast.people["ingvild"]
    used = "/accounts" + password_link(person).split("/accounts", 1)[1]
    person.set_password("another long sentence")
    person.save()
    for path in (used, "/accounts/password/reset/key/1-guess/"):
        page = says(client, path, language, 410)
        assert all(words in page for words in PASSWORD[language])
        assert person.name not in page
        assert 'href="/accounts/password/reset/"' in page
    assert settings.PASSWORD_RESET_TIMEOUT == 3 * 24 * 3600
