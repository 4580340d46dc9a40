"""Set what settings read before anything imports them: tests have a home of their own.

Loaded by ``-p tests.environment`` (pyproject.toml), earlier than any conftest.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

os.environ["SAMSYN_MODE"] = "test"
if "SAMSYN_TEST_HOME" not in os.environ:  # one home for a run and its workers
    os.environ["SAMSYN_TEST_HOME"] = tempfile.mkdtemp(prefix="samsyn-test-")
_worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
_home = Path(os.environ["SAMSYN_TEST_HOME"]) / _worker
for _folder in ("store", "received", "inbox", "files", "packs", "cache", "static"):
    (_home / _folder).mkdir(parents=True, exist_ok=True)
os.environ["SAMSYN_HOME"] = str(_home)
os.environ.setdefault("SAMSYN_LANGUAGE", "en")
os.environ.setdefault("SAMSYN_API_CALLS", "1000000")  # the laws make thousands in a minute


if sys.dont_write_bytecode:  # else each process that a test starts compiles all of it anew
    _compiled = Path(__file__).parents[1] / ".tools/bytecode"
    sys.dont_write_bytecode, sys.pycache_prefix = False, str(_compiled)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(_compiled)


COLLECT_AFTER = 50_000  # new objects; Python's own 700 takes an eighth of the time of a run


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the slow tests, so that no worker ends long after the others."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    """Let the collector of garbage leave alone what stays until the end: tests and modules."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 20)


def pytest_unconfigure() -> None:
    """Let it take what stayed, or libraries warn of leaks."""
    gc.unfreeze()


class BrowserTogether(LoadScopeScheduling):
    """Gives one worker all that looks at the demonstration, so that it is built once.

    It is given out first: xdist begins with what holds the most tests. The groups of xdist's own do
    not reach it: pytest 9.2 forgets what is added to a test's id.
    """

    def _split_scope(self, nodeid: str) -> str:
        """Return what a test is handed out together with: the browser's, else itself alone."""
        return "browser" if nodeid.startswith("tests/browser/") else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> BrowserTogether:
    """Hand tests out our own way."""
    return BrowserTogether(config, log)
