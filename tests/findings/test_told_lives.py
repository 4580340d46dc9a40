"""Late reports give a finding other lives than it had; what was told of them stays told."""

from __future__ import annotations

from samsyn.findings.models import Finding
from samsyn.findings.telling_selectors import untold
from tests.findings.test_fold import moment, report, take


def tell_of_all(number: int) -> None:
    """Mark what is there as told on a day, as a letter does."""
    for finding in Finding.unscoped.all():
        finding.told_at, finding.told_reopened = moment(number), finding.reopened_count
        finding.save()


def waiting(cast) -> int:
    return untold(actor=cast.astrid).count()


def test_a_life_parted_in_two_is_not_told_again_but_the_next_one_is(cast, home, tmp_path):
    take(cast, report(tmp_path, 1, "7"), report(tmp_path, 5, "7"))
    tell_of_all(6)
    take(cast, *(report(tmp_path, number) for number in (2, 3, 4)))
    assert Finding.unscoped.get().reopened_count == 1
    assert waiting(cast) == 0
    take(cast, *(report(tmp_path, number) for number in (6, 7, 8)), report(tmp_path, 9, "7"))
    assert Finding.unscoped.get().reopened_count == 2
    assert waiting(cast) == 1


def test_two_lives_made_one_do_not_hide_the_next(cast, home, tmp_path):
    seen = {1: "7", 5: "7"}
    take(cast, *(report(tmp_path, number, seen.get(number, "")) for number in range(1, 6)))
    assert Finding.unscoped.get().reopened_count == 1
    tell_of_all(6)
    take(cast, report(tmp_path, 3, "7", stream="late"), report(tmp_path, 4, "7", stream="late"))
    assert Finding.unscoped.get().reopened_count == 0
    take(cast, *(report(tmp_path, number) for number in (6, 7, 8)))
    streams = [report(tmp_path, number, stream="late") for number in (5, 6, 7)]
    take(cast, *streams, report(tmp_path, 9, "7"))
    assert Finding.unscoped.get().reopened_count == 1
    assert waiting(cast) == 1


def test_a_life_that_began_after_the_letter_is_still_to_be_told(cast, home, tmp_path):
    take(cast, report(tmp_path, 1, "7"))
    tell_of_all(2)
    take(cast, report(tmp_path, 5, "7"))
    take(cast, *(report(tmp_path, number) for number in (2, 3, 4)))
    assert Finding.unscoped.get().reopened_count == 1
    assert waiting(cast) == 1
