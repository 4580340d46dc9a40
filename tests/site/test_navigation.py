"""Every part of the work is found in one place, under one key."""

from __future__ import annotations

from collections import Counter

from django.conf import settings
from django.urls import reverse

from samsyn.site.navigation import PAGES


def twice(values):
    return [value for value, count in Counter(values).items() if count > 1]


def test_no_key_leads_to_two_pages():
    assert twice(page.key for page in PAGES if page.key) == []


def test_every_page_is_there_once_and_belongs_to_a_part_that_has_a_name():
    assert twice(page.url_name for page in PAGES) == []
    assert {page.part for page in PAGES} <= set(settings.PART_NAMES)
    assert all(reverse(page.url_name) for page in PAGES)


def test_no_label_is_said_of_two_pages():
    assert twice(str(page.label) for page in PAGES) == []
