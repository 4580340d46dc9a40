"""That a backup was made is on record, at the security centre, by who may run jobs there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from samsyn.audit.models import Entry
from samsyn.backups.selectors import backup_last
from samsyn.backups.services import backup_record
from samsyn.kernel.errors import NotAllowed
from tests.cast import make_organisation

MADE = {"place": "/elsewhere/one", "files": 3, "bytes": 9, "manifest_sha256": "0" * 64}


def test_a_backup_is_on_record_with_where_it_is_and_its_digest(cast, tmp_path):
    before = timezone.now()
    place = str(tmp_path)
    backup_record(actor=cast.job, operators=[cast.samvakt], made=MADE | {"place": place})
    entry = Entry.objects.get()
    assert (entry.action, entry.organisation_id) == ("backups.backup_record", cast.samvakt.pk)
    assert entry.changes == MADE | {"place": place}
    last = backup_last()
    assert last.place == place
    assert before <= last.made_at <= timezone.now() + timedelta(seconds=1)
    assert last.is_there
    tmp_path.rmdir()
    assert not backup_last().is_there


def test_the_newest_of_several_is_the_last(cast):
    assert backup_last() is None
    for place in ("/elsewhere/b", "/elsewhere/a"):
        backup_record(actor=cast.job, operators=[cast.samvakt], made={"place": place})
    assert backup_last().place == "/elsewhere/a"


@pytest.mark.parametrize("name", ["astrid", "albin", "henrik"])
def test_who_may_run_jobs_at_the_centre_records_one(cast, name):
    backup_record(actor=getattr(cast, name), operators=[cast.samvakt], made=MADE)
    assert Entry.objects.get().person_id == cast.people[name].pk


@pytest.mark.parametrize("name", ["ragna", "ingvild", "liv", "sigrid"])
def test_who_may_not_leaves_no_trace_of_one(cast, name):
    with pytest.raises(NotAllowed):
        backup_record(actor=getattr(cast, name), operators=[cast.samvakt], made=MADE)
    assert backup_last() is None


def test_of_an_installation_with_two_centres_one_must_work_for_both(cast):
    nordvakt = make_organisation("Nordvakt", kind="operator")
    with pytest.raises(NotAllowed):
        backup_record(actor=cast.henrik, operators=[cast.samvakt, nordvakt], made=MADE)
    backup_record(actor=cast.job, operators=[nordvakt, cast.samvakt], made=MADE)
    assert Entry.objects.get().organisation_id == cast.samvakt.pk


def test_without_a_centre_there_is_nowhere_to_record_it(cast):
    with pytest.raises(TypeError, match="names no organisation"):
        backup_record(actor=cast.job, operators=[], made=MADE)
