"""The first import into an installation is quiet until the operator says go."""

from __future__ import annotations

import pytest
from django.urls import reverse

from samsyn.findings.beginning import is_begun, telling_begin
from samsyn.findings.models import TellingStart
from samsyn.findings.telling import finding_tell
from samsyn.jobs.registry import run_now
from samsyn.kernel.errors import NotAllowed, RuleViolation
from samsyn.messages.models import Message
from tests.cast import NOON, make_finding
from tests.organisations.boundary import second_operator

pytestmark = pytest.mark.django_db


def begin(cast, who="astrid"):
    return telling_begin(actor=getattr(cast, who), operator=cast.samvakt, now=NOON)


@pytest.mark.parametrize("job", ["finding_tell", "finding_tell_urgent"])
def test_by_the_clock_nobody_is_told_before_somebody_says_go(cast, job):
    make_finding(cast.fjellvik, severity=4)
    assert run_now(job, actor=cast.job) == {}
    assert not Message.unscoped.exists()
    begin(cast)
    assert run_now(job, actor=cast.job)["findings"] == 1


def test_an_installation_that_has_told_before_is_not_asked(client, cast):
    make_finding(cast.fjellvik)
    finding_tell(actor=cast.astrid, operator=cast.samvakt, now=NOON)
    assert is_begun(cast.samvakt)
    make_finding(cast.fjellvik, subject="198.18.0.99")
    assert run_now("finding_tell", actor=cast.job)["findings"] == 1
    for url in ("/", reverse("findings:tell")):
        page = client.be(cast.people["astrid"]).get(url, follow=True).content.decode()
        assert "by itself" not in page


def test_mail_about_accounts_is_no_letter_about_findings(cast):
    make_finding(cast.fjellvik)
    finding_tell(actor=cast.astrid, operator=cast.samvakt, now=NOON)
    Message.unscoped.update(kind="account")
    assert not is_begun(cast.samvakt)


def test_one_operators_go_is_not_anothers(cast):
    begin(cast)
    assert is_begun(cast.samvakt)
    assert not is_begun(second_operator(cast)[0])


def test_it_is_said_once_and_by_whom(cast):
    start = begin(cast)
    assert "Astrid" in start.by
    assert start.at == NOON
    with pytest.raises(RuleViolation):
        begin(cast)
    assert TellingStart.unscoped.count() == 1


@pytest.mark.parametrize("who", ["ingvild", "ragna", "henrik", "jonas"])
def test_who_may_not_send_does_not_say_go(cast, who):
    with pytest.raises(NotAllowed):
        begin(cast, who)


def test_desk_and_page_say_so_and_lead_to_the_button(client, cast):
    make_finding(cast.fjellvik)
    client.be(cast.people["astrid"])
    desk = client.get("/", follow=True).content.decode()
    assert "No letter goes out by itself before you say so." in desk
    assert "See who waits for a first letter." in desk
    page = client.get(reverse("findings:tell")).content.decode()
    assert reverse("findings:tell-begin") in page
    client.post(reverse("findings:tell-begin"))
    assert is_begun(cast.samvakt)
    for url in ("/", reverse("findings:tell")):
        assert "by itself" not in client.get(url, follow=True).content.decode()
