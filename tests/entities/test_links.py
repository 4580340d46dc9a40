"""A link from one declared thing to another: what may be chosen, and what is refused.

Each door is asked with the id of another organisation's thing, of a retired one and of none at
all; what it answers is compared, but for the id.
"""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from samsyn.access.models import Membership
from samsyn.access.permissions import Role
from samsyn.kernel.errors import NotAllowed, RuleViolation
from tests.entities.contract import EntityContract
from tests.entities.linked import DEVICE, DEVICES, KEY, KEYS, PLACE, PLACES
from tests.entities.making import csrf, text_of

pytestmark = [
    pytest.mark.urls("tests.entities.linked_urls"),
    pytest.mark.usefixtures("linked"),
]
MISSING = 987_654_321
NOT_TO_BE_CHOSEN = ["theirs", "closed", "missing"]


class TestPlace(EntityContract):
    entity = PLACE
    done = PLACES
    facts = {"name": "Server room", "floor": "Cellar"}
    changed = {"floor": "Roof"}


class TestDevice(EntityContract):
    entity = DEVICE
    done = DEVICES
    facts = {"name": "Router", "place": None, "note": "Old"}
    changed = {"note": "New"}


def pk_of(things, which):
    return MISSING if which == "missing" else getattr(things, which).pk


def place_of(cast, device):
    return DEVICE.get(actor=cast.ingvild, pk=device.pk).place


def words(form, name="place"):
    return [str(word) for key, word in form.fields[name].choices if key]


def send(client, method, path, body):
    headers = {"X-CSRFToken": csrf(client)}
    text = json.dumps(body, default=str)
    call = getattr(client, method)
    return call(f"/api{path}", text, content_type="application/json", headers=headers)


def test_forms_offer_what_the_organisation_has_in_use(client, cast, things):
    things.made(PLACES, "Of the school", organisation=cast.school)
    client.be(cast.people["ingvild"])
    forms = {
        url: client.get(url).context["form"]
        for url in (
            "/devices/new/",
            f"/devices/{things.device.pk}/change/",
            f"/devices/several/?chosen={things.device.pk}",
        )
    }
    for url, form in forms.items():
        offered = [word for word in words(form) if word not in {"not said", "leave as it is"}]
        assert offered == ["Attic", "Hall"], url


def test_several_of_two_organisations_are_not_given_one_place(client, cast, things):
    person = cast.people["ingvild"]
    Membership.unscoped.create(person=person, organisation=cast.elvdal, role=Role.CISO)
    other = things.made(DEVICES, "Theirs too", cast.sigrid, cast.elvdal, place=things.theirs)
    url = f"/devices/several/?chosen={things.device.pk},{other.pk}"
    form = client.be(person).get(url).context["form"]
    assert "place" not in form.fields
    client.post(url, {"place": things.hall.pk, "note": "New"})
    assert place_of(cast, other) == things.theirs


def test_a_filter_offers_the_places_that_devices_stand_at(client, cast, things):
    client.be(cast.people["ingvild"])
    PLACES.resume(actor=cast.ingvild, thing=things.closed)
    things.made(DEVICES, "Stays", place=things.closed)
    PLACES.retire(actor=cast.ingvild, thing=things.closed)
    page = client.get("/devices/")
    assert words(page.context["form"]) == ["Attic", "Closed (retired)"]
    found = client.get("/devices/", {"place": things.closed.pk})
    assert [row.name for row in found.context["page"].rows] == ["Stays"]
    assert "Closed" in " ".join(str(chip.text) for chip in found.context["chips"])


def test_a_filter_says_whose_a_place_is_to_who_sees_several_organisations(client, cast, things):
    person = cast.people["ingvild"]
    Membership.unscoped.create(person=person, organisation=cast.elvdal, role=Role.CISO)
    attic = things.made(PLACES, "Attic", cast.sigrid, cast.elvdal)
    things.made(DEVICES, "Switch", cast.sigrid, cast.elvdal, place=attic)
    page = client.be(person).get("/devices/")
    assert words(page.context["form"]) == ["Attic, Elvdal", "Attic, Fjellvik"]


