"""The second wall: PostgreSQL shows and changes no row that the actor's scope does not hold.

It needs the two roles of ``script/postgresql.py --roles``.
"""

from __future__ import annotations

from contextlib import suppress
from threading import Thread

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, connections, transaction
from django.urls import reverse

from samsyn.access.database_roles import as_owner, owner
from samsyn.access.policies import our_models, scope_of
from samsyn.access.rows import acting, beyond_scope, opened, set_default_scope
from samsyn.findings.models import Finding
from samsyn.findings.services import finding_acknowledge
from tests.benchmark.builders import make_round
from tests.cast import NOON, PEOPLE, make_cast, make_finding
from tests.house.test_doors import made
from tests.house.test_links import ROOMS
from tests.monitoring import reports

pytestmark = [
    pytest.mark.skipif(not owner()[0], reason="one role owns everything: policies do not hold"),
    pytest.mark.urls("tests.access.planted"),
]


ORDERED_BY_ANOTHERS = {
    "benchmark.Contribution": "by the operator's round; its selectors name another order",
}


@pytest.fixture
def findings(cast):
    """One of Fjellvik, one of Elvdal, one of Elvdal that Fjellvik runs, one of Utmark."""
    return {
        "fjellvik": make_finding(cast.fjellvik).pk,
        "elvdal": make_finding(cast.elvdal, subject="198.18.4.1").pk,
        "run": make_finding(cast.elvdal, subject="198.18.5.1", operated_by=cast.fjellvik).pk,
        "utmark": make_finding(cast.utmark, subject="198.18.6.1").pk,
    }


@pytest.fixture
def nothing_at_rest():
    """As in a process that serves pages: nothing is visible where nobody acts."""
    set_default_scope(unscoped=False)
    yield
    set_default_scope(unscoped=True)


SEEN = {
    "jonas": {"fjellvik", "run"},
    "sigrid": {"elvdal", "run"},
    "astrid": {"fjellvik", "elvdal", "run"},
    "albin": set(),
    "egil": set(),
}


@pytest.mark.parametrize("name", SEEN)
@pytest.mark.parametrize("page", ["all", "raw", "pieces"])
def test_a_page_that_forgets_the_scope_shows_nothing_of_others(client, cast, findings, name, page):
    expected = sorted(findings[each] for each in SEEN[name])
    answer = client.be(cast.people[name]).get(f"/planted/{page}/")
    if page == "pieces":
        assert [int(line) for line in answer.getvalue().split()] == expected
    else:
        found = answer.json()["found"]
        assert found == (expected if page == "all" else len(expected))


def test_who_is_not_signed_in_sees_nothing(client, findings):
    assert client.get("/answer/planted/").json() == {"found": []}


def test_where_nobody_acts_nothing_is_visible(findings, nothing_at_rest):
    assert Finding.unscoped.count() == 0


def test_a_query_may_say_that_it_goes_beyond_and_the_next_does_not(client, cast, findings):
    answer = client.be(cast.people["jonas"]).get("/planted/counted/")
    assert answer.json() == {"found": 4, "then": 2}


def test_a_token_sees_what_its_person_sees(client, cast, findings):
    from samsyn.access.services import token_create

    secret = token_create(actor=cast.jonas, person=cast.people["jonas"], name="x").secret
    answer = client.get("/api/findings", headers={"Authorization": f"Bearer {secret}"})
    assert {each["id"] for each in answer.json()["items"]} == {
        findings["fjellvik"],
        findings["run"],
    }


def test_a_page_that_forgets_the_gate_adds_nothing(client, cast):
    client.be(cast.people["ingvild"])
    for organisation in (cast.fjellvik, cast.elvdal):  # its own as well: only the gate opens it
        answer = client.get(f"/planted/add/{organisation.pk}/").json()
        assert "row-level security" in answer["refused"]
    assert not Finding.unscoped.exists()


def test_a_page_that_forgets_the_gate_changes_nothing(client, cast, findings):
    answer = client.be(cast.people["ingvild"]).get("/planted/change/").json()
    assert answer == {"changed": 0, "deleted": 0}
    assert Finding.unscoped.filter(severity=3).count() == len(findings)


def test_the_gate_opens_what_it_has_checked_and_no_more(cast, findings):
    mine = Finding.unscoped.get(pk=findings["fjellvik"])
    with acting(cast.ingvild):
        finding_acknowledge(actor=cast.ingvild, finding=mine, at=NOON)
        assert Finding.unscoped.update(severity=1) == 0
    with acting(cast.ingvild), opened([cast.fjellvik.pk]):
        assert Finding.unscoped.update(severity=1) == 1
    assert Finding.unscoped.get(pk=mine.pk).state == "acknowledged"


