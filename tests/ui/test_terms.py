"""Terms of the trade open their meaning where they stand, in the reader's language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils import translation

import samsyn
from samsyn.content.packs import localised, pack
from samsyn.findings.models import FindingState
from samsyn.ui.components import SharingLabel
from samsyn.ui.terms import explained, labels_known, severity_term
from tests.cast import make_finding

PACKAGE = Path(samsyn.__file__).parent
USED = re.compile(r"""\{%\s*term\s+"(\w+)"|explained\(\s*"(\w+)\"""")


def ids(html):
    return re.findall(r'popovertarget="([^"]+)"', html), re.findall(r'popover id="([^"]+)"', html)


def test_a_button_opens_the_meaning_that_follows_it():
    html = explained("rsit")
    targets, opened = ids(html)
    assert targets == opened
    assert "kind of incident (RSIT)" in html
    assert "The common European classification" in html
    assert html.index("<button") < html.index("<span popover")


def test_a_term_that_stands_twice_opens_two_meanings():
    assert ids(explained("rsit")) != ids(explained("rsit"))


@pytest.mark.parametrize("language", ["en", "sv", "nb"])
def test_it_speaks_the_readers_language(language):
    with translation.override(language):
        html = explained("median")
    assert localised(pack("glossary.yaml")["terms"]["median"]["meaning"], language) in html


def test_a_glossary_without_the_term_leaves_the_text():
    assert explained("no_such_term", "as it was") == "as it was"
    assert explained("no_such_term", "<b>") == "&lt;b&gt;"


def test_every_term_that_a_page_asks_for_is_in_the_glossary():
    files = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html")]
    asked = {a or b for path in files for a, b in USED.findall(path.read_text())}
    assert asked
    assert sorted(asked - set(pack("glossary.yaml")["terms"])) == []


def test_every_state_of_a_finding_is_explained():
    assert set(FindingState.values) <= set(pack("glossary.yaml")["terms"])


def test_every_severity_says_what_it_asks_for():
    assert all("<dfn>" in severity_term(level, "badge") for level in range(5))
    assert "Act today" in severity_term(4, "badge")


def test_a_label_says_with_whom_it_may_be_shared():
    assert labels_known() == ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")
    html = str(SharingLabel(label="RED", is_explained=True))
    assert "Only for the persons it was given to" in html
    assert "<button" not in str(SharingLabel(label="RED"))


def test_the_tag_takes_a_text_of_its_own():
    page = Template('{% load ui %}{% term "quartile" "quartiles" as many %}{{ many }}')
    html = page.render(Context())
    assert ">quartiles<" in html
    assert "&lt;" not in html


@pytest.mark.django_db
def test_a_page_has_no_id_twice(client, cast):
    page = client.be(cast.people["astrid"]).get(make_finding(cast.fjellvik).get_absolute_url())
    found = re.findall(r'\bid="([^"]+)"', page.content.decode())
    assert len(found) == len(set(found))
    assert len([each for each in found if each.startswith("term-")]) >= 4
