"""A worker that is killed is followed by another; one that is asked to stop ends its work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

SCRIPT = """
import os, signal, sys, time
from pathlib import Path
import django
django.setup()
from samsyn.jobs.management.commands import work
work.PAUSE_SECONDS = 0.01
signal.signal(signal.SIGINT, signal.default_int_handler)  # as in a terminal, whoever runs the tests
folder = Path(sys.argv[1])

class Worker(work.Command):
    def turn(self):
        count = len(list(folder.iterdir()))
        (folder / str(count)).touch()
        {does}
        return False

Worker().handle(once=False)
"""


def begin(folder, does: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "samsyn.settings", "PYTHONPATH": "src"}
    script = SCRIPT.replace("{does}", does)
    command = [sys.executable, "-c", script, str(folder)]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)


def test_one_that_is_killed_is_followed_by_another(tmp_path):
    does = "os.kill(*((os.getpid(), 11) if count < 3 else (os.getppid(), 15)))"
    worker = begin(tmp_path, does)
    _out, said = worker.communicate(timeout=120)
    assert worker.returncode == 0
    assert said.count("ended by signal 11") == 3


def test_the_work_at_hand_is_done_before_it_stops(tmp_path):
    does = "os.kill(os.getppid(), signal.SIGTERM); time.sleep(0.2); (folder / 'done').touch()"
    worker = begin(tmp_path, does)
    worker.communicate(timeout=120)
    assert (worker.returncode, (tmp_path / "done").exists()) == (0, True)


def test_a_worker_that_nobody_could_stop_stops_by_itself(tmp_path):
    worker = begin(tmp_path, "os.kill(os.getppid(), signal.SIGKILL); time.sleep(0.1)")
    worker.communicate(timeout=120)  # the pipe is closed only when the child has ended too
    assert worker.returncode == -signal.SIGKILL
    assert len(list(tmp_path.iterdir())) <= 2


def test_at_ctrl_c_it_says_what_it_waits_for_and_shows_no_traceback(tmp_path):
    once = "count or os.kill(os.getppid(), signal.SIGINT)"
    does = f"{once}; time.sleep(0.2); (folder / 'done').touch()"
    worker = begin(tmp_path, does)
    _out, said = worker.communicate(timeout=120)
    assert (worker.returncode, (tmp_path / "done").exists()) == (0, True)
    assert said == "Ends with the job at hand. Press Ctrl+C again to end at once.\n"


def test_at_ctrl_c_again_it_does_not_wait(tmp_path):
    twice = "; ".join(["os.kill(os.getppid(), signal.SIGINT); time.sleep(0.5)"] * 2)
    worker = begin(tmp_path, f"{twice}; time.sleep(60); (folder / 'done').touch()")
    worker.communicate(timeout=50)
    assert (worker.returncode, (tmp_path / "done").exists()) == (130, False)
