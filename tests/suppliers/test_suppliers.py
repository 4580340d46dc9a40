"""Suppliers: what every plain thing keeps, and where a contract is in its life."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from samsyn.audit.models import Entry
from samsyn.entities.importing import plan
from samsyn.entities.pages import story
from samsyn.entities.sheets import rows_of
from samsyn.kernel.errors import RuleViolation
from samsyn.suppliers.entity import SUPPLIER
from samsyn.suppliers.rules import SOON, ContractState, contract_state
from samsyn.suppliers.services import DONE
from tests.entities.contract_states import disagreeing
from tests.entities.pointing import OwnerContract
from tests.suppliers.builders import make_supplier

DAY = date(2026, 3, 2)
TODAY = timezone.localdate()
ONE = timedelta(days=1)


def days(today):
    return [None, *(today + ONE * n for n in (-400, -1, 0, 1, 89, 90, 91, 400))]


class TestSupplier(OwnerContract):
    entity = SUPPLIER
    done = DONE
    facts = {
        "name": "Nordlys Drift",
        "delivers": "Backup",
        "criticality": 3,
        "contact": "vakt@nordlys.example",
        "contract_until": date(2027, 6, 30),
        "owner_role": "technician",
        "owner_person": None,
        "note": "Also runs the firewall.",
    }
    changed = {"delivers": "Backup and mail", "criticality": 4, "contract_until": None}

    def around(self, today):
        return [{"contract_until": day} for day in days(today)]


@pytest.mark.parametrize(
    ("until", "state"),
    [
        (None, ContractState.OPEN_ENDED),
        (DAY - ONE, ContractState.ENDED),
        (DAY, ContractState.ENDS_SOON),
        (DAY + SOON, ContractState.ENDS_SOON),
        (DAY + SOON + ONE, ContractState.RUNNING),
    ],
)
def test_a_contract_runs_to_the_end_of_its_last_day(until, state):
    assert contract_state(until, today=DAY) == state


@pytest.mark.parametrize(("least", "found"), [(2, True), (3, True), (4, False)])
def test_the_list_is_narrowed_by_what_happens_if_it_fails(cast, least, found):
    made = make_supplier(cast, criticality=3)
    assert (made in SUPPLIER.list(actor=cast.ingvild, criticality=least)) == found


@pytest.mark.parametrize(("before", "found"), [(DAY, False), (DAY + ONE, True)])
def test_the_list_is_narrowed_by_when_the_contract_ends(cast, before, found):
    made = make_supplier(cast, contract_until=DAY)
    assert (made in SUPPLIER.list(actor=cast.ingvild, contract_before=before)) == found


def test_a_cell_that_is_refused_is_named_by_its_column_and_not_by_the_forms_question(cast):
    [row] = rows_of(SUPPLIER, b"name;criticality\nOne;9\n")
    with pytest.raises(RuleViolation, match=r"Row 2, Criticality: "):
        plan(SUPPLIER, cast.fjellvik, [row], actor=cast.ingvild)


@pytest.mark.parametrize("order", ["contract_until", "-contract_until"])
def test_what_has_no_day_comes_last_whichever_way_days_are_sorted(client, cast, order):
    for name, day in (("Never", None), ("Soon", DAY), ("Late", DAY + SOON)):
        make_supplier(cast, name=name, contract_until=day)
    page = client.be(cast.people["ingvild"]).get("/suppliers/", {"order": order})
    names = [row.name for row in page.context["page"].rows]
    assert names == (["Late", "Soon", "Never"] if order[0] == "-" else ["Soon", "Late", "Never"])


def test_the_ciso_is_led_from_a_supplier_to_an_action_and_who_only_looks_is_not(client, cast):
    page = make_supplier(cast).get_absolute_url()
    for who, is_led in (("ingvild", True), ("revna", False)):
        shown = client.be(cast.people[who]).get(page).content.decode()
        assert ("/actions/new/?for=suppliers.Supplier-" in shown) == is_led, who


def test_the_list_offers_to_add_to_import_and_to_change_several(client, cast):
    make_supplier(cast)
    shown = client.be(cast.people["ingvild"]).get("/suppliers/").content.decode()
    for offered in ("/suppliers/new/", "/suppliers/import/", 'name="chosen"'):
        assert offered in shown, offered


DAYS = days(TODAY)


def test_a_filter_that_is_a_day_off_is_noticed(cast):
    def a_day_off(state, *, today):
        return SUPPLIER.state.where(state, today=today + ONE)

    made = [make_supplier(cast, name=f"S{n}", contract_until=day) for n, day in enumerate(DAYS)]
    assert not list(disagreeing(SUPPLIER, cast.ingvild, made))
    wrong = replace(SUPPLIER, state=replace(SUPPLIER.state, where=a_day_off))
    found = list(disagreeing(wrong, cast.ingvild, made))
    assert "the filter ended finds S3, whose badge says otherwise" in found
    assert "the filter ends_soon does not find S3" in found


def test_a_sheet_of_the_contract_has_what_must_be_given(monkeypatch):
    monkeypatch.setattr(TestSupplier, "required", ["name", "contract_until"])
    assert TestSupplier().rows("One") == b"name;contract_until\nOne;2027-06-30\n"
    own = TestSupplier().rows("One", contract_until="2028-01-01", note="x")
    assert own == b"name;contract_until;note\nOne;2028-01-01;x\n"


def test_a_state_that_no_thing_is_in_is_named_with_what_to_write(cast):
    [said] = disagreeing(SUPPLIER, cast.ingvild, [
        make_supplier(cast, name=f"S{n}", contract_until=day) for n, day in enumerate(DAYS[1:])
    ])  # fmt: skip
    assert said.startswith("no thing is open_ended. Say in the room's contract")


def test_an_address_with_a_state_opens_exactly_its_rows_and_says_which_in_words(client, cast):
    for number, day in enumerate(DAYS):
        make_supplier(cast, name=f"S{number}", contract_until=day)
    client.be(cast.people["ingvild"])
    page = client.get("/suppliers/?contract=ends_soon")
    assert {row.contract_until for row in page.context["page"].rows} == set(DAYS[3:7])
    assert "Ends soon" in [str(chip.text) for chip in page.context["chips"]]
    rows = client.get("/api/suppliers?contract=ends_soon").json()
    assert rows["count"] == 4
    assert client.get("/api/suppliers?contract=soon").status_code == 422
    assert client.get("/suppliers/?contract=soon").context["refusals"]


def test_a_retired_supplier_is_in_no_state_of_its_contract(client, cast):
    made = make_supplier(cast, contract_until=TODAY)
    DONE.retire(actor=cast.ingvild, thing=made)
    assert SUPPLIER.state.badge(made) is None
    for is_retired in (True, None):
        rows = SUPPLIER.list(actor=cast.ingvild, contract="ends_soon", is_retired=is_retired)
        assert not rows
    client.be(cast.people["ingvild"])
    page = client.get(made.get_absolute_url()).content.decode()
    assert "Ends soon" not in page
    assert page.index("retired</span>") < page.index("Fjellvik</span>")
    shown = client.get("/suppliers/?is_retired=on").content.decode()
    assert "Nordlys" in shown
    assert "contract-ends_soon" not in shown[shown.index("<tbody") :]


def test_a_day_and_none_at_once_is_refused_at_the_field_and_changes_nothing(client, cast):
    made = make_supplier(cast, contract_until=DAY)
    client.be(cast.people["ingvild"])
    sent = {"contract_until": "2027-01-01", "contract_until_emptied": "on"}
    refused = client.post(f"/suppliers/several/?chosen={made.pk}", sent)
    assert refused.status_code == 422
    assert "contract_until" in refused.context["form"].errors
    assert SUPPLIER.get(actor=cast.ingvild, pk=made.pk).contract_until == DAY


def test_what_has_no_empty_value_is_not_offered_one(client, cast):
    made = make_supplier(cast)
    page = client.be(cast.people["ingvild"]).get(f"/suppliers/several/?chosen={made.pk}")
    keys = {name: [key for key, _word in page.context["form"].fields[name].choices]
            for name in ("criticality", "owner_role", "owner_person")}  # fmt: skip
    assert "!empty" not in keys["criticality"]
    assert keys["owner_role"][:2] == keys["owner_person"][:2] == ["", "!empty"]


def test_the_story_says_when_it_was_added_by_its_own_word_and_the_log_when_that_was_written(cast):
    made = make_supplier(cast, contract_until=DAY)
    DONE.change(actor=cast.ingvild, thing=made, criticality=4)
    changed, added = story(cast.ingvild, made).moments
    entries = Entry.objects.filter(object_type=made._meta.label).order_by("number")
    assert (added.at, changed.at) == (made.created_at, entries[1].at)
    assert made.created_at < entries[0].at, "the demonstration tells of earlier days so"
    made.created_at = timezone.now() + ONE
    assert story(cast.ingvild, made).moments[1].at == entries[0].at, "never later than its entry"