def test_a_report_read_on_a_page_finds_what_every_member_has(client, cast, home):
    rows = [reports.row(address=address) for address in ("198.18.0.7", "198.18.4.7")]
    file = SimpleUploadedFile("2026-03-02-scan_rdp-test.csv", reports.text(rows).encode())
    answer = client.be(cast.people["astrid"]).post(reverse("monitoring:upload"), {"file": file})
    assert answer.status_code == 200
    found = Finding.unscoped.values_list("organisation_id", flat=True)
    assert set(found) == {cast.fjellvik.pk, cast.elvdal.pk}


@pytest.mark.parametrize("name", PEOPLE)
def test_each_table_shows_what_the_scope_shows(cast, home, name):
    for room in ROOMS:
        made(cast, room)()
    make_round(cast)
    actor = getattr(cast, name)
    for model in our_models():
        scope = scope_of(model)
        if scope is None or scope.known_to_all:
            continue
        seen = set(model.objects.visible_to(actor).values_list("pk", flat=True))
        if scope.own:
            own = model.unscoped.filter(**{scope.own: actor.person_id})
            seen |= set(own.values_list("pk", flat=True))
        with acting(actor):
            shown = set(model.unscoped.order_by().values_list("pk", flat=True))
            in_order = set(model.unscoped.values_list("pk", flat=True))
        assert shown == seen, model
        # A usual order that leads into another organisation's table would lose rows.
        assert in_order == shown or model._meta.label in ORDERED_BY_ANOTHERS, model


def test_what_is_told_inside_a_rolled_back_transaction_is_told_again(cast, findings):
    class Undone(Exception):
        pass

    with acting(cast.jonas):
        with suppress(Undone), transaction.atomic(), beyond_scope("to be undone"):
            assert Finding.unscoped.count() == 4
            raise Undone
        assert Finding.unscoped.count() == 2
        with beyond_scope("outside the transaction"):
            with suppress(Undone), transaction.atomic():
                with acting(cast.sigrid):
                    assert Finding.unscoped.count() == 2
                raise Undone
            assert Finding.unscoped.count() == 4
        assert set(Finding.unscoped.values_list("pk", flat=True)) == {
            findings["fjellvik"],
            findings["run"],
        }


def test_a_failed_statement_leaves_nothing_open(cast, findings):
    with acting(cast.jonas):
        with suppress(DatabaseError), transaction.atomic(), beyond_scope("it fails"):
            assert Finding.unscoped.count() == 4
            connection.cursor().execute("select nothing from nowhere")
        assert Finding.unscoped.count() == 2


@pytest.fixture
def pool():
    """The pool of connections that an installation has, smaller than the threads that use it."""
    options = connections.settings["default"]["OPTIONS"]
    connection.close()
    options["pool"] = {"min_size": 1, "max_size": 2}
    yield
    connection.close()
    connection.close_pool()
    del options["pool"]


@pytest.mark.django_db(transaction=True)
def test_nothing_leaks_between_those_who_share_a_connection(pool, nothing_at_rest):
    with beyond_scope("the test arranges"):
        cast = make_cast()
        homes = {"jonas": cast.fjellvik, "sigrid": cast.elvdal, "astrid": None, "albin": None}
        for place in (cast.fjellvik, cast.elvdal, cast.utmark):
            make_finding(place)
        actors = {name: getattr(cast, name) for name in homes}
        members = {cast.fjellvik.pk, cast.elvdal.pk}
    expected = {"jonas": {cast.fjellvik.pk}, "sigrid": {cast.elvdal.pk}, "astrid": members}
    wrong = []

    def work(name):
        for turn in range(40):
            with acting(actors[name]):
                seen = set(Finding.unscoped.values_list("organisation_id", flat=True))
            if seen != expected.get(name, set()):
                wrong.append((name, turn, seen))
            if turn % 3 == 0:
                connection.close()  # as at the end of a request
            if Finding.unscoped.exists():
                wrong.append((name, turn, "nobody"))
        connection.close()

    threads = [Thread(target=work, args=(name,)) for name in homes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.django_db(transaction=True)
def test_a_connection_goes_back_to_the_pool_with_nothing_told(pool):
    make_finding(make_cast().fjellvik)
    connection.close()
    with connection.pool.connection() as raw:
        told = raw.execute("select current_setting('samsyn.everything', true)").fetchone()
        assert told[0] in {None, ""}
        assert raw.execute("select count(*) from findings_finding").fetchone()[0] == 0


@pytest.mark.django_db(transaction=True)
def test_one_role_that_owns_everything_works_as_without_policies():
    with as_owner():
        cast = make_cast()
        make_finding(cast.utmark)
        assert not connection.has_policies
        with acting(cast.jonas):
            assert Finding.unscoped.count() == 1
