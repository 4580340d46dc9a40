"""An offered agreement stands on the home page of who may accept it, until it is answered."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from samsyn.organisations.models import Agreement, Assignment
from samsyn.organisations.serving import agreement_accept, agreement_withdraw
from samsyn.ui.moments import day_text
from tests.cast import TODAY, make_organisation

pytestmark = pytest.mark.usefixtures("in_their_zone")

LINE = "Samvakt offers to be your virtual CISO: read and answer"


@pytest.fixture
def offer(cast):
    return Agreement.unscoped.create(
        organisation=cast.fjellvik,
        operator=cast.samvakt,
        service="ciso",
        valid_from=TODAY,
        accepted_on=None,
    )


def home(client, cast, name):
    return client.be(cast.people[name]).get("/", follow=True).content.decode()


@pytest.mark.parametrize("name", ["ingvild", "liv"])
def test_leader_and_security_officer_are_told_and_led_there(client, cast, offer, name):
    page = home(client, cast, name)
    assert LINE in page
    assert f'href="/organisations/{cast.fjellvik.pk}/"' in page
    there = client.get(f"/organisations/{cast.fjellvik.pk}/").content.decode()
    assert f"/organisations/agreements/{offer.pk}/accept/" in there


@pytest.mark.parametrize("name", ["jonas", "egil", "revna", "astrid", "henrik", "sigrid"])
def test_who_may_not_accept_it_is_not_told(client, cast, offer, name):
    assert LINE not in home(client, cast, name)
    page = client.get(f"/members/{cast.fjellvik.pk}/")
    assert LINE not in page.content.decode()


def test_a_page_made_for_one_does_not_tell_another(client, cast, offer):
    assert LINE in home(client, cast, "ingvild")
    assert LINE not in home(client, cast, "jonas")


@pytest.mark.parametrize("answer", [agreement_accept, agreement_withdraw])
def test_it_is_gone_when_it_is_answered(client, cast, offer, answer):
    assert LINE in home(client, cast, "liv")
    answer(actor=cast.liv, agreement=offer, today=TODAY)
    assert LINE not in home(client, cast, "liv")
    assert LINE not in home(client, cast, "ingvild")


@pytest.mark.parametrize(("days", "is_there"), [(0, True), (-1, False)])
def test_it_is_gone_when_its_time_is_over(client, cast, offer, days, is_there):
    offer.valid_until = timezone.localdate() + timedelta(days=days)
    offer.save()
    assert (LINE in home(client, cast, "liv")) is is_there


def test_it_is_told_also_where_there_is_no_other_agreement(client, cast, offer):
    Assignment.unscoped.update(ended_on=date(2026, 1, 1))
    Agreement.unscoped.filter(service="csirt").update(valid_until=date(2025, 6, 1))
    assert LINE in home(client, cast, "liv")


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_the_question_says_who_offers_what_until_when(client, cast, offer, answer):
    page = client.be(cast.people["liv"]).get(f"/organisations/agreements/{offer.pk}/{answer}/")
    text = page.content.decode()
    for said in ("Offered by", "Samvakt", "virtual CISO", day_text(TODAY), "until further notice"):
        assert said in text
    assert "Your own security work" in text


def test_an_offer_is_declined_and_an_agreement_is_ended(client, cast, offer):
    url = f"/organisations/agreements/{offer.pk}/decline/"
    client.be(cast.people["liv"])
    text = client.get(url).content.decode()
    assert "Decline this offer?" in text
    assert "End this agreement" not in text
    Agreement.unscoped.filter(pk=offer.pk).update(accepted_on=TODAY)
    text = client.get(url).content.decode()
    assert "End this agreement now?" in text
    assert "Decline" not in text


def test_an_offer_of_a_second_csirt_says_who_is_there_already_and_that_it_stays(
    client, cast, offer
):
    Agreement.unscoped.filter(pk=offer.pk).update(
        service="csirt", operator=make_organisation("Nordvakt", kind="operator")
    )
    assert "Nordvakt offers to be your CSIRT: read and answer" in home(client, cast, "liv")
    url = f"/organisations/agreements/{offer.pk}"
    text = client.get(f"{url}/accept/").content.decode()
    assert "Serves you already" in text
    assert "Samvakt (CSIRT membership)" in text
    assert "stays in force" in text
    assert "those of companies that you own" in text
    assert "your own security work:" not in text
    client.post(f"{url}/accept/")
    for agreement in Agreement.unscoped.filter(organisation=cast.fjellvik):
        page = client.get(f"/organisations/agreements/{agreement.pk}/decline/").content.decode()
        assert "no longer see your contacts" in page
        assert agreement.accepted_on is not None


def test_an_offer_of_a_virtual_ciso_says_that_companies_are_not_in_it(client, cast, offer):
    client.be(cast.people["liv"])
    text = client.get(f"/organisations/agreements/{offer.pk}/accept/").content.decode()
    assert "Nothing of companies that you own" in text
    assert "Serves you already" not in text
