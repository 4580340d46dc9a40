"""Laws on rooms: each says of itself what others ask, and no shared file names one."""

from __future__ import annotations

import ast
import re
from collections import Counter

import pytest
from django.conf import settings
from django.urls import reverse

from samsyn.kernel.rooms import Room, function, packages, rooms
from tests.house import parts
from tests.house.laws import PACKAGE, ROOT

pytestmark = pytest.mark.once
# What all others stand on; everything else is a room of the domain.
SHARED = {
    "settings", "kernel", "audit", "access", "content", "analytics", "jobs", "messages", "ui",
    "printing", "entities", "organisations", "api", "site", "backups", "demonstration",
}  # fmt: skip
ABOVE_ALL = {
    "backups": "knows which files each room keeps, to look for every one of them",
    "demonstration": "tells one story through many rooms; a room's own part is in its Room",
}
NAMES = {
    "access/permissions.py": "who may what is read in one place (docs/adr/0017)",
    "api/examples.py": "what is written in a body to point to a thing",
    "organisations/models.py": "a contact lives here, since letters read it; its pages are above",
    "organisations/pages.py": "leads from an organisation to its contacts' pages",
    "organisations/urls.py": "the page of organisations that an old address of a contact is",
    "site/me.py": "the page that ends a token names the webhooks that end with it",
    "organisations/views.py": "an old address leads to the contacts' pages",
}
MAY_IMPORT = ("samsyn.kernel", "samsyn.access.permissions", "django.utils.translation")
IN_PATHS = r"(?:samsyn\.|[\"'])({})(?=[.:/])"


def domain():
    """Return the names of the rooms of the domain."""
    return sorted(set(packages()) - SHARED)


def shared_files():
    """Yield each module that all rooms share."""
    for room in sorted(SHARED - ABOVE_ALL.keys()):
        for path in sorted((PACKAGE / room).rglob("*.py")):
            if "migrations" not in path.parts and path.name != "room.py":
                yield path


def without_words(text):
    """Return a module without its comments and docstrings: what it says is not what it does."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            value = body[0].value
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                value.value = ""
    return ast.unparse(tree)


def named_in(text):
    """Return the rooms of the domain that a module imports or names in an address."""
    return set(re.findall(IN_PATHS.format("|".join(domain())), without_words(text)))


def test_no_shared_file_names_a_room_of_the_domain():
    found = {
        str(path.relative_to(PACKAGE)): named_in(path.read_text())
        for path in shared_files()
        if named_in(path.read_text())
    }
    assert set(found) == set(NAMES), found


@pytest.mark.parametrize(
    ("text", "rooms_named"),
    [
        ("from samsyn.findings.models import Finding", {"findings"}),
        ("x = reverse('suppliers:list')", {"suppliers"}),
        ("path('wheel/', include('samsyn.annual_wheel.urls'))", {"annual_wheel"}),
        ('"""Reads samsyn.findings.models."""', set()),
        ("from samsyn.organisations.models import Organisation", set()),
    ],
)
def test_the_law_sees_a_name(text, rooms_named):
    assert named_in(text) == rooms_named


def test_a_declaration_can_be_read_before_any_model():
    for name in rooms():
        tree = ast.parse((PACKAGE / name / "room.py").read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module != "__future__":
                assert node.module.startswith(MAY_IMPORT), (name, node.module)
            assert not isinstance(node, ast.Import), name


def test_what_a_declaration_names_is_there():
    for name, room in rooms().items():
        for each in (*room.newest, *room.upload_limits, *filter(None, [room.demonstration])):
            assert callable(function(name, each))
        for each in room.searched:
            assert callable(function(name, each.rows))
        for mount in room.api:
            assert function(name, mount.router)
        for page in room.pages:
            assert reverse(page.url_name)


def test_in_the_menu_every_place_and_key_is_taken_once():
    pages = [page for room in rooms().values() for page in room.pages]
    places = Counter((page.part, page.place) for page in pages)
    keys = Counter(page.key for page in pages if page.key)
    assert {page.part for page in pages} <= set(settings.PART_NAMES)
    assert not [each for each, number in (places + keys).items() if number > 1]


def test_a_room_says_only_its_own_deeds():
    events = {"sign_in", "reading", "export"}  # of the platform, said by access
    for name, room in rooms().items():
        begins = {deed.partition(".")[0] for deed in room.deeds}
        assert begins <= ({name} | events if name == "access" else {name})


def test_two_rooms_cannot_use_one_name(monkeypatch):
    from samsyn.kernel import rooms as module

    limits = rooms()["suppliers"].limits
    both = {"suppliers": Room(limits=limits), "other": Room(limits=limits)}
    monkeypatch.setattr(module, "rooms", lambda: both)
    with pytest.raises(ValueError, match="another room does so"):
        module.gathered("limits")


def test_every_room_of_tests_is_a_room():
    assert set(parts.rooms()) <= set(packages())


def test_the_guide_names_what_a_room_declares():
    guide = (ROOT / "docs" / "add-a-room.md").read_text()
    assert [name for name in Room.__dataclass_fields__ if f"`{name}`" not in guide] == []
