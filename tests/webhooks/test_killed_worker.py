"""A worker that is killed between sending and noting loses nothing and makes no new event."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.receiver import receiving

ROOT = Path(__file__).parents[2]
SCRIPT = """
import os, signal, sys
from datetime import timedelta
import django
django.setup()
from django.conf import settings
from samsyn.access.rows import set_default_scope
from samsyn.kernel.outgoing import OutgoingRules
from samsyn.webhooks import delivery
from samsyn.webhooks.models import Delivery
from tests.cast import make_cast
from tests.receiver import LOOPBACK
from tests.webhooks.builders import Clock, happen, make_webhook, told
set_default_scope(unscoped=True)
address, ca_file, does = sys.argv[1:]
settings.OUTGOING = OutgoingRules(networks=LOOPBACK, ca_file=ca_file)
clock = Clock()
if does == "killed":
    cast = make_cast()
    make_webhook(cast, address=address, kinds=["suppliers.supplier_add"])
    happen(cast, "First")
    happen(cast, "Second")
    delivery._settle = lambda *_args: os.kill(os.getpid(), signal.SIGKILL)
else:
    clock.move(minutes=3)
print(told(clock), list(Delivery.unscoped.order_by("pk").values_list("state", "attempts")))
"""


def run(home, receiver, does):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "samsyn.settings",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "SAMSYN_HOME": str(home),
        "SAMSYN_MODE": "test",
    }
    command = [sys.executable, "-c", SCRIPT, receiver.url(), receiver.ca_file, does]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_what_was_sent_before_the_kill_is_sent_again_under_the_same_id(empty_database, tmp_path):
    if empty_database is None:
        pytest.skip("the file of SQLite is what both workers share here")
    shutil.copy(empty_database, tmp_path / "samsyn.sqlite3")
    with receiving() as receiver:
        first = run(tmp_path, receiver, "killed")
        assert first.returncode == -signal.SIGKILL, first.stderr
        second = run(tmp_path, receiver, "again")
    assert second.returncode == 0, second.stderr
    assert "'delivered', 2), ('delivered', 1)]" in second.stdout
    ids = [came.headers["webhook-id"] for came in receiver.received]
    assert len(ids) == 3
    assert ids[0] == ids[1] != ids[2]
