"""Numbers that people type: a comma is a comma, and nothing is multiplied."""

from __future__ import annotations

import pytest
from django import forms
from django.utils import translation

from samsyn.ui.filters import BoundedForm


class NumberForm(BoundedForm):
    days = forms.IntegerField(min_value=0, required=False)
    part = forms.FloatField(required=False)


def read(language="nb", **given):
    with translation.override(language):
        form = NumberForm(given)
        return form.cleaned_data if form.is_valid() else set(form.errors)


@pytest.mark.parametrize("language", ["nb", "sv", "en"])
@pytest.mark.parametrize("typed", ["0,5", "12500,50", "12.500", "12,000", "12.000", "five", "1e3"])
def test_what_is_no_whole_number_is_refused_and_never_multiplied(language, typed):
    assert read(language, days=typed) == {"days"}


@pytest.mark.parametrize(
    ("typed", "number"),
    [("5", 5), ("12 500", 12500), ("12\u00a0500", 12500), ("7,00", 7), ("7.0", 7), (" ", None)],
)
def test_whole_numbers_are_read_as_they_are_grouped(typed, number):
    assert read(days=typed)["days"] == number


@pytest.mark.parametrize(
    ("typed", "number"),
    [("0,5", 0.5), ("0.5", 0.5), ("12 500,50", 12500.5), ("-1,5", -1.5), ("−2", -2), (",5", 0.5)],
)
@pytest.mark.parametrize("language", ["nb", "sv", "en"])
def test_a_decimal_comma_is_a_comma(language, typed, number):
    assert read(language, part=typed)["part"] == number


def test_what_would_be_two_numbers_in_two_languages_is_refused():
    assert read("en", part="12,500") == {"part"}
    assert read("sv", part="12,500")["part"] == 12.5
    for language in ("en", "sv", "nb"):
        assert read(language, part="1.234,5") == {"part"}


@pytest.mark.parametrize("typed", ["nan", "inf", "1e999", "9" * 400])
def test_what_is_no_number_of_this_world_is_refused(typed):
    assert read(part=typed) == {"part"}
    assert read(days=typed) == {"days"}


def test_no_browser_reads_the_number_before_us():
    with translation.override("sv"):
        html = str(NumberForm(initial={"part": 3.5, "days": 1200}))
    assert 'type="number"' not in html
    assert 'value="3,5"' in html
    assert 'value="1200"' in html
    assert 'inputmode="numeric"' in html
    assert "min=" not in html


@pytest.mark.parametrize(("language", "said"), [("sv", "heltal"), ("nb", "heltall")])
def test_the_refusal_is_in_the_readers_language(language, said):
    with translation.override(language):
        assert said in str(NumberForm({"days": "0,5"}).errors)
