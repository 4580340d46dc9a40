"""A question is composed once; whoever asks it gets their own answer, with the values given now."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from samsyn.access import actor as actors
from samsyn.access.compiled_queries import CompiledQuery
from samsyn.access.models import Membership, Person
from samsyn.access.selectors import own_memberships
from samsyn.access.signed_in import SessionStore
from samsyn.findings.models import Finding
from samsyn.findings.selectors import finding_list
from samsyn.organisations.models import Agreement, Assignment
from tests.cast import NOON, make_finding


def listed(actor, **narrowed):
    return finding_list(actor=actor, **narrowed).order_by("pk")


@pytest.fixture
def findings(cast):
    return [
        make_finding(cast.fjellvik, severity=4, subject="198.18.0.1"),
        make_finding(cast.fjellvik, severity=1, subject="198.18.0.2"),
        make_finding(cast.elvdal, severity=4, subject="198.18.4.1"),
    ]


def test_the_answer_is_that_of_the_query_for_everybody(cast, findings):
    question = CompiledQuery(listed)
    for _again in range(2):
        for name in cast.people:
            actor = getattr(cast, name)
            for home in (cast.fjellvik.pk, cast.elvdal.pk):
                plain = list(listed(actor, organisation=home))
                assert question.rows(actor, organisation=home) == plain, name
    assert question.rows(cast.job, organisation=cast.elvdal.pk) == findings[2:]


def test_rows_are_whole_objects_with_what_was_read_beside_them(cast, findings):
    question = CompiledQuery(listed)
    question.rows(cast.astrid, organisation=cast.fjellvik.pk)
    with CaptureQueriesContext(connection) as asked:
        (one,) = question.rows(cast.astrid, organisation=cast.elvdal.pk)
        assert one.organisation.name == cast.elvdal.name
        assert one.first_seen_at == findings[2].first_seen_at
    assert len([each for each in asked if "findings_finding" in each["sql"]]) == 1
    assert len([each for each in asked if "organisations_organisation" in each["sql"]]) <= 2


def test_values_of_every_sort_and_lists_of_every_length_are_given_when_it_is_asked(cast, findings):
    by_key = CompiledQuery(lambda keys: Finding.unscoped.filter(pk__in=keys).order_by("pk"))
    keys = [finding.pk for finding in findings]
    assert [by_key.rows(keys=keys[:n]) for n in (3, 1, 2)] == [findings, findings[:1], findings[:2]]
    later = CompiledQuery(lambda actor, at: listed(actor).filter(first_seen_at__gte=at))
    moment = findings[0].first_seen_at
    assert later.rows(cast.astrid, at=moment) == findings
    assert later.rows(cast.astrid, at=moment + timedelta(days=1)) == []


def test_plain_values_come_as_they_do_from_a_query(cast, findings):
    subjects = CompiledQuery(lambda actor: listed(actor).values_list("subject", flat=True))
    pairs = CompiledQuery(lambda actor: listed(actor).values_list("subject", "severity"))
    assert subjects.rows(cast.sigrid) == ["198.18.4.1"]
    assert pairs.rows(cast.sigrid) == [("198.18.4.1", 4)]


def test_a_query_that_can_find_nothing_finds_nothing(cast):
    nothing = CompiledQuery(lambda key: Finding.unscoped.filter(pk=key, severity__in=[]))
    assert nothing.rows(key=1) == []
    assert nothing.first(key=1) is None


@pytest.mark.parametrize("most", [500, 0])
def test_a_reach_that_changes_changes_the_answer(cast, findings, monkeypatch, most):
    """With at most 0 ids listed, the scope is a sub-select, as beyond five hundred."""
    monkeypatch.setattr(actors, "LISTED_MOST", most)
    question = CompiledQuery(listed)
    assert question.rows(cast.astrid) == findings
    assert question.rows(cast.albin) == []
    Agreement.unscoped.filter(organisation=cast.elvdal).update(valid_until="2025-12-31")
    assert question.rows(cast.astrid) == findings[:2]
    assert question.rows(cast.sigrid) == findings[2:]
    Membership.unscoped.filter(person=cast.people["sigrid"]).update(ended_on=NOON.date())
    assert question.rows(cast.sigrid) == []


def test_two_who_see_the_same_do_not_answer_for_each_other(cast, findings, monkeypatch):
    monkeypatch.setattr(actors, "LISTED_MOST", 0)
    albin, astrid = cast.people["albin"], cast.people["astrid"]
    Assignment.unscoped.create(organisation=cast.samvakt, person=albin, service="csirt")
    question = CompiledQuery(listed)
    assert question.rows(cast.astrid) == question.rows(cast.albin) == findings
    Membership.unscoped.filter(person=astrid).update(ended_on=NOON.date())
    assert question.rows(cast.albin) == findings
    assert question.rows(cast.astrid) == []


def test_several_threads_ask_on_connections_of_their_own(db):
    question = CompiledQuery(
        lambda app: ContentType.objects.filter(app_label=app).values_list("app_label", flat=True)
    )

    def ask(app):
        try:
            return {name for _ in range(20) for name in question.rows(app=app)}
        finally:
            connections.close_all()

    apps = ["findings", "access", "assets", "audit"] * 3
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, apps)) == [{app} for app in apps]


def test_a_session_opens_until_it_ends(cast):
    person = cast.people["astrid"]
    store = SessionStore()
    store["who"] = person.pk
    store.save()
    assert SessionStore(store.session_key)["who"] == person.pk
    assert SessionStore("unknown").load() == {}
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    ended = SessionStore(store.session_key)
    assert ended.load() == {}
    assert ended.session_key is None


def test_who_is_no_longer_active_is_signed_out(client, cast):
    person = cast.people["astrid"]
    client.be(person)
    assert client.get("/desk/").status_code == 200
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert client.get("/desk/").status_code == 302


def test_own_roles_are_those_that_have_not_ended(cast):
    person = cast.people["ingvild"]
    (own,) = own_memberships(person.pk)
    assert own.organisation.name == cast.fjellvik.name
    Membership.unscoped.filter(person=person).update(ended_on=NOON.date())
    assert own_memberships(person.pk) == []
