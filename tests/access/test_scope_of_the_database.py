"""What a thread may see and change in the database: the settings that row policies read.

tests/access/test_row_policies.py shows on PostgreSQL what the policies make of them.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from samsyn.access import rows
from samsyn.access.actor import NOBODY, Actor
from samsyn.access.permissions import Permission
from samsyn.access.rows import (
    ALL,
    OPENED,
    PERSON,
    SHOWN,
    UNSCOPED,
    acting,
    become,
    beyond_scope,
    current,
    opened,
    set_default_scope,
    setting_of,
    shown,
)

FINDINGS = setting_of(Permission.FINDINGS_VIEW)
VIEW = setting_of(Permission.ORGANISATIONS_VIEW)
TRAIL = setting_of(Permission.ACTIONS_VIEW)


def now():
    return current().settings()


def listed(*organisations):
    return ",".join(str(pk) for pk in sorted(one.pk for one in organisations))


def test_a_setting_is_called_as_its_permission():
    assert FINDINGS == "samsyn.findings_view"
    assert {Permission.FINDINGS_VIEW, Permission.ORGANISATIONS_VIEW} <= rows.used


def test_a_person_sees_the_organisations_of_each_permission_and_opens_none(cast):
    with acting(cast.ingvild):
        found = now()
    assert found[PERSON] == str(cast.people["ingvild"].pk)
    assert found[FINDINGS] == listed(cast.fjellvik, cast.school)
    assert (found[UNSCOPED], found[SHOWN], found[OPENED]) == ("", "", "")
    assert set(found) == {UNSCOPED, SHOWN, OPENED, PERSON, *map(setting_of, rows.used)}
    with acting(cast.astrid):
        assert now()[TRAIL] == listed(cast.samvakt)
        assert now()[VIEW] == listed(
            cast.samvakt, cast.fjellvik, cast.school, cast.vann, cast.elvdal
        )
    with acting(cast.egil):
        assert now()[FINDINGS] == ""


def test_who_sees_every_organisation_has_no_list_of_them(cast):
    cast.utmark.delete()
    with acting(cast.astrid):
        assert now()[VIEW] == ALL
        assert now()[TRAIL] == listed(cast.samvakt)


def test_a_token_sees_no_more_than_it_is_narrowed_to(cast):
    with acting(replace(cast.ingvild, only=frozenset({Permission.ORGANISATIONS_VIEW}))):
        assert now()[FINDINGS] == ""
        assert now()[VIEW] == listed(cast.fjellvik, cast.school)


def test_a_job_sees_everything_and_a_link_and_nobody_see_nothing(cast):
    with acting(cast.job):
        assert now() == {UNSCOPED: "on"}
    link = Actor("link", is_system=True, only=frozenset({Permission.FINDINGS_ANSWER}))
    for actor in (link, NOBODY):
        with acting(actor):
            found = now()
        assert found[UNSCOPED] == found[PERSON] == found[FINDINGS] == found[OPENED] == ""


def test_what_a_link_names_is_seen_and_not_changed(cast):
    with acting(NOBODY), shown([cast.elvdal.pk]):
        assert now()[FINDINGS] == now()[SHOWN] == listed(cast.elvdal)
        assert now()[OPENED] == ""
        with shown([cast.utmark.pk, cast.elvdal.pk]):
            assert now()[SHOWN] == listed(cast.elvdal, cast.utmark)
        assert now()[SHOWN] == listed(cast.elvdal)


def test_what_the_gate_opens_is_seen_and_changed_until_the_command_has_run(cast):
    with acting(cast.ingvild):
        with opened([cast.elvdal.pk, None]):
            found = now()
        assert found[OPENED] == found[SHOWN] == listed(cast.elvdal)
        assert found[FINDINGS] == listed(cast.fjellvik, cast.school, cast.elvdal)
        assert now()[OPENED] == ""
        assert now()[FINDINGS] == listed(cast.fjellvik, cast.school)
        with opened([cast.fjellvik.pk]), opened([cast.elvdal.pk]), shown([cast.utmark.pk]):
            found = now()
        assert found[OPENED] == listed(cast.fjellvik, cast.elvdal)
        assert found[SHOWN] == listed(cast.fjellvik, cast.elvdal, cast.utmark)


def test_a_job_that_opens_something_still_sees_everything(cast):
    with acting(cast.job):
        before = current()
        with opened([cast.elvdal.pk]), shown([cast.elvdal.pk]):
            assert current() is before


def test_what_is_open_already_is_opened_once(cast):
    with acting(cast.ingvild), opened([cast.elvdal.pk]), shown([cast.elvdal.pk]):
        before = current()
        with opened([cast.elvdal.pk]), shown([cast.elvdal.pk]):
            assert current() is before


def test_beyond_the_scope_is_everything_and_afterwards_what_it_was(cast):
    with acting(cast.ingvild):
        before = now()
        with beyond_scope("a test"):
            assert now() == {UNSCOPED: "on"}
            with beyond_scope("a test within"):
                assert now() == {UNSCOPED: "on"}
            assert now() == {UNSCOPED: "on"}
        assert now() == before
        with pytest.raises(LookupError), beyond_scope("a test"):
            raise LookupError
        assert now() == before


def test_a_function_beyond_the_scope_is_so_each_time_and_within_itself(cast):
    @beyond_scope("a test")
    def asked(again):
        return [now(), *(asked(again - 1) if again else [])]

    with acting(cast.ingvild):
        before = now()
        assert asked(2) == [{UNSCOPED: "on"}] * 3
        assert now() == before


def test_who_becomes_another_is_so_until_the_request_ends(cast):
    outside = now()
    with acting(NOBODY):
        become(cast.ingvild)
        assert now()[PERSON] == str(cast.people["ingvild"].pk)
    assert now() == outside


def test_a_failure_within_leaves_nothing_open(cast):
    with acting(cast.ingvild):
        with pytest.raises(LookupError), opened([cast.elvdal.pk]):
            raise LookupError
        assert now()[OPENED] == ""


def test_where_nobody_is_named_nothing_is_seen_but_in_commands_and_the_worker(cast):
    try:
        set_default_scope(unscoped=False)
        assert now()[UNSCOPED] == now()[VIEW] == now()[PERSON] == ""
        set_default_scope(unscoped=True)
        assert now() == {UNSCOPED: "on"}
    finally:
        set_default_scope(unscoped=True)  # as tests/conftest.py has it
