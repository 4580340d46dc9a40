"""What script/test runs for a room: what can break, and no more; and what a law says it lacks."""

from __future__ import annotations

import importlib.util

import pytest

from tests.house import parts
from tests.house.laws import ROOT
from tests.house.parts import EXAMPLES, lacking
from tests.narrowing import room_of

pytestmark = pytest.mark.once  # reads files


@pytest.fixture(scope="module")
def narrow():
    spec = importlib.util.spec_from_file_location("narrow", ROOT / "script/narrow.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_its_own_tests_its_examples_and_the_laws_on_it(narrow):
    run = narrow.main(["suppliers"]).split()
    assert {"tests/suppliers", "src/samsyn/suppliers", "tests/house", "--room=suppliers"} <= {*run}
    assert len(run) < len(sorted((ROOT / "tests").rglob("test_*.py"))) / 8


def test_laws_that_ask_every_room_and_stand_in_the_tests_of_one(narrow):
    laws = {"limits", "versions", "narrowed_tokens", "rights_of_roles"}
    files = {f"tests/access/test_{name}.py" for name in laws}
    assert narrow.laws_elsewhere() == files
    assert files <= set(narrow.main(["suppliers"]).split())
    assert not files & set(narrow.main(["access"]).split()), "tests/access has them"


@pytest.mark.parametrize(
    ("room", "text", "is_found"),
    [
        ("suppliers", "/suppliers/?order=name", True),
        ("suppliers", "/api/suppliers", True),
        ("suppliers", "/api/suppliers/{pk}", True),
        ("suppliers", "suppliers:list", True),
        ("annual_wheel", "/wheel/", True),
        ("suppliers", "/api/suppliers-more", False),
        ("suppliers", "tests/suppliers/house.py", False),
        ("suppliers", "a word about suppliers: they", False),
    ],
)
def test_a_file_that_reaches_a_room_by_its_address(
    narrow, monkeypatch, tmp_path, room, text, is_found
):
    (tmp_path / "tests/other").mkdir(parents=True)
    (tmp_path / "tests/other/test_x.py").write_text(f"x = {text!r}\n")
    monkeypatch.setattr(narrow, "ROOT", tmp_path)
    monkeypatch.setattr(narrow, "TESTS", tmp_path / "tests")
    assert (narrow.addressing(room) == {"tests/other/test_x.py"}) == is_found


def test_tests_that_import_the_room_or_what_uses_it(narrow):
    found = narrow.further(["indicators"])
    assert "tests/benchmark/test_rounds.py" in found
    assert "tests/findings/test_fold.py" not in found


def test_of_a_room_that_most_rooms_use_the_whole_is_asked_for(narrow, capsys):
    assert "tests/suppliers" not in narrow.main(["kernel"])
    assert "run the whole of script/test" in capsys.readouterr().err


def test_a_room_that_is_none_is_refused(narrow):
    with pytest.raises(SystemExit, match="No room is called supplier"):
        narrow.main(["supplier"])


@pytest.mark.parametrize(
    ("name", "room"),
    [
        ("suppliers:detail", "suppliers"),
        ("wheel:list", "annual_wheel"),
        ("/api/suppliers/{pk}", "suppliers"),
        ("/wheel/", "annual_wheel"),
        ("supplier_list", "suppliers"),
        ("inf", ""),
    ],
)
def test_the_room_of_a_page_an_address_or_a_command(name, room):
    assert room_of(name) == room


@pytest.mark.parametrize("part", EXAMPLES)
def test_what_is_lacking_is_said_with_a_line_to_write(part):
    said = lacking(part, "suppliers:detail", "Something is missing.")
    assert said.startswith("Something is missing.\nWrite in tests/suppliers/house.py, in PARTS:\n")
    assert f"    {part}=" in said


def test_of_a_room_that_gives_nothing_it_is_said_once_and_the_run_has_failed(monkeypatch, tmp_path):
    monkeypatch.setattr(parts, "SAID", set())
    assert parts.lacking_once("made", "suppliers", "A.") == lacking("made", "suppliers", "A.")
    assert parts.lacking_once("made", "suppliers", "A."), "its house.py lacks a line: each says so"
    monkeypatch.setattr(parts, "TESTS", tmp_path)
    said = parts.lacking_once("made", "suppliers", "A.")
    assert "Write in tests/suppliers/house.py (a new file, like" in said
    for part, key in (("made", "suppliers:detail"), ("filled", "/suppliers/")):
        with pytest.raises(pytest.skip.Exception, match="another law has failed"):
            parts.lacking_once(part, key, "B.")
    assert parts.lacking_once("made", "findings", "C."), "of another room it is said, too"
