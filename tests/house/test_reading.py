"""Law on reading: what somebody from outside opens or takes away at a member is on record."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from samsyn.access.services import token_create
from samsyn.annual_wheel.services import feed_create
from samsyn.audit.events import forget_seen
from samsyn.audit.models import Entry
from samsyn.cockpit.log_lines import lines_of
from samsyn.monitoring.services import observation_import
from samsyn.ui.deeds import fetched_text
from tests.annual_wheel.builders import make_occurrence
from tests.cast import (
    NOON,
    make_finding,
    make_resource,
)
from tests.house.parts import lacking_once, listed, named
from tests.house.reading import fetched, filled, given, reach, seen_at
from tests.house.test_doors import api_paths, made, made_for, pages, url_of
from tests.monitoring.reports import row, write


@pytest.mark.once
@pytest.mark.parametrize("name", list(pages(with_subject=True)))
def test_whatever_the_operators_people_open_at_a_member_is_on_record(client, cast, home, name):
    subject = made(cast, name)()
    reach(cast)
    if getattr(subject, "owner_id", None) == cast.samvakt.pk:
        return
    url = url_of(name, subject)
    for who in ("astrid", "ragna", "henrik"):
        answer = fetched(client.be(cast.people[who]), url)
        if answer.status_code == 200 and not hasattr(subject, "person_id"):
            assert cast.people[who].pk in seen_at(cast), f"{who} opened {url}"
    fetched(client.be(cast.people["ingvild"]), url)
    assert cast.people["ingvild"].pk not in {
        e.person_id for e in Entry.objects.filter(kind="reading")
    }, "one's own people are not watched"


@pytest.mark.once
@pytest.mark.parametrize(
    "path", [p for p, method in api_paths() if method == "get" and "{pk}" in p]
)
def test_whatever_their_programs_open_at_a_member_is_on_record(client, cast, home, path):
    subject = made_for(cast, path)
    reach(cast)
    if getattr(subject, "owner_id", None) == cast.samvakt.pk:
        return
    opened = 0
    for who in ("astrid", "ragna"):
        actor = getattr(cast, who)
        secret = token_create(actor=actor, person=cast.people[who], name="x").secret
        headers = {"Authorization": f"Bearer {secret}"}
        answer = fetched(client, path.replace("{pk}", str(subject.pk)), headers=headers)
        if answer.status_code == 200:
            opened += 1
            assert cast.people[who].pk in seen_at(cast), f"{who} opened {path}"
    assert opened or path in ONLY_AT_HOME


@pytest.mark.once
@pytest.mark.parametrize("page", sorted(listed("lists_of_one")))
def test_a_list_of_one_member_is_on_record_too(client, cast, page):
    reach(cast)
    answer = client.be(cast.people["ragna"]).get(f"{page}?organisation={cast.fjellvik.pk}")
    assert answer.status_code == 200
    assert cast.people["ragna"].pk in seen_at(cast)


LISTS_OF_API = [p for p, method in api_paths() if method == "get" and "{pk}" not in p]
BY_NAME = {"/api/benchmark": "one organisation, not a list: see below"}
WEBHOOKS = {
    "/api/webhooks",
    "/api/webhooks/{pk}",
    "/api/webhooks/{pk}/deliveries",
    "/api/webhooks/deliveries/{pk}",
}
ONLY_AT_HOME = {"/api/assignments", "/api/trail", *WEBHOOKS}


@pytest.mark.once
@pytest.mark.parametrize("path", sorted({*LISTS_OF_API} - {*BY_NAME}))
def test_whatever_list_their_programs_fetch_is_on_record(client, cast, home, tmp_path, path):
    reach(cast)
    filled(cast)
    make_resource(cast.fjellvik, "prefix", "198.18.0.77/32")
    if path == "/api/observations":
        path_of = write(tmp_path, [row(address="198.18.0.77", port="3389")], on="2026-03-02")
        observation_import(actor=cast.astrid, operator=cast.samvakt, paths=[path_of])
    total = 0
    for who in ("astrid", "ragna", "henrik"):
        actor = getattr(cast, who)
        secret = token_create(actor=actor, person=cast.people[who], name="x").secret
        headers = {"Authorization": f"Bearer {secret}"}
        answers = [client.get(path, headers=headers) for _ in range(2)]
        if answers[0].status_code != 200:
            continue
        outside = {pk for pk in given(answers[0]) if actor.is_from_outside(pk)}
        entries = Entry.objects.filter(action="reading.fetched", person_id=actor.person_id)
        noted = list(entries.filter(object_id=path).values_list("organisation_id", flat=True))
        assert sorted(noted) == sorted(outside), who
        total += len(noted)
    assert total or path in ONLY_AT_HOME, lacking_once(
        "filled", path, f"Nobody from outside was given anything by {path}: no row is Fjellvik's."
    )


def test_every_list_of_the_api_has_words_for_the_change_log():
    assert all(fetched_text(path) for path in LISTS_OF_API if path not in BY_NAME)


@pytest.mark.once
@pytest.mark.parametrize("page", sorted(listed("lists_of_all")))
def test_a_list_opened_without_a_choice_is_on_record_by_its_name(client, cast, home, page):
    reach(cast)
    filled(cast)
    total = 0
    for who in ("astrid", "ragna", "henrik"):
        answer = client.be(cast.people[who]).get(page)
        if answer.status_code != 200:
            continue
        owners = {row.owner_id for row in answer.context["page"].rows}
        entries = Entry.objects.filter(action="reading.shown", person_id=cast.people[who].pk)
        outside = sorted(pk for pk in owners if getattr(cast, who).is_from_outside(pk))
        assert sorted(entries.values_list("organisation_id", flat=True)) == outside, who
        assert {entry.object_name for entry in entries} <= {answer.context["title"]}
        total += len(outside)
    assert total, lacking_once(
        "filled", page, f"Nobody from outside was shown anything on {page}: no row is Fjellvik's."
    )


# Pages that are not about one thing, and that leave no entry, each with its reason.
UNRECORDED = named("unrecorded")


@pytest.mark.once
@pytest.mark.parametrize("name", list(pages(with_subject=False)))
def test_every_page_leaves_an_entry_or_says_why_not(client, cast, home, name):
    reach(cast)
    filled(cast)
    url = f"{reverse(name)}?organisation={cast.fjellvik.pk}&q=Fjellvik"
    for who in ("astrid", "ragna", "henrik"):
        fetched(client.be(cast.people[who]), url, follow=name not in UNRECORDED)
    if name in UNRECORDED:
        assert not seen_at(cast), f"remove {name} from unrecorded: it leaves an entry"
    else:
        assert seen_at(cast), lacking_once(
            "unrecorded", name, f"{name} left no entry in the change log. If it shows nothing:"
        )


def test_no_reason_for_leaving_no_entry_is_stale():
    assert set(UNRECORDED) <= set(pages(with_subject=False))


UNRECORDED_OF_API = {
    "/api/assignments": "the operator's own people",
    **dict.fromkeys(WEBHOOKS, "nobody from outside sees an organisation's webhooks"),
}
EVERY_GET = [path for path, method in api_paths() if method == "get"]


@pytest.mark.once
@pytest.mark.parametrize("path", EVERY_GET)
def test_every_address_of_the_api_leaves_an_entry_when_it_gives_a_members_data(
    client, cast, home, tmp_path, path
):
    """Narrowed to one member where it can be, and whatever it answers with: a file, too."""
    reach(cast)
    if path == "/api/observations":
        make_resource(cast.fjellvik, "prefix", "198.18.0.77/32")
        path_of = write(tmp_path, [row(address="198.18.0.77", port="3389")], on="2026-03-02")
        observation_import(actor=cast.astrid, operator=cast.samvakt, paths=[path_of])
    url = path
    if "{pk}" in path:
        url = path.replace("{pk}", str(made_for(cast, path).pk))
    else:
        filled(cast)
    for who in ("astrid", "ragna", "henrik"):
        secret = token_create(actor=getattr(cast, who), person=cast.people[who], name="x").secret
        headers = {"Authorization": f"Bearer {secret}"}
        narrowed = f"{url}?organisation={cast.fjellvik.pk}"
        if fetched(client, narrowed, headers=headers).status_code == 422:  # it is not narrowed
            fetched(client, url, headers=headers)
    noted = Entry.objects.filter(kind__in=["reading", "export"], organisation_id=cast.fjellvik.pk)
    assert noted.exists() == (path not in UNRECORDED_OF_API), path


@pytest.mark.once
@pytest.mark.parametrize("name", list(pages(with_subject=True)))
def test_each_kind_of_page_of_an_organisation_is_an_entry_of_its_own(client, cast, home, name):
    subject = made(cast, name)()
    reach(cast)
    if subject != cast.fjellvik:
        return
    person = cast.people["ragna"]
    client.be(person).get("/organisations/")
    if name != "organisations:detail":
        client.get(f"/organisations/{cast.fjellvik.pk}/")
    before = Entry.objects.count()
    answer = fetched(client, url_of(name, subject))
    assert Entry.objects.count() > before or answer.status_code != 200


@pytest.mark.once
@pytest.mark.parametrize("path", ["/api/management", "/api/organisations"])
def test_each_kind_of_page_of_an_organisation_by_the_api_too(client, cast, home, path):
    reach(cast)
    client.be(cast.people["ragna"]).get(f"/organisations/{cast.fjellvik.pk}/")
    secret = token_create(actor=cast.ragna, person=cast.people["ragna"], name="x").secret
    headers = {"Authorization": f"Bearer {secret}"}
    client.get("/api/organisations", headers=headers)
    for _ in range(2):
        assert client.get(f"{path}/{cast.fjellvik.pk}", headers=headers).status_code == 200
    rows = Entry.objects.filter(action="reading.fetched", object_id__startswith=f"{path}/")
    (line,) = lines_of(rows, actor=cast.ingvild)
    assert line.thing == fetched_text(path)


@pytest.mark.once
@pytest.mark.parametrize("name", list(pages(with_subject=True)))
def test_a_page_shown_in_answer_to_what_was_refused_is_on_record(client, cast, home, name):
    subject = made(cast, name)()
    reach(cast)
    if getattr(subject, "owner_id", None) == cast.samvakt.pk or hasattr(subject, "person_id"):
        return
    for who in ("astrid", "ragna"):
        answer = client.be(cast.people[who]).post(
            url_of(name, subject), {"version": "0", "title": "x" * 5000}
        )
        shown = answer.context.get("object") if answer.context else None
        if answer.status_code in {409, 422} and shown is not None:
            assert cast.people[who].pk in seen_at(cast), f"{who}: {name}"


@pytest.mark.once
def test_what_is_found_by_searching_is_on_record_once(client, cast):
    make_finding(cast.fjellvik)
    client.be(cast.people["astrid"])
    for _ in range(2):
        answer = client.get("/search/?q=198.18")
    assert "198.18" in answer.content.decode()
    (entry,) = Entry.objects.filter(kind="reading", organisation_id=cast.fjellvik.pk)
    assert (entry.action, entry.object_name) == ("reading.shown", "Search")
    client.be(cast.people["ingvild"]).get("/search/?q=198.18")
    assert seen_at(cast) == {cast.people["astrid"].pk}


@pytest.mark.once
def test_what_a_calendar_fetches_is_on_record_once_for_each_feed(client, cast):
    reach(cast)
    make_occurrence(cast)
    feeds = [
        feed_create(actor=getattr(cast, who), person=cast.people[who], now=NOON, is_own_only=False)
        for who in ("ragna", "ragna", "ingvild")
    ]
    for feed in [*feeds, *feeds]:
        assert client.get(f"/wheel/feed/{feed.secret}.ics").status_code == 200
    rows = Entry.objects.filter(kind="reading")
    assert {(row.action, row.person_id, row.organisation_id) for row in rows} == {
        ("reading.subscribed", cast.people["ragna"].pk, cast.fjellvik.pk)
    }
    assert len(rows) == 2
    line = lines_of(rows, actor=cast.ingvild)[0]
    assert (line.who, line.what) == ("Ragna", "Fetched what is due by a calendar subscription")


@pytest.mark.once
def test_managements_page_is_told_from_the_address_page(client, cast):
    reach(cast)
    client.be(cast.people["ragna"]).get(f"/organisations/{cast.fjellvik.pk}/")
    client.get(f"/management/{cast.fjellvik.pk}/")
    rows = Entry.objects.filter(kind="reading", person_id=cast.people["ragna"].pk)
    lines = lines_of(rows, actor=cast.ingvild)
    assert {(line.what, line.thing) for line in lines} == {
        ("Opened", "Organisation: Fjellvik"),
        ("Opened the page", "Management's page"),
    }


@pytest.mark.once
def test_the_second_opening_of_a_day_costs_nothing(client, cast):
    reach(cast)
    url = f"/members/{cast.fjellvik.pk}/"
    client.be(cast.people["astrid"])

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return [q["sql"] for q in queries]

    first, second = cost(), cost()
    assert any("audit_entry" in sql and "INSERT" in sql for sql in first)
    assert not any("INSERT" in sql or "UPDATE" in sql for sql in second)
    assert sum("audit_entry" in sql for sql in second) <= 3  # the version of what is kept
    forget_seen()  # as another process
    assert sum("INSERT" in sql for sql in cost()) == 0
    assert Entry.objects.filter(kind="reading").count() == 1
