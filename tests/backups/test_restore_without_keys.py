"""A restore begins where there is nothing yet, no keys either, as docs/operations.md says it."""

from __future__ import annotations

import os

import pytest

from tests.backups.places import Place, drop_database, make_place

pytestmark = pytest.mark.once
KEYS = ("secret_key", "trail_key")


class InService(Place):
    """An installation as it runs in service: its keys lie in its home, none in the environment."""

    def env(self) -> dict[str, str]:
        kept = {n: v for n, v in os.environ.items() if not n.startswith("SAMSYN_")}
        given = {"SAMSYN_HOME": str(self.home), "SAMSYN_MODE": "production"}
        return kept | given | ({"SAMSYN_DATABASE_URL": self.url} if self.url else {})


@pytest.fixture(scope="module")
def place(tmp_path_factory, empty_database):
    made = in_service(tmp_path_factory.mktemp("first") / "home")
    made.begin(empty_database)
    words = ("--operator", "Nordvakt", "--admin", "first@nordvakt.example")
    done = made.samsyn("setup", *words)
    assert done.returncode == 0, done.stderr
    yield made
    drop_database(made)


@pytest.fixture
def elsewhere(tmp_path):
    made = in_service(tmp_path / "restored")
    yield made
    drop_database(made)


def in_service(home):
    made = make_place(home)
    return InService(made.home, made.url)


def test_the_keys_come_with_the_backup(place, elsewhere, tmp_path):
    backup, _said = place.back_up(tmp_path / "backups")
    done = elsewhere.samsyn("restore", backup)
    assert done.returncode == 0, done.stderr
    for name in KEYS:
        assert (elsewhere.home / name).read_text() == (place.home / name).read_text()


@pytest.mark.slow
def test_a_backup_without_keys_says_which_to_put_there(place, elsewhere, tmp_path):
    backup, said = place.back_up(tmp_path / "backups", "--without-secret")
    assert all(name in str(said) for name in KEYS)
    done = elsewhere.samsyn("restore", backup)
    assert done.returncode == 0, done.stderr
    for name in KEYS:
        assert not (elsewhere.home / name).exists()
        assert f"own {name} into" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("name", KEYS)
def test_a_key_that_is_lost_is_said_and_never_made_anew(tmp_path, name):
    place = in_service(tmp_path / "home")
    words = ("--operator", "Nordvakt", "--admin", "first@nordvakt.example")
    assert place.samsyn("setup", *words).returncode == 0
    kept = (place.home / name).read_text()
    (place.home / name).unlink()
    for command in ("setup", "doctor"):
        done = place.samsyn(command)
        assert done.returncode != 0
        assert f"{place.home / name}" in done.stderr
        assert "is missing" in done.stderr
        assert f"SAMSYN_{name.upper()}" in done.stderr
        assert not (place.home / name).exists()
    (place.home / name).write_text(kept)
    assert place.samsyn("setup").returncode == 0
    assert place.samsyn("trail_verify").returncode == 0
    drop_database(place)
