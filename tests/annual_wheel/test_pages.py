"""The pages of the year, and its commands and API."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from django.core.management import call_command

from samsyn.access.services import token_create
from samsyn.annual_wheel import services
from samsyn.annual_wheel.circle import WheelDot, WheelMark, WheelWords, wheel_svg
from samsyn.annual_wheel.models import Activity, FeedToken, Occurrence
from tests.annual_wheel.builders import begin, make_activity, make_occurrence
from tests.cast import NOON, make_action, make_decision


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def page(client, url):
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_an_empty_year_teaches_and_begins_with_one_press(client, cast):
    client.be(cast.people["ingvild"])
    text = page(client, "/wheel/")
    action = re.search(r'action="(/wheel/of/\d+/usual/)"', text).group(1)
    assert client.post(action)["Location"] == f"/wheel/?organisation={cast.fjellvik.pk}"
    assert Activity.unscoped.filter(organisation=cast.fjellvik).count() > 10
    assert "/usual/" not in page(client, "/wheel/")


def test_who_may_not_begin_is_told_who_can(client, cast):
    assert "Your security officer can begin it" in page(client.be(cast.people["jonas"]), "/wheel/")


def test_templates_are_chosen_on_a_form_and_not_offered_again(client, cast):
    client.be(cast.people["ingvild"])
    url = f"/wheel/of/{cast.fjellvik.pk}/begin/"
    assert "Test restoring copies" in page(client, url)
    client.post(url, {"quarterly": ["restore_test"], "yearly": ["budget"]})
    assert Activity.unscoped.count() == 2
    assert "Test restoring copies" not in page(client, url)
    assert client.post(url, {"monthly": []}).status_code == 422


def test_the_wheel_shows_the_year_with_what_other_rooms_have_due(client, cast):
    begin(cast)
    make_action(cast.fjellvik, title="Close the port", due_on="2026-04-01", state="planned")
    make_decision(cast.fjellvik, title="Old cameras may stay", valid_until="2026-09-01")
    services.mark_add(
        actor=cast.ingvild, organisation=cast.fjellvik, kind="budget", title="Budget work",
        from_month=8, to_month=11,
    )  # fmt: skip
    text = page(client.be(cast.people["liv"]), "/wheel/?year=2026")
    for word in ("<svg", "Close the port", "Old cameras may stay", "Budget work", "today, "):
        assert word in text
    assert page(client, "/wheel/?year=2025")
    assert page(client, "/wheel/?year=nonsense&organisation=x")


def test_the_year_is_a_table_of_activities_by_month(client, cast):
    begin(cast)
    text = page(client.be(cast.people["revna"]), "/wheel/year/")
    assert "Gå gjennom risikoregisteret" in text
    assert text.count('<th scope="col">') == 13


def test_the_list_is_narrowed_and_exported(client, cast):
    begin(cast)
    client.be(cast.people["ingvild"])
    every = page(client, "/wheel/list/")
    assert "risikoregisteret" in every
    narrowed = page(client, "/wheel/list/?frequency=yearly&standing=ahead")
    assert "risikoregisteret" not in narrowed
    assert "budsjett" in narrowed
    answer = client.get("/wheel/list/?export=csv")
    assert b"risikoregisteret" in b"".join(answer.streaming_content)


def test_a_turn_is_completed_from_its_page_and_becomes_an_action(client, cast):
    turn = make_occurrence(cast)
    client.be(cast.people["ingvild"])
    assert "It is done" in page(client, f"/wheel/{turn.pk}/")
    url = f"/wheel/{turn.pk}/done/"
    assert client.post(url, {"minutes": ""}).status_code == 422
    assert client.post(url, {"minutes": "We restored one.", "version": "1"}).status_code == 302
    assert "We restored one." in page(client, f"/wheel/{turn.pk}/")
    ref = f"annual_wheel.Occurrence-{turn.pk}"
    assert "Test copies" in page(client, f"/actions/new/?for={ref}")
    client.post(
        f"/actions/new/?for={ref}",
        {"title": "Restore the second one", "area": "incidents", "priority": "1",
         "organisation": cast.fjellvik.pk, "source": "own"},
    )  # fmt: skip
    assert "Restore the second one" in page(client, f"/wheel/{turn.pk}/")


def test_whoever_comes_second_is_told_and_loses_nothing(client, cast):
    turn = make_occurrence(cast)
    services.occurrence_complete(actor=cast.liv, occurrence=turn, now=NOON, minutes="Liv was.")
    client.be(cast.people["ingvild"])
    answer = client.post(f"/wheel/{turn.pk}/done/", {"minutes": "Mine too.", "version": "1"})
    assert answer.status_code == 409
    assert "Mine too." in answer.content.decode()


def test_a_turn_is_skipped_with_a_reason_and_taken_back(client, cast):
    turn = make_occurrence(cast)
    client.be(cast.people["ingvild"])
    assert client.post(f"/wheel/{turn.pk}/skip/", {"reason": " "}).status_code == 422
    client.post(f"/wheel/{turn.pk}/skip/", {"reason": "The supplier was away."})
    assert "The supplier was away." in page(client, f"/wheel/{turn.pk}/")
    client.post(f"/wheel/{turn.pk}/reopen/")
    turn.refresh_from_db()
    assert turn.state == "ahead"


FORM = {
    "title": "Walk round the server room", "frequency": "yearly", "months": ["4"],
    "from_day": "1", "to_day": "20", "is_shifted": "on", "role": "technician", "area": "risk",
}  # fmt: skip


def test_an_activity_of_ones_own_is_added_changed_stopped_and_resumed(client, cast):
    client.be(cast.people["ingvild"])
    given = {**FORM, "organisation": cast.fjellvik.pk}
    assert client.post("/wheel/new/", given).status_code == 302
    activity = Activity.unscoped.get()
    assert Occurrence.unscoped.get().due_on == date(2026, 4, 20)
    url = f"/wheel/activity/{activity.pk}/"
    assert "Walk round" in page(client, f"{url}change/")
    assert client.post(f"{url}change/", {**FORM, "months": ["6"]}).status_code == 302
    assert Occurrence.unscoped.get().due_on == date(2026, 6, 22)  # the 20th is a Saturday
    assert client.post(f"{url}change/", {**FORM, "to_day": "0"}).status_code == 422
    assert client.post(f"{url}change/", {**FORM, "months": ["13"]}).status_code == 422
    client.post(f"{url}stop/")
    assert "has stopped" in page(client, url)
    client.post(f"{url}resume/")
    assert "has stopped" not in page(client, url)


def test_a_mark_is_added_on_the_form_and_removed(client, cast):
    client.be(cast.people["ingvild"])
    client.post(
        f"/wheel/of/{cast.fjellvik.pk}/mark/",
        {"kind": "budget", "title": "Budsjettet", "from_month": "9", "to_month": "12"},
    )
    text = page(client, "/wheel/")
    assert "Budsjettet" in text
    remove = re.search(r'href="(/wheel/mark/\d+/remove/)"', text).group(1)
    client.post(remove)
    assert "Budsjettet" not in page(client, "/wheel/")


def test_a_feed_is_made_on_its_page_and_its_address_shown_once(client, cast):
    client.be(cast.people["ingvild"])
    answer = client.post("/wheel/feeds/", {"is_own_only": "on"})
    assert "/wheel/feed/" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert "/wheel/feed/" not in page(client, "/wheel/feeds/")
    client.post(f"/wheel/feeds/{FeedToken.objects.get().pk}/end/")
    assert FeedToken.objects.get().revoked_at


def test_the_api_lists_completes_and_skips(client, cast):
    turn = make_occurrence(cast)
    secret = token_create(actor=cast.ingvild, person=cast.people["ingvild"], name="x").secret
    headers = {"Authorization": f"Bearer {secret}"}
    listed = client.get("/api/activities?frequency=monthly", headers=headers).json()
    assert listed["count"] == 13
    assert listed["items"][0]["title"] == "Test copies"
    url = f"/api/activities/{turn.pk}"
    send = {"content_type": "application/json", "headers": headers}
    assert client.post(f"{url}/complete", {}, **send).status_code == 422
    assert client.post(f"{url}/skip", {"reason": ""}, **send).status_code == 422
    done = client.post(f"{url}/complete", {"minutes": "Met.", "version": 1}, **send)
    assert (done.status_code, done.json()["standing"]) == (200, "done")
    assert client.get(url, headers=headers).json()["minutes"] == "Met."


def test_the_command_lists_the_year(cast, capsys):
    make_activity(cast)
    call_command("activity_list", "--as", "ingvild", "--json", "--limit", "2")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == 2
    assert lines[0]["activity"] == "Test copies"
    call_command("activity_list", "--as", "ingvild", "--standing", "unsettled")
    assert len(capsys.readouterr().out.splitlines()) == 13


WORDS = WheelWords(
    months=[str(n) for n in range(1, 13)], quarter="Q%d", today="today", several="%d things",
    middle="2026",
)  # fmt: skip


def dot(on, **given):
    values = {"ring": "monthly", "state": "ahead", "text": "<b>", "url": "/x/"} | given
    return WheelDot(on=date.fromisoformat(on), **values)


def test_the_drawing_escapes_what_people_wrote_and_joins_what_lies_on_one_spot():
    drawn = wheel_svg(
        [dot("2026-02-28"), dot("2026-02-27", state="late"), dot("2026-06-01"), dot("2027-06-01")],
        year=2026,
        words=WORDS,
        marks=[WheelMark(from_month=11, to_month=1, name="<i>")],
        today=date(2026, 2, 28),
        several_url=lambda ring, first, last: f"/list/?r={ring}&a={first}&b={last}",
        title="Year",
    )
    assert "<b>" not in drawn
    assert "<i>" not in drawn
    assert drawn.count('class="wheel-dot"') == 2
    assert "/list/?r=monthly&amp;a=2026-02-27&amp;b=2026-02-28" in drawn
    assert "style=" not in drawn
