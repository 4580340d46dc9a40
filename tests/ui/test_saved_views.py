"""Keeping a list as one wants to see it again."""

from __future__ import annotations

import pytest
from django.urls import get_resolver

from samsyn.audit.models import Entry
from samsyn.kernel.errors import NotAllowed, NotFound, RuleViolation
from samsyn.ui.models import SavedView
from samsyn.ui.screens import ListScreen
from samsyn.ui.selectors import saved_view_get, saved_view_list
from samsyn.ui.services import columns_choose, saved_view_create, saved_view_delete


def keep(actor, name="Critical"):
    return saved_view_create(actor=actor, screen="findings:list", name=name, query="severity=4")


def test_a_view_is_found_again_by_its_own_person_only(cast):
    view = keep(cast.astrid)
    assert saved_view_list(actor=cast.astrid, screen="findings:list") == [view]
    assert saved_view_list(actor=cast.sigrid, screen="findings:list") == []
    with pytest.raises(NotFound):
        saved_view_get(actor=cast.sigrid, pk=view.pk)


def test_the_same_name_twice_is_refused(cast):
    keep(cast.astrid)
    with pytest.raises(RuleViolation, match="already"):
        keep(cast.astrid)


def test_a_view_without_a_name_is_refused(cast):
    with pytest.raises(RuleViolation) as refusal:
        keep(cast.astrid, name="  ")
    assert refusal.value.field == "name"


def test_the_view_of_another_cannot_be_removed(cast):
    view = keep(cast.astrid)
    with pytest.raises(NotAllowed):
        saved_view_delete(actor=cast.sigrid, saved_view=view)


def test_a_job_has_no_views(cast):
    with pytest.raises(NotAllowed):
        keep(cast.job)


def test_columns_are_chosen_once_and_can_be_chosen_anew(cast):
    columns_choose(actor=cast.astrid, screen="x", columns=["a", "b"])
    columns_choose(actor=cast.astrid, screen="x", columns=["b"])
    [view] = saved_view_list(actor=cast.astrid, screen="x")
    assert view.query == "columns=b"


def lists():
    """Return the address of every list of the site that names nothing."""
    walk, found = [("/", get_resolver("samsyn.site.urls"))], []
    while walk:
        prefix, level = walk.pop()
        for pattern in level.url_patterns:
            address = prefix + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                walk.append((address, pattern))
            elif issubclass(getattr(pattern.callback, "view_class", object), ListScreen):
                found.append(address)
    return sorted(address for address in found if "<" not in address)


@pytest.mark.parametrize("name", ["egil", "jonas", "astrid", "sigrid"])
@pytest.mark.parametrize("act", ["view_save", "columns"])
def test_a_list_that_one_may_not_open_keeps_nothing_either(client, cast, name, act):
    client.force_login(cast.people[name])
    refused = [each for each in lists() if client.get(each).status_code in {403, 404}]
    before = Entry.objects.filter(kind="change").count()
    for address in refused:
        sent = {"act": act, "name": "Mine", "column": "who"}
        assert client.post(address, sent).status_code in {403, 404}, address
    assert not SavedView.objects.exists()
    assert Entry.objects.filter(kind="change").count() == before


def test_there_are_lists_that_not_everybody_may_open(client, cast):
    client.force_login(cast.people["egil"])
    assert [each for each in lists() if client.get(each).status_code == 403]
