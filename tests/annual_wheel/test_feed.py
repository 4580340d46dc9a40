"""The calendar feed, read as a calendar reads it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import recurring_ical_events
from django.core.management import call_command
from icalendar import Calendar

from samsyn.actions.models import Action
from samsyn.annual_wheel import services
from samsyn.annual_wheel.feed_views import READ_MOST, WRONG_MOST
from samsyn.annual_wheel.models import Activity, FeedToken, Occurrence
from samsyn.audit.models import Entry
from samsyn.kernel.errors import NotAllowed, RuleViolation
from tests.annual_wheel.builders import make_activity, make_occurrence
from tests.cast import NOON, TODAY, make_action, make_decision, make_finding


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def make_feed(cast, who="ingvild", **given):
    return services.feed_create(
        actor=getattr(cast, who), person=cast.people[who], now=NOON, **given
    )


def address(feed):
    return f"/wheel/feed/{feed.secret}.ics"


def fetched(client, feed):
    answer = client.get(address(feed))
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    return Calendar.from_ical(answer.content)


def events(calendar):
    return {str(e["uid"]): e for e in calendar.walk("VEVENT")}


def event_of(calendar, turn):
    return events(calendar)[f"{turn.uid}@samsyn"]


def test_a_calendar_reads_the_year(client, cast):
    turn = make_occurrence(cast, title="Test copies", to_day=10)
    calendar = fetched(client, make_feed(cast))
    event = event_of(calendar, turn)
    assert event["summary"] == "Test copies"
    assert event["dtstart"].dt == date(2026, 3, 10)  # a whole day: no clock change moves it
    assert event["dtend"].dt == date(2026, 3, 11)
    assert (event["status"], event["sequence"]) == ("CONFIRMED", 0)
    in_march = recurring_ical_events.of(calendar).between((2026, 3, 1), (2026, 4, 1))
    assert [str(e["summary"]) for e in in_march] == ["Test copies"]
    assert recurring_ical_events.of(calendar).at((2026, 10, 12))  # the 10th is a Saturday


def test_a_move_arrives_as_the_same_event_on_another_day(client, cast):
    turn = make_occurrence(cast, to_day=10)
    feed = make_feed(cast)
    before = event_of(fetched(client, feed), turn)
    services.activity_change(
        actor=cast.ingvild, activity=turn.activity, now=NOON, today=TODAY, to_day=20
    )
    after = event_of(fetched(client, feed), turn)
    assert (before["dtstart"].dt, after["dtstart"].dt) == (date(2026, 3, 10), date(2026, 3, 20))
    assert after["sequence"] > before["sequence"]
    assert after["last-modified"].dt >= before["last-modified"].dt
    calendar = fetched(client, feed)
    assert recurring_ical_events.of(calendar).at((2026, 3, 20))
    assert not recurring_ical_events.of(calendar).at((2026, 3, 10))


def test_a_cancellation_arrives(client, cast):
    turn, other = make_occurrence(cast), make_activity(cast, title="Other")
    feed = make_feed(cast)
    before = event_of(fetched(client, feed), turn)
    services.occurrence_skip(actor=cast.ingvild, occurrence=turn, now=NOON, reason="Away.")
    services.activity_stop(actor=cast.ingvild, activity=other, now=NOON, today=TODAY)
    calendar = fetched(client, feed)
    assert event_of(calendar, turn)["status"] == "CANCELLED"
    assert event_of(calendar, turn)["sequence"] > before["sequence"]
    gone = Occurrence.unscoped.filter(activity=other).first()
    assert event_of(calendar, gone)["status"] == "CANCELLED"


def test_what_is_done_says_so(client, cast):
    turn = make_occurrence(cast)
    services.occurrence_complete(actor=cast.ingvild, occurrence=turn, now=NOON, minutes="Met.")
    assert str(event_of(fetched(client, make_feed(cast)), turn)["summary"]).startswith("✓")


def test_letters_line_breaks_and_commas_survive(client, cast):
    title = "Gå gjennom; alt, også\\slikt: ☂ " + "lang " * 30
    turn = make_occurrence(cast, title=title.strip(), output="a,b;c")
    calendar = fetched(client, make_feed(cast))
    assert str(event_of(calendar, turn)["summary"]) == title.strip()


def test_what_other_rooms_have_due_is_in_it(client, cast):
    make_action(cast.fjellvik, title="Mine", owner_person=cast.people["ingvild"],
                due_on="2026-04-01", state="planned")  # fmt: skip
    make_action(cast.fjellvik, title="Check", owner_person=cast.people["ingvild"],
                due_on="2026-02-01", effect_due_on="2026-05-01", state="done")  # fmt: skip
    make_action(cast.fjellvik, title="Theirs", due_on="2026-04-01", state="planned")
    make_decision(cast.fjellvik, title="Ends", valid_until="2026-06-01")
    make_finding(cast.fjellvik, answer_kind="planned", answer_until="2026-07-01")
    own = {str(e["summary"]) for e in events(fetched(client, make_feed(cast))).values()}
    assert {"Mine (action due)", "Check (effect check)", "Ends (decision runs out)"} <= own
    assert any(text.endswith("(promised fix)") for text in own)
    assert "Theirs (action due)" not in own
    every = events(fetched(client, make_feed(cast, is_own_only=False)))
    assert "Theirs (action due)" in {str(e["summary"]) for e in every.values()}


def test_a_feed_needs_no_sign_in_and_sets_no_cookie(client, cast):
    answer = client.get(address(make_feed(cast)))
    assert answer.status_code == 200
    assert not answer.cookies
    assert "no-store" in answer["Cache-Control"]


def test_a_person_sees_only_their_own_and_a_stranger_nothing(client, cast):
    make_occurrence(cast, title="For the CISO")
    make_occurrence(cast, title="For the technician", role="technician")
    feed = make_feed(cast, "jonas")
    assert {str(e["summary"]) for e in events(fetched(client, feed)).values()} == {
        "For the technician"
    }
    for stranger in ("sigrid", "astrid", "egil"):
        feed = make_feed(cast, stranger, is_own_only=False)
        assert events(fetched(client, feed)) == {}


def test_a_feed_that_was_ended_opens_nothing(client, cast):
    feed = make_feed(cast)
    services.feed_end(actor=cast.ingvild, feed=feed, now=NOON)
    assert client.get(address(feed)).status_code == 404


def test_the_feed_of_who_may_not_sign_in_any_more_opens_nothing(client, cast):
    feed = make_feed(cast)
    cast.people["ingvild"].is_active = False
    cast.people["ingvild"].save()
    assert client.get(address(feed)).status_code == 404


def test_the_secret_is_kept_nowhere(client, cast):
    feed = make_feed(cast)
    assert feed.secret not in str(FeedToken.objects.values_list()[0])
    assert not [e for e in Entry.objects.all() if feed.secret in str(e.changes)]
    assert feed.digest not in str(Entry.objects.latest("pk").changes)


def test_nobody_makes_or_ends_anothers_feed_and_there_are_not_endless_ones(cast):
    with pytest.raises(NotAllowed):
        services.feed_create(actor=cast.jonas, person=cast.people["ingvild"], now=NOON)
    feed = make_feed(cast)
    with pytest.raises(NotAllowed):
        services.feed_end(actor=cast.jonas, feed=feed, now=NOON)
    for _ in range(4):
        make_feed(cast)
    with pytest.raises(RuleViolation):
        make_feed(cast)


def test_guessing_and_hammering_are_stopped(client, cast):
    feed = make_feed(cast)
    answers = {client.get(address(feed)).status_code for _ in range(READ_MOST)}
    assert answers == {200}
    assert client.get(address(feed)).status_code == 429
    for _ in range(WRONG_MOST + 1):
        client.get("/wheel/feed/wrong.ics")
    assert client.get("/wheel/feed/wrong.ics").status_code == 429


@pytest.mark.parametrize("path", ["/wheel/feed/.ics", "/wheel/feed/a/b.ics", "/wheel/feed/%00.ics"])
def test_odd_addresses_are_not_found(client, cast, path):
    assert client.get(path).status_code == 404


def test_a_feed_is_only_read(client, cast):
    assert client.post(address(make_feed(cast))).status_code in {403, 405}


def test_the_command_prints_the_calendar(cast, capsys):
    turn = make_occurrence(cast)
    call_command("wheel_feed", "--as", "ingvild")
    calendar = Calendar.from_ical(capsys.readouterr().out)
    assert event_of(calendar, turn)["sequence"] == 0


@pytest.mark.parametrize("night", ["2026-03-28T23:30", "2026-03-29T00:30", "2026-10-25T00:30"])
def test_the_night_of_a_clock_change_moves_nothing(client, cast, monkeypatch, night):
    turn = make_occurrence(cast, frequency="yearly", months=[10], to_day=25, is_shifted=False)
    monkeypatch.setattr(
        "django.utils.timezone.now", lambda: datetime.fromisoformat(night).replace(tzinfo=UTC)
    )
    event = event_of(fetched(client, make_feed(cast)), turn)
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2026, 10, 25), date(2026, 10, 26))


BREAKS = ["\r\n", "\n", "\r", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"]


@pytest.mark.parametrize("sign", BREAKS)
def test_no_text_adds_a_line_of_its_own_for_any_reader(client, cast, sign):
    lure = f"Test{sign}ATTENDEE:mailto:a@evil.example{sign}\u202eEND:VEVENT"
    turn = make_occurrence(cast, title="Test copies", to_day=10)
    Activity.unscoped.filter(pk=turn.activity_id).update(title=lure, output=lure)
    action = make_action(cast.fjellvik, due_on=TODAY, owner_person=cast.people["ingvild"])
    Action.unscoped.filter(pk=action.pk).update(title=lure)
    lines = client.get(address(make_feed(cast))).content.decode().split("\r\n")
    starts = [line for line in lines if line.startswith(("ATTENDEE", "END:VEVENT"))]
    assert starts == ["END:VEVENT"] * lines.count("BEGIN:VEVENT")
    assert len(starts) >= 2
    assert all(len(line.splitlines()) <= 1 and line.isprintable() for line in lines)
    assert max(len(line.encode()) for line in lines) <= 75
