"""By when an answer is asked for follows from how severe a finding is."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from samsyn.findings.answer_links import answer_token
from samsyn.findings.texts import answer_by
from tests.cast import TODAY, make_finding
from tests.findings.test_telling_letters import compose
from tests.messages.builders import make_message

DAY = date(2026, 3, 2)


def test_the_worse_the_sooner():
    days = [answer_by(level, DAY) for level in (4, 3, 2, 1)]
    assert days == sorted(days)
    assert days[0] == DAY + timedelta(days=1)
    assert answer_by(0, DAY) is None


@pytest.mark.django_db
def test_the_letter_asks_for_an_answer_by_that_day(cast):
    text = compose(cast, [make_finding(cast.fjellvik, severity=4)]).text
    shown = date_format(TODAY + timedelta(days=1), "SHORT_DATE_FORMAT")
    assert f"Please answer by {shown}." in text
    assert "Please answer by" not in compose(cast, [make_finding(cast.vann, severity=0)]).text


@pytest.mark.django_db
def test_the_letter_says_how_to_call(cast):
    letter = compose(cast, [make_finding(cast.fjellvik)])
    assert "call us" not in letter.text
    cast.samvakt.phone, cast.samvakt.phone_days = "+47 22 33 44 55", "weekdays"
    cast.samvakt.phone_from, cast.samvakt.phone_until = time(8), time(16)
    letter = compose(cast, [make_finding(cast.fjellvik, port=1)])
    for part in (letter.text, letter.html):
        assert "You can also call us: +47 22 33 44 55, weekdays 08:00–16:00." in part


@pytest.mark.django_db
def test_the_page_for_answering_fills_in_the_day_that_the_severity_asks_for(client, cast):
    for severity, days in ((4, 1), (2, 30), (0, 90)):
        finding = make_finding(cast.fjellvik, severity=severity, port=severity)
        about = {"type": "findings.Finding", "ids": [finding.pk]}
        letter = make_message(organisation=cast.fjellvik, operator=cast.samvakt, about=about)
        url = reverse("answer:finding", args=[answer_token(letter.key), finding.pk])
        usual = timezone.localdate() + timedelta(days=days)
        assert f'value="{usual.isoformat()}"' in client.get(url).content.decode()
