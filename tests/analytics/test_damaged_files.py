"""A file of the store that is damaged anywhere is found, and said to be damaged."""

from __future__ import annotations

import errno

import pytest

from samsyn.analytics.engine import literal, scratch_database
from samsyn.analytics.store import parquet_rows
from samsyn.kernel.disk import is_disk_failure
from samsyn.kernel.errors import KeptDamaged

ROWS = 500
SOME = 16


@pytest.fixture
def path(home, tmp_path):
    found = tmp_path / "x.parquet"
    with scratch_database() as db:
        made = f"select i, 'text ' || i as said, i * 1.5 as half from range({ROWS}) t(i)"
        db.run(f"copy ({made}) to {literal(found)} (format parquet)")
    return found


def test_a_whole_file_tells_its_rows(path):
    with scratch_database() as db:
        assert parquet_rows(db, path) == ROWS


@pytest.mark.parametrize("place", [0.0, 0.005, 0.1, 0.3, 0.5, 0.7])
def test_a_file_overwritten_anywhere_in_its_data_is_damaged(path, place):
    content = bytearray(path.read_bytes())
    begin = int(len(content) * place)
    content[begin : begin + SOME] = b"x" * SOME
    path.write_bytes(content)
    with scratch_database() as db, pytest.raises(KeptDamaged, match="samsyn store_rebuild"):
        parquet_rows(db, path)


def test_a_file_that_was_cut_is_damaged(path):
    path.write_bytes(path.read_bytes()[:-100])
    with scratch_database() as db, pytest.raises(KeptDamaged):
        parquet_rows(db, path)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC])
def test_a_store_that_one_may_not_write_to_is_trouble_of_the_disk(number):
    assert is_disk_failure(OSError(number, "no", "/srv/samsyn/store/.import.lock"))
