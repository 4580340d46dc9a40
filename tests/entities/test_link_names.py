"""What a thing points to and the reader may not see has no name anywhere, and stays.

Jonas sees and changes devices and keys; places he does not see.
"""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import translation

from samsyn.access.rows import acting
from samsyn.audit.models import Entry
from samsyn.entities.commands import list_command
from samsyn.ui.deeds import trail_story
from tests.entities.linked import DEVICE, DEVICES, KEY, KEYS, PLACES
from tests.entities.making import LANGUAGES, be, text_of
from tests.entities.test_links import send

pytestmark = [
    pytest.mark.urls("tests.entities.linked_urls"),
    pytest.mark.usefixtures("linked"),
]
NAMES = ("Attic", "Hall", "Closed", "Theirs")
NOT_SHOWN = {"en": "name not shown", "sv": "namnet visas inte", "nb": "navnet vises ikke"}


def pages(things):
    return (
        "/devices/",
        "/devices/?order=place",
        "/devices/?export=csv",
        f"/devices/{things.device.pk}/",
        f"/devices/{things.device.pk}/change/",
        f"/devices/several/?chosen={things.device.pk}",
        "/keys/",
        "/keys/?order=-place",
        "/keys/?export=csv",
        f"/keys/{things.key.pk}/",
        f"/keys/{things.key.pk}/change/",
    )


def test_no_page_names_a_place_to_who_may_not_see_it(client, cast, things):
    client.be(cast.people["jonas"])
    for url in pages(things):
        told = text_of(client.get(url))
        assert not [name for name in NAMES if name in told], url
        assert "several" in url or NOT_SHOWN["en"] in told, url
        assert "Router" in told, url
    client.be(cast.people["ingvild"])
    assert all("Attic" in text_of(client.get(url)) for url in pages(things))


def test_a_filter_does_not_name_it_either(client, cast, things):
    client.be(cast.people["jonas"])
    form = client.get("/devices/").context["form"]
    assert form.fields["place"].choices == [("", "any")]


def test_a_list_in_the_order_of_names_does_not_tell_their_order(client, cast, things):
    for device, place in (("Antenna", things.hall), ("Beacon", things.attic)):
        things.made(DEVICES, device, place=place)

    def order(who):
        page = client.be(cast.people[who]).get("/devices/?order=place")
        return [row.name for row in page.context["page"].rows]

    assert order("ingvild") == ["Beacon", "Router", "Antenna"]
    assert order("jonas") == ["Beacon", "Antenna", "Router"], "the newest first"


def test_it_stays_when_something_else_changes_in_every_door(client, cast, things):
    client.be(cast.people["jonas"])
    for name, thing, entity in (("devices", things.device, DEVICE), ("keys", things.key, KEY)):
        url, place = f"/{name}/{thing.pk}/change/", things.attic.pk
        form = client.get(url).context["form"]
        sent = {f.html_name: f.value() for f in form if f.value() is not None}
        assert sent["place"] == place
        sent = {**sent, "name": "By form", "version": 1}
        assert client.post(url, sent).status_code == 302, name
        for version, more in ((2, {}), (3, {"place_id": place})):
            body = {"version": version, "name": f"By program {version}", **more}
            assert send(client, "patch", f"/{name}/{thing.pk}", body).status_code == 200, name
        kept = entity.get(actor=cast.ingvild, pk=thing.pk)
        assert (kept.place, kept.version, kept.name) == (things.attic, 4, "By program 3")


def test_it_is_not_moved_to_another_that_one_may_not_see(client, cast, things):
    client.be(cast.people["jonas"])
    for name, thing, entity in (("devices", things.device, DEVICE), ("keys", things.key, KEY)):
        said = []
        for pk in (things.hall.pk, 987_654_321):
            body = {"version": 1, "place_id": pk}
            answer = send(client, "patch", f"/{name}/{thing.pk}", body)
            assert answer.status_code == 422
            said.append(answer.json())
        assert said[0] == said[1]
        assert entity.get(actor=cast.ingvild, pk=thing.pk).place == things.attic


@pytest.mark.parametrize("page", ["devices", "keys"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_exported_without_the_name_is_imported_as_no_change(
    client, cast, things, page, language
):
    be(client, cast.people["jonas"], language)
    sheet = b"".join(client.get(f"/{page}/", {"export": "csv"}).streaming_content)
    assert NOT_SHOWN[language] in sheet.decode()
    be(client, cast.people["jonas"], "nb")
    file = SimpleUploadedFile("sheet.csv", sheet)
    again = client.post(f"/{page}/import/", {"organisation": cast.fjellvik.pk, "file": file})
    assert again.status_code == 200
    assert (again.context["plan"].is_empty, again.context["plan"].same) == (True, 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_history_says_that_a_name_is_not_shown(cast, things, language):
    DEVICES.change(actor=cast.ingvild, thing=things.device, place=things.hall)
    KEYS.change(actor=cast.ingvild, thing=things.key, place=things.hall)

    def story(who):
        actor = getattr(cast, who)
        with acting(actor), translation.override(language):
            entries = Entry.objects.filter(action__startswith="linked.", action__endswith="_change")
            return str(trail_story(entries.order_by("-number"), actor=actor).html())

    assert story("ingvild").count("Attic → Hall") == 2
    said = NOT_SHOWN[language]
    assert story("jonas").count(f"{said} → {said}") == 2
    assert not [name for name in NAMES if name in story("jonas")]


def test_the_change_log_names_it_to_who_may_see_it(client, cast, things):
    DEVICES.change(actor=cast.ingvild, thing=things.device, place=things.hall)
    client.be(cast.people["ingvild"])
    assert "Place: Attic → Hall" in text_of(client.get("/change-log/"))
    assert "Place: Attic → Hall" in text_of(client.get(f"/devices/{things.device.pk}/"))


@pytest.mark.parametrize(("who", "said"), [("ingvild", "Attic"), ("jonas", NOT_SHOWN["en"])])
def test_the_command_lists_what_one_may_see(cast, things, who, said):
    person = cast.people[who].email
    theirs, missing = things.theirs.pk, 987_654_321

    def listed(entity, *arguments):
        out = io.StringIO()
        call_command(list_command(entity)(), "--as", person, *arguments, stdout=out)
        return out.getvalue()

    for entity in (DEVICE, KEY):
        for arguments in ((), ("--json",)):
            told = listed(entity, *arguments)
            assert said in told
            assert [name for name in NAMES if name in told] == (
                ["Attic"] if who == "ingvild" else []
            )
        assert listed(entity, "--place", str(things.attic.pk))
        assert (
            listed(entity, "--place", str(theirs)) == listed(entity, "--place", str(missing)) == ""
        )


def test_a_retired_place_is_not_told_to_who_may_not_see_it(client, cast, things):
    PLACES.retire(actor=cast.ingvild, thing=things.attic)
    client.be(cast.people["jonas"])
    for url in pages(things):
        if "export" not in url and "several" not in url:
            page = client.get(url).content.decode()
            assert f"{NOT_SHOWN['en']} <span" not in page
            assert "(retired)" not in page
