"""An import killed at any moment and run again, or run twice at once, ends as if run once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
STEPS = 6


@pytest.mark.slow
@pytest.mark.parametrize("way", ["threads", "serial"])
def test_killed_or_twice_at_once_is_the_same_as_once(tmp_path, empty_database, way):
    if empty_database:
        (tmp_path / "template").mkdir()
        shutil.copy(empty_database, tmp_path / "template")
    environment = os.environ | {"PYTHONPATH": f"{CHECKOUT / 'src'}:{CHECKOUT}"}
    done = subprocess.run(
        [sys.executable, CHECKOUT / "tests/monitoring/kill_at.py", tmp_path, str(STEPS), way],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    whole, *killed, at_once = done.stdout.splitlines()
    assert len(killed) == STEPS
    assert whole.count('"closed"') > 3
    assert whole.count('"reopened"') > 3
    assert set(killed) == {whole}
    assert at_once == whole
