"""Installations for tests: each has a home, a database of its own, and runs as processes."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

CHECKOUT = Path(__file__).parents[2]


@dataclass
class Place:
    """One installation; without an address its database is SQLite in its home."""

    home: Path
    url: str = ""

    def begin(self, database: Path | None) -> None:
        """Put an empty database there, if there is one to copy."""
        self.home.mkdir()
        if database:
            shutil.copy(database, self.home / "samsyn.sqlite3")

    def env(self) -> dict[str, str]:
        given = {
            "SAMSYN_HOME": str(self.home),
            "SAMSYN_MODE": "test",
            "PYTHONPATH": f"{CHECKOUT / 'src'}:{CHECKOUT}",
            "SAMSYN_DATABASE_URL": self.url,
        }
        return os.environ | given

    def start(self, *words: object) -> subprocess.Popen[str]:
        script = CHECKOUT / "tests/backups/installation.py"
        command = [sys.executable, script, *map(str, words)]
        return subprocess.Popen(command, env=self.env(), text=True, stdout=subprocess.PIPE)

    def act(self, *words: object) -> str:
        process = self.start(*words)
        out, _nothing = process.communicate(timeout=300)
        assert process.returncode == 0, out
        return out

    def tell(self) -> dict[str, Any]:
        return json.loads(self.act("tell"))

    def samsyn(self, *words: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "samsyn", *map(str, words)]
        return subprocess.run(
            command, env=self.env(), text=True, capture_output=True, check=False, timeout=300
        )

    def back_up(self, into: Path, *options: object) -> tuple[Path, str]:
        """Return a new backup's folder, and what was said of it."""
        done = self.samsyn("backup", into, "--json", *options)
        assert done.returncode == 0, done.stderr
        return Path(json.loads(done.stdout)["place"]), done.stderr


def make_place(home: Path) -> Place:
    """Return a place with a new database, of the kind that the tests run on."""
    url = os.environ.get("SAMSYN_DATABASE_URL", "")
    if not url:
        return Place(home)
    name = f"backup_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(f"create database {name}")
    return Place(home, f"{url.rpartition('/')[0]}/{name}")


def drop_database(place: Place) -> None:
    """Remove the database of a place that is not needed any more."""
    if place.url:
        with psycopg.connect(os.environ["SAMSYN_DATABASE_URL"], autocommit=True) as link:
            link.execute(f"drop database {place.url.rpartition('/')[2]} with (force)")
