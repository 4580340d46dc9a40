"""A link in a sheet: things are named, and what may not be chosen is refused by its row."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samsyn.entities.importing import plan
from samsyn.entities.sheets import rows_of
from samsyn.kernel.errors import RuleViolation
from tests.cast import NOON
from tests.entities.linked import DEVICE, DEVICES, KEY, KEYS, PLACE, PLACES
from tests.entities.making import text_of

pytestmark = [
    pytest.mark.urls("tests.entities.linked_urls"),
    pytest.mark.usefixtures("linked"),
]


def planned(cast, sheet, entity=DEVICE):
    rows = rows_of(entity, sheet.encode())
    return plan(entity, cast.fjellvik, rows, actor=cast.ingvild)


def refused(cast, name):
    """Return what is said of a place by its name, of a device that is there and of a new one."""
    found = []
    for device in ("Router", "Another"):
        with pytest.raises(RuleViolation, match="Row 2, Place: ") as error:
            planned(cast, f"name;place\n{device};{name}\n")
        found.append(str(error.value).replace(f": {name} ", ": NAME "))
    return found


def taken(client, cast, content, page="devices"):
    """Return the page that shows what a sheet would change."""
    given = {
        "organisation": cast.fjellvik.pk,
        "file": SimpleUploadedFile("sheet.csv", content),
    }
    return client.post(f"/{page}/import/", given)


def exported(client, kind="csv", page="devices"):
    return b"".join(client.get(f"/{page}/", {"export": kind}).streaming_content)


@pytest.mark.parametrize("name", ["Hall", "hall", "HALL", " Hall "])
def test_a_sheet_names_a_place_whatever_its_case(client, cast, things, name):
    client.be(cast.people["ingvild"])
    page = taken(client, cast, f"name;place\nRouter;{name}\nSwitch;{name}\n".encode())
    [changed] = page.context["plan"].changed
    assert [str(each) for each in changed.changes] == ["Place: Attic → Hall"]
    led = client.post("/devices/import/", {"sheet": page.context["sheet"]})
    assert led.status_code == 302
    assert {d.place for d in DEVICE.list(actor=cast.ingvild)} == {things.hall}


@pytest.mark.parametrize("name", ["Theirs", "Closed", "closed", "99"])
def test_a_name_that_may_not_be_chosen_is_refused_as_an_unknown_one(cast, things, name):
    if name == "99":
        name = str(things.hall.pk)  # a sheet names things, it does not know them by id
    said = refused(cast, name)
    assert said == refused(cast, "Nowhere")
    assert said == ["Row 2, Place: NAME cannot be chosen here. Choose among: Attic, Hall."] * 2


def test_what_one_may_not_see_is_refused_as_unknown_and_not_named(cast, things):
    rows = [rows_of(DEVICE, f"name;place\nAnother;{name}\n".encode()) for name in ("Hall", "No")]
    said = []
    for each, name in zip(rows, ("Hall", "No"), strict=True):
        with pytest.raises(RuleViolation) as error:
            plan(DEVICE, cast.fjellvik, each, actor=cast.jonas)
        said.append(str(error.value).replace(name, "NAME"))
    assert said[0] == said[1] == "Row 2, Place: NAME cannot be chosen here."


def test_an_empty_cell_takes_the_place_away_where_that_may_be(cast, things):
    [changed] = planned(cast, "name;place\nRouter;\n").changed
    assert [str(each) for each in changed.changes] == ["Place: Attic → empty"]
    with pytest.raises(RuleViolation, match="Row 2, Place: "):
        planned(cast, "name;place\nBlue;\n", KEY)


def test_a_name_of_several_is_refused_and_what_is_chosen_already_stays(client, cast, things):
    things.made(KEYS, "Other", device=things.device, place=things.hall)
    type(things.hall).unscoped.filter(pk=things.hall.pk).update(name="ATTIC")
    with pytest.raises(RuleViolation, match="Several are called Attic"):
        planned(cast, "name;place\nSwitch;Attic\n")
    client.be(cast.people["ingvild"])
    for page in ("devices", "keys"):
        again = taken(client, cast, exported(client, page=page), page)
        assert again.status_code == 200, page
        assert again.context["plan"].is_empty, page


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("page", ["devices", "keys"])
@pytest.mark.parametrize("is_retired", [False, True])
def test_what_is_exported_is_imported_as_no_change(client, cast, things, kind, page, is_retired):
    if is_retired:
        PLACES.retire(actor=cast.ingvild, thing=things.attic)
        DEVICES.retire(actor=cast.ingvild, thing=things.device)
    client.be(cast.people["ingvild"])
    query = {"export": kind, **({"is_retired": "on"} if page == "devices" and is_retired else {})}
    sheet = b"".join(client.get(f"/{page}/", query).streaming_content)
    if kind == "csv":
        assert "Attic" in list(csv.reader(io.StringIO(sheet.decode("utf-8-sig"))))[1]
    again = taken(client, cast, sheet, page)
    assert again.status_code == 200
    assert again.context["plan"].is_empty
    assert again.context["plan"].same == 1
    assert again.context["plan"].retired == []


def test_a_place_that_is_called_as_a_formula_is_found_again(client, cast, things):
    PLACES.change(actor=cast.ingvild, thing=things.attic, name="=1+2;Attic")
    client.be(cast.people["ingvild"])
    again = taken(client, cast, exported(client))
    assert again.context["plan"].is_empty


def test_a_sheet_with_links_costs_the_same_however_long_it_is(cast, things):
    names = [things.made(PLACES, f"Place {number}").name for number in range(20)]

    def cost(first, last, place):
        lines = "".join(f"D{n};{names[n] if place else 'Hall'}\n" for n in range(first, last))
        rows = rows_of(DEVICE, f"name;place\n{lines}".encode())
        with CaptureQueriesContext(connection) as queries:
            DEVICES.take_sheet(actor=cast.ingvild, organisation=cast.fjellvik, rows=rows, now=NOON)
        return len(queries)

    for place in (True, False):  # added, then changed
        few, many = cost(0, 3, place), cost(3, 20, place)
        assert many <= few
    assert {each.place for each in DEVICE.list(actor=cast.ingvild, search="D")} == {things.hall}


def test_a_sheet_that_was_shown_is_looked_at_anew_when_the_place_is_retired(client, cast, things):
    client.be(cast.people["ingvild"])
    page = taken(client, cast, b"name;place\nRouter;Hall\n")
    PLACES.retire(actor=cast.ingvild, thing=PLACE.get(actor=cast.ingvild, pk=things.hall.pk))
    answer = client.post("/devices/import/", {"sheet": page.context["sheet"]})
    assert answer.status_code == 422
    assert "Hall cannot be chosen here" in text_of(answer)
    assert DEVICE.get(actor=cast.ingvild, pk=things.device.pk).place == things.attic
