"""Home pages are made once for those who see the same, and never shown to those who do not."""

from __future__ import annotations

from samsyn.access.permissions import Permission
from samsyn.findings.services import finding_acknowledge
from samsyn.organisations.models import Agreement
from samsyn.ui.addresses import thing_url
from tests.cast import NOON, make_finding


def page(client, cast, name, url):
    client.be(cast.people[name])
    answer = client.get(url)
    return answer.status_code, answer.content.decode()


def test_two_who_see_the_same_are_shown_the_same(client, cast):
    make_finding(cast.fjellvik, severity=4, subject="198.18.0.9")
    url = f"/members/{cast.fjellvik.pk}/"
    ingvild, jonas = page(client, cast, "ingvild", url), page(client, cast, "jonas", url)
    assert ingvild[0] == jonas[0] == 200
    assert "198.18.0.9" in ingvild[1]
    assert "198.18.0.9" in jonas[1]


def test_a_page_kept_for_one_is_not_shown_to_who_may_not_see_it(client, cast):
    make_finding(cast.fjellvik, severity=4, subject="198.18.0.9")
    url = f"/members/{cast.fjellvik.pk}/"
    assert "198.18.0.9" in page(client, cast, "ingvild", url)[1]
    assert "198.18.0.9" not in page(client, cast, "egil", url)[1]
    assert page(client, cast, "sigrid", url)[0] == 404


def test_what_somebody_has_just_done_shows_at_once(client, cast):
    finding = make_finding(cast.fjellvik, severity=4)
    assert (
        "1 critical of 1 open" in page(client, cast, "ingvild", f"/members/{cast.fjellvik.pk}/")[1]
    )
    make_finding(cast.fjellvik, severity=4, port=1)
    finding_acknowledge(actor=cast.ingvild, finding=finding, at=NOON)
    assert (
        "2 critical of 2 open" in page(client, cast, "ingvild", f"/members/{cast.fjellvik.pk}/")[1]
    )


def test_a_door_that_closes_is_closed_for_the_kept_page_too(client, cast):
    make_finding(cast.elvdal, severity=4, subject="198.18.4.4")
    assert "198.18.4.4" in page(client, cast, "astrid", "/desk/")[1]
    Agreement.unscoped.filter(organisation=cast.elvdal).update(valid_until="2025-12-31")
    assert "198.18.4.4" not in page(client, cast, "astrid", "/desk/")[1]


def test_the_reach_in_one_query_is_the_reach_of_each_permission(cast):
    for name in cast.people:
        actor = getattr(cast, name)
        for permission in Permission:
            slowly = set(actor.organisations(permission).values_list("pk", flat=True))
            assert actor.organisation_ids(permission) == slowly, (name, permission)


def test_an_address_written_quickly_is_the_one_django_gives(cast):
    finding = make_finding(cast.fjellvik)
    assert thing_url("findings:detail", finding.pk) == f"/findings/{finding.pk}/"