@pytest.mark.parametrize("which", NOT_TO_BE_CHOSEN)
def test_a_filter_by_what_one_may_not_see_is_as_by_nothing(client, cast, things, which):
    client.be(cast.people["ingvild"])
    pk = pk_of(things, which)
    page = client.get("/devices/", {"place": pk})
    missing = client.get("/devices/", {"place": MISSING})
    assert page.context["refusals"] == [
        said.replace(str(MISSING), str(pk)) for said in missing.context["refusals"]
    ]
    of_one, of_none = (client.get("/api/devices", {"place": each}).json() for each in (pk, MISSING))
    assert of_one == of_none
    assert of_none["count"] == 0


@pytest.mark.parametrize("which", NOT_TO_BE_CHOSEN)
@pytest.mark.parametrize("page", ["new", "change", "several"])
def test_a_form_refuses_what_may_not_be_chosen_as_it_refuses_nothing(
    client, cast, things, which, page
):
    client.be(cast.people["ingvild"])
    url = {
        "new": "/devices/new/",
        "change": f"/devices/{things.device.pk}/change/",
        "several": f"/devices/several/?chosen={things.device.pk}",
    }[page]
    sent = {"name": "Another", "note": "", "version": 1, "organisation": cast.fjellvik.pk}

    def refused(pk):
        answer = client.post(url, {**sent, "place": pk})
        assert answer.status_code == 422
        return " ".join(answer.context["form"].errors["place"]).replace(str(pk), "ID")

    assert refused(pk_of(things, which)) == refused(MISSING)
    assert [each.name for each in DEVICE.list(actor=cast.ingvild)] == ["Router"]
    assert place_of(cast, things.device) == things.attic


@pytest.mark.parametrize("which", NOT_TO_BE_CHOSEN)
def test_the_api_refuses_what_may_not_be_chosen_as_it_refuses_nothing(client, cast, things, which):
    client.be(cast.people["ingvild"])
    whose = {"organisation_id": cast.fjellvik.pk, "name": "Another"}

    def refused(pk):
        answers = (
            send(client, "post", "/devices", {**whose, "place_id": pk}),
            send(client, "patch", f"/devices/{things.device.pk}", {"version": 1, "place_id": pk}),
            send(client, "post", "/keys", {**whose, "device_id": things.device.pk, "place_id": pk}),
        )
        assert [each.status_code for each in answers] == [422] * 3
        return [each.json() for each in answers]

    assert refused(pk_of(things, which)) == refused(MISSING)
    assert refused(MISSING)[0]["errors"] == [
        {"field": "place", "message": "This cannot be chosen here."}
    ]
    assert place_of(cast, things.device) == things.attic


@pytest.mark.parametrize(
    ("which", "error"),
    [("closed", RuleViolation), ("theirs", NotAllowed)],
    ids=["closed", "theirs"],
)
@pytest.mark.parametrize("act", ["change", "change_many", "add", "add_key"])
def test_no_service_takes_what_may_not_be_chosen(cast, things, which, error, act):
    place, device = getattr(things, which), DEVICE.get(actor=cast.ingvild, pk=things.device.pk)
    calls = {
        "change": lambda: DEVICES.change(actor=cast.ingvild, thing=device, place=place),
        "change_many": lambda: DEVICES.change_many(
            actor=cast.ingvild, things=[device], place=place
        ),
        "add": lambda: things.made(DEVICES, "Another", place=place),
        "add_key": lambda: things.made(KEYS, "Another", device=device, place=place),
    }
    with pytest.raises(error) as refused:
        calls[act]()
    if which == "closed":  # the gate itself refuses what is another organisation's
        assert refused.value.field == "place"
    assert place_of(cast, things.device) == things.attic
    assert DEVICE.list(actor=cast.ingvild).count() == KEY.list(actor=cast.ingvild).count() == 1


def test_a_thing_keeps_a_place_that_is_retired_when_something_else_changes(client, cast, things):
    PLACES.retire(actor=cast.ingvild, thing=things.attic)
    client.be(cast.people["ingvild"])
    url, pk = f"/devices/{things.device.pk}/change/", things.attic.pk
    form = client.get(url).context["form"]
    assert "Attic (retired)" in words(form)
    sent = {"name": "Router", "place": pk, "note": "By form", "version": 1}
    assert client.post(url, sent).status_code == 302
    path = f"/devices/{things.device.pk}"
    for more in ({"note": "By program"}, {"note": "Again", "place_id": pk}):
        version = DEVICE.get(actor=cast.ingvild, pk=things.device.pk).version
        assert send(client, "patch", path, {"version": version, **more}).status_code == 200
    client.post(f"/devices/several/?chosen={things.device.pk}", {"note": "Several"})
    kept = DEVICE.get(actor=cast.ingvild, pk=things.device.pk)
    assert (kept.place, kept.note, kept.version) == (things.attic, "Several", 5)
    # Once it is given up it cannot be chosen again.
    assert client.post(url, {**sent, "place": "", "version": 5}).status_code == 302
    assert client.post(url, {**sent, "version": 6}).status_code == 422


