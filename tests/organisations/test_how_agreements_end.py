"""What is kept and said of an agreement, or an offer, that has been answered or ended."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from samsyn.kernel.errors import NotAllowed, RuleViolation
from samsyn.organisations.models import Agreement
from samsyn.organisations.serving import (
    agreement_accept,
    agreement_end,
    agreement_withdraw,
    offer_take_back,
)
from samsyn.ui.moments import day_text
from tests.organisations.boundary import sign

pytestmark = pytest.mark.usefixtures("in_their_zone")


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def offer(cast, today):
    until = today + timedelta(days=365)
    return sign(cast, cast.henrik, cast.fjellvik, valid_from=today, valid_until=until)


def page(client, cast, name):
    answer = client.be(cast.people[name]).get(f"/organisations/{cast.fjellvik.pk}/")
    return re.sub(r"<[^>]+>", "", answer.content.decode())


def test_a_declined_offer_keeps_its_days_and_says_who_declined_it(client, cast, offer, today):
    agreement_withdraw(actor=cast.ingvild, agreement=offer, today=today)
    offer.refresh_from_db()
    assert (offer.valid_from, offer.ended_on, offer.ending) == (today, today, "declined")
    for name in ("ingvild", "henrik"):
        text = page(client, cast, name)
        assert f"declined {day_text(today)} by Ingvild" in text
        assert "not accepted yet" not in text


def test_one_that_was_used_and_ended_today_was_in_force_today(client, cast, offer, today):
    agreement_accept(actor=cast.liv, agreement=offer, today=today)
    assert f"accepted {day_text(today)} by {cast.people['liv'].name}" in page(client, cast, "liv")
    agreement_withdraw(actor=cast.ingvild, agreement=offer, today=today)
    day = day_text(today)
    assert f"{day} – {day}, ended by Ingvild" in page(client, cast, "ingvild")
    assert offer in Agreement.begun()
    assert offer not in Agreement.in_force()


def test_one_ended_before_it_began_never_did(client, cast, today):
    begins = today + timedelta(days=5)
    agreed = sign(cast, cast.henrik, cast.vann, valid_from=begins)
    agreement_end(actor=cast.henrik, agreement=agreed, on=today)
    assert agreed.valid_from == begins
    Agreement.unscoped.filter(pk=agreed.pk).update(
        valid_from=today - timedelta(days=1),
        valid_until=today - timedelta(days=5),
        ended_on=today - timedelta(days=5),
    )
    assert agreed not in Agreement.begun()


def test_an_offer_is_taken_back_also_one_with_an_end(client, cast, offer, today):
    url = f"/organisations/agreements/{offer.pk}/take-back/"
    client.be(cast.people["henrik"])
    assert url in client.get(f"/organisations/{cast.fjellvik.pk}/").content.decode()
    answer = client.post(url, follow=True)
    assert "The offer is taken back." in answer.content.decode()
    day = day_text(today)
    assert f"taken back {day} by {cast.people['henrik'].name}" in page(client, cast, "liv")
    offer.refresh_from_db()
    with pytest.raises(RuleViolation, match="has been taken back"):
        agreement_accept(actor=cast.liv, agreement=offer, today=today)


def test_only_the_operator_takes_back_and_only_what_is_not_accepted(cast, offer, today):
    with pytest.raises(NotAllowed):
        offer_take_back(actor=cast.ingvild, agreement=offer, today=today)
    agreement_accept(actor=cast.liv, agreement=offer, today=today)
    with pytest.raises(RuleViolation, match="already accepted"):
        offer_take_back(actor=cast.henrik, agreement=offer, today=today)


def test_an_offer_that_ran_out_was_never_accepted(client, cast, offer, today):
    offer.valid_from, offer.valid_until = today - timedelta(days=9), today - timedelta(days=2)
    offer.save()
    assert "was never accepted" in page(client, cast, "liv")


def test_what_is_over_is_folded_below_what_is_there(client, cast, offer, today):
    agreement_withdraw(actor=cast.ingvild, agreement=offer, today=today)
    client.be(cast.people["ingvild"])
    text = client.get(f"/organisations/{cast.fjellvik.pk}/").content.decode()
    at = text.index("Earlier (1)")
    assert text.index("CSIRT membership") < at
    assert "declined" in text[at : text.index("</details>", at)]


@pytest.mark.parametrize(
    ("member", "said"),
    [
        ("fjellvik", "The offer has been sent. It counts when Fjellvik has accepted it."),
        ("vann", "The agreement is recorded."),
    ],
)
def test_an_offer_is_not_called_an_agreement(client, cast, member, said, today):
    at = f"/organisations/{getattr(cast, member).pk}/agreements/new/"
    given = {"service": "ciso", "valid_from": today.isoformat()}
    client.be(cast.people["henrik"])
    assert said in client.post(at, given, follow=True).content.decode()


def test_ending_after_today_is_not_called_ended(client, cast, today):
    agreed = Agreement.unscoped.get(organisation=cast.fjellvik)
    client.be(cast.people["henrik"])
    url = f"/organisations/agreements/{agreed.pk}/end/"
    assert "The agreement ends after today." in client.post(url, follow=True).content.decode()
    assert f"{day_text(today)}, ended by" in page(client, cast, "ingvild")
    assert agreed in Agreement.in_force()


def asked(client, cast, name, agreement, act):
    answer = client.be(cast.people[name]).get(f"/organisations/agreements/{agreement.pk}/{act}/")
    main = answer.content.decode().partition("<main")[2]
    return answer.status_code, re.sub(r"\s+", " ", main)


@pytest.mark.parametrize("act", ["accept", "decline"])
def test_nothing_is_asked_about_an_offer_that_was_taken_back(client, cast, offer, today, act):
    offer_take_back(actor=cast.henrik, agreement=offer, today=today)
    status, text = asked(client, cast, "liv", offer, act)
    assert status == 422
    assert "The offer has been taken back." in text
    assert 'type="submit"' not in text
    assert f"taken back {day_text(today)} by" in text


@pytest.mark.parametrize(
    ("name", "act"),
    [("liv", "accept"), ("liv", "decline"), ("henrik", "end"), ("henrik", "take-back")],
)
def test_nothing_is_asked_about_an_agreement_that_has_ended(client, cast, offer, today, name, act):
    agreement_accept(actor=cast.liv, agreement=offer, today=today)
    agreement_withdraw(actor=cast.ingvild, agreement=offer, today=today)
    status, text = asked(client, cast, name, offer, act)
    assert status == 422
    assert "The agreement has ended." in text
    assert "already accepted" not in text
    assert 'type="submit"' not in text
    again = client.post(f"/organisations/agreements/{offer.pk}/{act}/")
    assert "The agreement has ended." in again.content.decode()


def test_on_its_last_day_an_agreement_has_not_ended(client, cast, today):
    agreed = sign(cast, cast.henrik, cast.vann, valid_from=today)
    agreement_end(actor=cast.henrik, agreement=agreed, on=today)
    with pytest.raises(RuleViolation, match="ends by itself after its last day"):
        agreement_end(actor=cast.henrik, agreement=agreed, on=today)
    status, text = asked(client, cast, "henrik", agreed, "end")
    assert (status, "ends by itself after its last day" in text) == (422, True)


def test_ending_now_and_ending_after_today_have_names_of_their_own(client, cast, offer, today):
    agreement_accept(actor=cast.liv, agreement=offer, today=today)
    assert "End now" in page(client, cast, "liv")
    assert "End after today" in page(client, cast, "henrik")
