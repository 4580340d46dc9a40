"""Definitions of indicators: what every declared thing keeps, and what is their own."""

from __future__ import annotations

import pytest
from django.utils import translation

from samsyn.entities.importing import plan
from samsyn.entities.sheets import rows_of
from samsyn.indicators.entity import INDICATOR
from samsyn.indicators.models import Indicator
from samsyn.indicators.services import DONE
from samsyn.kernel.errors import RuleViolation
from tests.entities.pointing import OwnerContract
from tests.indicators.builders import make_indicator, make_measurement


class TestIndicator(OwnerContract):
    entity = INDICATOR
    done = DONE
    is_once = False
    facts = {
        "name": "Doors left open",
        "definition": "Counted at night.",
        "unit": "count",
        "direction": "down",
        "target": 3.0,
        "band": 1.5,
        "frequency": "quarterly",
        "measure": "",
        "role": "technician",
        "owner_person": None,
    }
    changed = {"definition": "Counted in the morning.", "target": 2.0, "frequency": "monthly"}

    def rows(self, *words, **cells):
        return super().rows(*words, **cells, unit="count", direction="down")


def planned(cast, sheet):
    return plan(INDICATOR, cast.fjellvik, rows_of(INDICATOR, sheet), actor=cast.ingvild)


@pytest.mark.parametrize("number", ["97,5", "97.5"])
def test_a_figure_is_read_as_a_spreadsheet_of_ours_writes_it(cast, number):
    make_indicator(cast)
    with translation.override("nb"):
        [changed] = planned(cast, f"name;target\nStaff trained;{number}\n".encode()).changed
    assert changed.thing.target == 97.5
    assert (changed.changes[0].before, changed.changes[0].after) == ("95", "97,5")


def test_a_sheet_obeys_the_rules_of_the_form_and_names_the_column(cast):
    make_measurement(cast)
    with pytest.raises(RuleViolation, match=r"Row 2, Unit: It has been measured in this unit"):
        planned(cast, b"name;unit\nStaff trained;days\n")
    with pytest.raises(RuleViolation, match=r"Row 2, Target: This cannot be"):
        planned(cast, b"name;target\nStaff trained;900\n")
    with pytest.raises(RuleViolation, match=r"Row 2, Unit: "):
        planned(cast, b"name;target\nA new one;9\n")


def test_a_word_that_is_no_choice_is_refused_with_those_that_are(cast):
    make_indicator(cast)
    with pytest.raises(RuleViolation, match=r"Row 2, Unit: litres .*per cent, number, days"):
        planned(cast, b"name;unit\nStaff trained;litres\n")


def test_an_empty_cell_of_a_new_one_is_what_it_usually_is_and_of_a_known_one_refused(cast):
    head = "name;unit;direction;band;frequency;role"
    [added] = planned(cast, f"{head}\nStaff trained;per cent;up;;;\n".encode()).added
    assert (added.thing.band, added.thing.frequency, added.thing.role) == (0, "monthly", "ciso")
    make_indicator(cast)
    with pytest.raises(RuleViolation, match=r"Row 2, Amber band: "):
        planned(cast, f"{head}\nStaff trained;per cent;up;;monthly;ciso\n".encode())


def test_what_samsyn_measures_is_named_in_words_in_any_language(cast):
    make_indicator(cast, name="Late", unit="percent", direction="down", target=5)
    word = str(Indicator(measure="actions.overdue").get_measure_display())
    [changed] = planned(cast, f"name;measure\nLate;{word}\n".encode()).changed
    assert changed.thing.measure == "actions.overdue"


def test_of_two_of_one_name_the_one_in_use_is_meant_and_of_two_in_use_none(cast):
    first = make_indicator(cast)
    DONE.retire(actor=cast.ingvild, thing=first)
    second = make_indicator(cast)
    [changed] = planned(cast, b"name;target\nStaff trained;90\n").changed
    assert changed.thing == second
    make_indicator(cast)
    with pytest.raises(RuleViolation, match="several of this name"):
        planned(cast, b"name;target\nStaff trained;90\n")


def test_a_band_below_nothing_is_refused_by_a_sheet_as_by_the_form(cast):
    make_indicator(cast)
    sheet = "name;unit;direction;band\n" + "".join(f"N{n};days;down;{n - 3}\n" for n in range(5))
    with pytest.raises(RuleViolation) as refused:
        planned(cast, sheet.encode())
    lines = str(refused.value).splitlines()
    assert [line.split(",")[0] for line in lines] == ["Row 2", "Row 3", "Row 4"]
    assert all("The amber band is not negative." in line for line in lines)
