"""The pages of indicators, their API and commands."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.management import call_command

from samsyn.access.services import token_create
from samsyn.indicators.models import Indicator, Measurement
from tests.cast import NOON, TODAY, make_action
from tests.indicators.builders import make_indicator, measure


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def page(client, url):
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_an_empty_page_teaches_and_begins_with_one_press(client, cast):
    assert "Your security officer can begin it" in page(
        client.be(cast.people["jonas"]), "/indicators/"
    )
    client.be(cast.people["ingvild"])
    action = re.search(r'action="(/indicators/of/\d+/usual/)"', page(client, "/indicators/"))
    assert client.post(action.group(1)).status_code == 302
    assert Indicator.unscoped.filter(organisation=cast.fjellvik).count() > 6
    text = page(client, "/indicators/")
    assert "/usual/" not in text
    assert "Not measured yet" in text
    begin = page(client, f"/indicators/of/{cast.fjellvik.pk}/begin/")
    assert "Clicks in phishing drills" in begin
    assert "Restores that worked" not in begin  # begun already


def test_the_list_shows_lights_in_words_and_is_narrowed_and_exported(client, cast):
    measure(cast, [80, 85, 92])
    measure(cast, [3, 1, 0], name="Open critical", unit="count", direction="down", target=0)
    client.be(cast.people["liv"])
    text = page(client, "/indicators/")
    for word in (
        "Amber: Close to the target",
        "Green: Target reached",
        "92\N{NO-BREAK SPACE}%",
        "at least 95\N{NO-BREAK SPACE}%",
        "from 80 to 92",
    ):
        assert word in text
    assert "Open critical" not in page(client, "/indicators/?light=amber")
    answer = client.get("/indicators/?export=csv")
    assert b"Amber: Close to the target" in b"".join(answer.streaming_content)


def test_the_page_of_one_tells_its_line_target_and_source(client, cast):
    indicator = measure(cast, [80, 85, 92])
    Indicator.unscoped.update(key="training_completion")
    text = page(client.be(cast.people["ingvild"]), f"/indicators/{indicator.pk}/")
    for word in ("<svg", "<desc", "The figures as a table", "is not law", "Add a value",
                 "Better: it was"):  # fmt: skip
        assert word in text
    assert "Add a value" not in page(
        client.be(cast.people["revna"]), f"/indicators/{indicator.pk}/"
    )


def test_a_value_is_added_on_its_form_and_corrected(client, cast):
    indicator = make_indicator(cast)
    client.be(cast.people["jonas"])
    url = f"/indicators/{indicator.pk}/measure/"
    assert client.post(url, {"value": "120", "on": "2026-03-02"}).status_code == 422
    assert (
        client.post(url, {"value": "88.5", "on": "2026-03-02", "out_of": "200"}).status_code == 302
    )
    made = Measurement.unscoped.get()
    assert (made.value, made.source) == (88.5, "hand")
    place = f"/indicators/measurement/{made.pk}/"
    assert "88.5\N{NO-BREAK SPACE}%" in page(client, place)
    given = {"value": "89", "note": "One was counted twice.", "version": "1"}
    assert client.post(f"{place}correct/", given).status_code == 302
    assert client.post(f"{place}correct/", given).status_code == 409
    assert "One was counted twice." in page(client, place)


def test_an_indicator_of_ones_own_is_added_changed_and_retired(client, cast):
    client.be(cast.people["ingvild"])
    given = {
        "organisation": cast.fjellvik.pk, "name": "Doors left open", "unit": "count", "band": "1",
        "direction": "down", "target": "0", "frequency": "monthly", "role": "technician",
    }  # fmt: skip
    assert client.post("/indicators/new/", given).status_code == 302
    found = Indicator.unscoped.get()
    url = f"/indicators/{found.pk}/"
    assert client.post(f"{url}change/", {**given, "target": "2"}).status_code == 302
    assert "Target: 0 → 2" in page(client, url)
    client.post(f"{url}change/", {**given, "target": ""})
    assert "Target: 2 → empty" in page(client, url)
    client.post(f"{url}change/", {**given, "target": "3"})
    shown = page(client, url)
    assert "Target: empty → 3" in shown
    assert "Target: empty → 0" not in shown, "at its beginning everything comes from nothing"
    client.post(f"{url}retire/")
    assert "Doors left open" not in page(client, "/indicators/")
    assert "Doors left open" in page(client, "/indicators/?is_retired=on")
    client.post(f"{url}resume/")
    assert "Doors left open" in page(client, "/indicators/")


def test_a_program_lists_and_sends_values(client, cast):
    indicator = measure(cast, [80, 85])
    secret = token_create(actor=cast.ingvild, person=cast.people["ingvild"], name="x").secret
    headers = {"Authorization": f"Bearer {secret}"}
    listed = client.get("/api/indicators?light=red", headers=headers).json()
    assert [(i["name"], i["value"], i["light"]) for i in listed["items"]] == [
        ("Staff trained", 85, "red")
    ]
    url = f"/api/indicators/{indicator.pk}"
    send = {"content_type": "application/json", "headers": headers}
    day = (TODAY - timedelta(days=3)).isoformat()
    made = client.post(f"{url}/measurements", {"on": day, "value": 96}, **send)
    assert (made.status_code, made.json()["source"]) == (200, "api")
    assert client.post(f"{url}/measurements", {"on": day, "value": 96}, **send).status_code == 422
    assert client.get(f"{url}/measurements", headers=headers).json()["count"] == 3
    assert client.get(url, headers=headers).json()["trend"] == "worse"  # February was 96


def test_the_commands_measure_and_note(cast, capsys):
    measured = make_indicator(cast, measure="actions.overdue", name="Overdue")
    make_action(cast.fjellvik)
    call_command("indicator_measure", "--on", "2026-03-02")
    assert "measured: 1" in capsys.readouterr().out
    assert Measurement.unscoped.get().indicator == measured
    by_hand = make_indicator(cast)
    call_command("measurement_add", str(by_hand.pk), "91.5", "--as", "ingvild", "--note", "June")
    assert Measurement.unscoped.get(indicator=by_hand).value == 91.5
