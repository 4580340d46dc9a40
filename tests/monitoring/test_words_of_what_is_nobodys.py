"""What belongs to nobody, and what a search finds, is told as everywhere else: in words."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from samsyn.findings.texts import report_title
from samsyn.monitoring.services import observation_import
from tests.cast import make_finding
from tests.house.plain import MOMENT
from tests.monitoring.reports import row, write


@pytest.fixture
def reader(client, cast, home):
    """Astrid, who reads Norwegian."""
    person = cast.people["astrid"]
    person.language = "nb"
    person.save()
    return client.be(person)


@pytest.mark.parametrize(("code", "words"), [("SE", "Sverige"), ("ZZ", "landskode ZZ")])
def test_what_is_nobodys_is_told_in_words(reader, cast, tmp_path, code, words):
    day = timezone.localdate() - timedelta(days=1)
    rows = [row(address="203.0.113.7", geo=code, timestamp=f"{day} 22:30:00")]
    path = write(tmp_path, rows, on=day.isoformat())
    observation_import(actor=cast.astrid, operator=cast.samvakt, paths=[path])
    page = reader.get("/feeds/unattributed/").content.decode()
    shown = page[page.index("<tbody>") : page.index("</tbody>")]
    assert "203.0.113.7" in shown
    assert "scan_rdp" not in page
    assert f"<td>{code}</td>" not in shown
    assert page.count(words) == 2, "in the counts and in the row"
    assert "<time " in shown
    assert not MOMENT.search(re.sub(r'datetime="[^"]*"', "", shown))


def test_a_search_calls_a_finding_as_the_lists_do(reader, cast):
    finding = make_finding(cast.fjellvik)
    page = reader.get(f"/search/?q={finding.case_number}").content.decode()
    assert f"{finding.case_number} " in page
    assert finding.report not in page
    assert finding.subject in page
    assert report_title(finding.report, language="nb") in page
