"""How a day may be written: only where it means the same to everybody."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation

LANGUAGES = ("en", "nb", "sv")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["2027-04-03", "3.4.2027", "03.04.2027"])
def test_a_day_is_read_as_iso_or_with_dots_in_every_language(language, text):
    with translation.override(language):
        assert forms.DateField().clean(text) == date(2027, 4, 3)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["03/04/2027", "3/4/27", "04/30/2027"])
def test_a_day_that_is_two_days_to_two_readers_is_refused(language, text):
    with translation.override(language), pytest.raises(ValidationError):
        forms.DateField().clean(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_moment_with_slashes_is_refused_too(language):
    with translation.override(language):
        with pytest.raises(ValidationError):
            forms.DateTimeField().clean("03/04/2027 10:00")
        read = forms.DateTimeField().clean("03.04.2027 10:00")
        assert (read.day, read.month, read.hour) == (3, 4, 10)
