"""On PostgreSQL with two roles: backed up, restored and used as before, or told what is lacking."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.backups.places import Place

OWNER = os.environ.get("SAMSYN_DATABASE_OWNER_URL", "")
pytestmark = pytest.mark.skipif(not OWNER, reason="one role owns everything")


class WithRoles(Place):
    """An installation whose owner is no superuser, as docs/operations.md makes it."""

    def __init__(self, home: Path, name: str, password: str) -> None:
        parts = urlsplit(OWNER)
        self.name, at = name, f"{password}@{parts.hostname}:{parts.port}/{name}"
        self.owner_url = f"postgresql://{name}_owner:{at}"
        super().__init__(home, f"postgresql://{name}_app:{at}")

    def env(self) -> dict[str, str]:
        given = super().env() | {"SAMSYN_DATABASE_OWNER_URL": ""}
        return given | ({"SAMSYN_DATABASE_OWNER_URL": self.owner_url} if self.is_owner else {})

    is_owner = False

    def as_owner(self, *words):
        self.is_owner = True
        try:
            return self.samsyn(*words)
        finally:
            self.is_owner = False

    def rows(self, sql: str) -> list[tuple]:
        with psycopg.connect(self.owner_url) as link:
            return link.execute(sql).fetchall()

    def refuses(self, sql: str) -> bool:
        """Return whether the database refuses a statement to the application's role."""
        try:
            with psycopg.connect(self.url) as link:
                link.execute(sql)
        except psycopg.errors.InsufficientPrivilege:
            return True
        return False


def superuser(*statements: str) -> None:
    with psycopg.connect(OWNER, autocommit=True) as link:
        for statement in statements:
            link.execute(statement)


@pytest.fixture(scope="module")
def make(tmp_path_factory):
    """Return a maker of installations whose database is empty."""
    made = []

    def with_roles(name):
        place = WithRoles(
            tmp_path_factory.mktemp(name) / name,
            f"{name}_{secrets.token_hex(4)}",
            secrets.token_hex(8),
        )
        password = urlsplit(place.owner_url).password
        superuser(
            f"create role {place.name}_owner login createrole password '{password}'",
            f"create database {place.name} owner {place.name}_owner",
        )
        made.append(place)
        return place

    yield with_roles
    for place in made:
        roles = f"{place.name}_app, {place.name}_owner"
        superuser(f"drop database {place.name} with (force)", f"drop role if exists {roles}")


@pytest.fixture(scope="module")
def place(make):
    made = make("first")
    made.is_owner = True
    made.act("build", made.home.with_name("reports"))
    made.is_owner = False
    return made


COUNTS = "select relname, policies from (select c.relname, count(*) as policies from pg_policy p"
COUNTS += " join pg_class c on c.oid = p.polrelid where c.relrowsecurity group by 1) x order by 1"
TRAIL = "select number, hash from audit_entry order by number desc limit 1"


def test_an_installation_with_roles_is_restored_with_roles(place, make, tmp_path):
    done = place.as_owner("backup", tmp_path / "backups", "--json")
    assert done.returncode == 0, done.stderr
    backup = Path(json.loads(done.stdout)["place"])
    before = place.tell()

    new = make("second")
    for command in (("restore", backup), ("setup",)):
        done = new.as_owner(*command)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
    for command in ("store_rebuild", "trail_verify"):
        done = new.samsyn(command)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
    assert new.tell() == before
    assert new.rows(COUNTS) == place.rows(COUNTS) != []
    doctor = new.samsyn("doctor", "--json").stdout.splitlines()
    found = {line["about"]: line for line in map(json.loads, doctor)}
    for about in ("database", "database role", "row policies", "store", "trail"):
        assert found[about]["fine"], found[about]

    # The application reads and writes as before, sees nothing where nobody acts, alters nothing.
    done = new.samsyn("observation_import", place.home.with_name("reports"))
    assert done.returncode == 0, done.stderr
    with psycopg.connect(new.url) as link:
        assert link.execute("select count(*) from findings_finding").fetchone() == (0,)
    assert new.refuses("alter table findings_finding disable row level security")
    assert new.refuses("delete from audit_entry")
    assert new.refuses("drop trigger trail_in_order on audit_entry")


def test_what_needs_the_owner_says_so_and_what_to_set(place, make, tmp_path):
    done = place.as_owner("backup", tmp_path / "backups", "--json")
    backup = Path(json.loads(done.stdout)["place"])
    new = make("second")
    name, password = urlsplit(new.url).username, urlsplit(new.url).password
    superuser(f"create role {name} login noinherit password '{password}'")
    lacking = (
        (place, ("backup", tmp_path / "more")),
        (new, ("restore", backup)),
        (new, ("migrate",)),
        (new, ("setup",)),
    )
    for where, command in lacking:
        done = where.samsyn(*command)
        assert done.returncode != 0, command
        assert "SAMSYN_DATABASE_OWNER_URL" in done.stderr, (command, done.stderr)
        assert "Traceback" not in done.stderr, command
    assert not list((tmp_path / "more").glob("samsyn-*"))
    # Without anything to migrate the application's role is enough.
    assert place.samsyn("setup").returncode == 0
    assert place.samsyn("store_rebuild").returncode == 0