def test_a_retired_place_is_shown_as_retired_in_list_and_page(client, cast, things):
    client.be(cast.people["ingvild"])
    tag = 'Attic <span class="ds-tag" data-color="neutral">retired</span>'
    link = f'<a class="ds-link" href="/places/{things.attic.pk}/">Attic</a>'
    assert tag not in client.get("/devices/").content.decode()
    assert link in client.get(f"/devices/{things.device.pk}/").content.decode()
    PLACES.retire(actor=cast.ingvild, thing=things.attic)
    assert tag in client.get("/devices/").content.decode()
    page = client.get(f"/devices/{things.device.pk}/").content.decode()
    assert f"{link} <span" in page
    assert "retired</span>" in page
    assert "retired" not in text_of(client.get("/devices/", {"export": "csv"}))


def test_what_a_place_is_called_is_escaped(client, cast, things):
    name = "<b>&Bold</b>"
    PLACES.change(actor=cast.ingvild, thing=things.attic, name=name)
    PLACES.retire(actor=cast.ingvild, thing=things.attic)
    client.be(cast.people["ingvild"])
    for url in ("/devices/", f"/devices/{things.device.pk}/", "/devices/?place=1"):
        page = client.get(url).content.decode()
        assert name not in page
        assert escape(name) in page


def test_a_list_is_sorted_by_what_places_are_called(client, cast, things):
    things.made(DEVICES, "Antenna", place=things.hall)
    things.made(DEVICES, "Nowhere")
    client.be(cast.people["ingvild"])
    for order, names in (
        ("place", ["Antenna", "Router"]),
        ("-place", ["Router", "Antenna"]),
    ):
        PLACES.change(
            actor=cast.ingvild,
            thing=PLACE.get(actor=cast.ingvild, pk=things.attic.pk),
            name="Zenith",
        )
        page = client.get("/devices/", {"order": order})
        found = [row.name for row in page.context["page"].rows]
        assert found == [*names, "Nowhere"], order


def test_a_list_costs_the_same_however_many_things_point_elsewhere(client, cast, things):
    client.be(cast.people["ingvild"])
    place_by_hand = "/devices/?columns=name,place", "/keys/", "/api/devices", "/api/keys"
    exports = "/devices/?export=csv", "/keys/?export=csv"

    def cost():
        for url in (*place_by_hand, *exports):
            text_of(client.get(url))  # what is asked once a process is asked
        found = {}
        for url in (*place_by_hand, *exports):
            with CaptureQueriesContext(connection) as queries:
                text_of(client.get(url))
            found[url] = len(queries)
        return found

    few = cost()
    for number in range(12):
        place = things.made(PLACES, f"Place {number}")
        device = things.made(DEVICES, f"Device {number}", place=place)
        things.made(KEYS, f"Key {number}", device=device, place=place)
    assert cost() == few


def test_a_place_that_something_stands_at_is_not_erased_from_under_it(things):
    with pytest.raises(Exception, match="protected"):
        things.attic.delete()


def test_the_required_link_of_a_key_cannot_be_left_out(client, cast, things):
    client.be(cast.people["ingvild"])
    form = client.get(f"/keys/{things.key.pk}/change/").context["form"]
    assert "not said" not in words(form)
    sent = {"name": "Blue", "device": things.device.pk, "place": "", "version": 1}
    assert client.post(f"/keys/{things.key.pk}/change/", sent).status_code == 422
    answer = send(client, "patch", f"/keys/{things.key.pk}", {"version": 1, "place_id": None})
    assert answer.status_code == 422
    form = client.get(f"/keys/several/?chosen={things.key.pk}").context["form"]
    assert words(form) == ["Attic", "Hall"]
    assert KEY.get(actor=cast.ingvild, pk=things.key.pk).place == things.attic
