"""Set what settings read before anything imports them: tests have a home of their own.

Loaded by ``-p tests.environment`` (pyproject.toml), earlier than any conftest.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ["SAMSYN_MODE"] = "test"
if "SAMSYN_TEST_HOME" not in os.environ:  # one home for a run and its workers
    os.environ["SAMSYN_TEST_HOME"] = tempfile.mkdtemp(prefix="samsyn-test-")
_worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
_home = Path(os.environ["SAMSYN_TEST_HOME"]) / _worker
for _folder in ("store", "received", "inbox", "files", "packs", "cache", "static"):
    (_home / _folder).mkdir(parents=True, exist_ok=True)
os.environ["SAMSYN_HOME"] = str(_home)
os.environ.setdefault("SAMSYN_LANGUAGE", "en")
