"""Laws on what programs may do: described, closed, and kept from overwriting others' changes."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import sys
import textwrap
from collections import Counter

import pytest
from ninja import Schema

import samsyn
from samsyn.access.commands import COMMANDS, RegisteredCommand
from samsyn.api.asked import ASKED
from samsyn.api.described import described as described_again
from samsyn.api.described import without_example, without_sentence
from samsyn.api.router import api
from samsyn.entities.services import Services
from samsyn.kernel.rooms import Room
from samsyn.kernel.rooms import rooms as all_rooms
from samsyn.site import urls  # noqa: F401  every door is loaded, so every command is known
from tests.api.programs import Program
from tests.house.laws import rooms, service_modules
from tests.house.test_doors import AS_FORM, body_for, described, made_for

pytestmark = pytest.mark.once
SCHEMA = described()
OPERATIONS = [(path, method) for path, all_ in SCHEMA["paths"].items() for method in all_]
MAY = ("ingvild", "astrid", "henrik")  # who may change the most
ABOUT = [(p, m) for p, m in OPERATIONS if m != "get" and "{pk}" in p and p not in AS_FORM]


def api_modules():
    """Return the modules in which rooms say what programs may do."""
    found = pkgutil.walk_packages(samsyn.__path__, "samsyn.")
    names = [each.name for each in found if each.name.rpartition(".")[2].endswith("api")]
    return [importlib.import_module(name) for name in names if not name.endswith("samsyn.api")]


def test_no_two_schemas_share_a_name():
    """The description has one place for each name: the second would be described as the first."""
    classes = {
        each
        for module in api_modules()
        for _name, each in inspect.getmembers(module, inspect.isclass)
        if issubclass(each, Schema) and each.__module__ == module.__name__
    }
    counted = Counter(each.__name__ for each in classes)
    assert [name for name, number in counted.items() if number > 1] == []


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "method"), ABOUT)
def test_a_change_of_what_another_has_changed_is_refused(cast, home, path, method):
    url = path.replace("{pk}", str(made_for(cast, path).pk))
    body = body_for(cast, path, method) or None
    for name in MAY:
        answer = Program(cast, name).send(method, url, body, If_Match='"987654"')
        if answer.status_code == 412:
            return
        assert answer.status_code == 404, answer.content
    pytest.fail("nobody was told that it has been changed")


NO_DOOR = {  # commands that no address of the API leads to, and why
    "access.factors_remove": "on the console only: whoever can do it takes over an account",
    "access.membership_leave": "a person's own role, ended where it is shown what they lose",
    "access.name_choose": "a person's own account, changed where they have signed in",
    "access.password_link_give": "on the console only: whoever has the link is the person",
    "access.preferences_change": "a person's own account: how pages look to them",
    "access.role_accept": "a person answers for themselves, beside what it opens",
    "access.role_decline": "a person answers for themselves",
    "access.sessions_end": "a person's own account, changed where they have signed in",
    "access.token_create": "a program makes no keys for others: the page asks a person",
    "access.token_revoke": "a person's own account; a stolen key should end no other",
    "actions.actions_complete": "a program sends one after the other: actions/{pk}/move",
    "actions.actions_postpone": "a program sends one after the other: actions/{pk}",
    "actions.actions_start": "a program sends one after the other: actions/{pk}/move",
    "actions.actions_take": "a program sends one after the other: actions/{pk}/move",
    "actions.owner_remind": "written by the clock, one letter a day",
    "annual_wheel.feed_create": "a person's own secret address, shown on a page",
    "annual_wheel.feed_end": "a person's own secret address",
    "annual_wheel.wheel_extend": "made by the clock",
    "backups.backup_record": "on the console: it writes where the server's operator says",
    "backups.files_check": "by the clock",
    "findings.findings_acknowledge": "a program sends one after the other",
    "findings.letter_settle": "by the clock, a minute after messages/{pk}/returned at most",
    "findings.members_tell": "a part of telling: findings/tell begins it",
    "indicators.indicators_measure": "by the clock",
    "jobs.job_start": "the worker's; what a job does for somebody has its own address",
    "maturity.paper_enter": "ratings are given by people; a form on paper is typed in by one",
    "maturity.rating_give": "ratings are given by people in their seats, through a signed link",
    "maturity.ratings_withdraw": "ratings are given by people in their seats",
    "messages.message_enqueue": "inside other commands: nobody writes letters of their own choice",
    "monitoring.inbox_collect": "by the clock, from a folder of the server",
    "monitoring.observation_attribute": "takes an hour: on the console, or by the clock",
    "monitoring.schema_install": "on the console: files of the installation",
    "monitoring.store_rebuild": "on the console: the installation's store",
    "organisations.operator_create": "at set-up, on the console",
    "situation.editions_publish": "a program sends one after the other: editions/{pk}/publish",
    "webhooks.webhook_switch_off": "by the clock, when nothing is accepted",
    "ui.columns_choose": "how a list looks to a person",
    "ui.saved_view_create": "how a list looks to a person",
    "ui.saved_view_delete": "how a list looks to a person",
}


def reached_by_programs() -> set[str]:
    """Return the names of the commands that the code of the API uses."""
    found: set[str] = set()
    for module in api_modules():
        for part in ast.walk(ast.parse(inspect.getsource(module))):
            meant = _meant(module, part)
            made = meant if isinstance(meant, Services) else [meant]
            of_one = _of_one(meant) if isinstance(meant, Services) else made
            found |= {vars(each)["command"].name for each in of_one if _is_command(each)}
    return found


def _of_one(made):
    """Return the services of an entity that are about one thing; the others are for lists."""
    return [made.add, made.change, made.retire, made.resume]


def _meant(module, part):
    """Return what a name, or a name in another module, means in a module."""
    if isinstance(part, ast.Name):
        return getattr(module, part.id, None)
    if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
        return getattr(getattr(module, part.value.id, None), part.attr, None)
    return None


def _is_command(thing) -> bool:
    return inspect.isfunction(thing) and isinstance(vars(thing).get("command"), RegisteredCommand)


def for_people() -> set[str]:
    """Return what every declared thing has and no address leads to: several, and a sheet.

    A program changes and adds one after the other; nobody needs to say so for each room.
    """
    declared = {
        each
        for room in rooms()
        for module in service_modules(room)
        for each in vars(module).values()
        if isinstance(each, Services)
    }
    many = {service for each in declared for service in (each.change_many, each.take_sheet)}
    return {vars(service)["command"].name for service in many if _is_command(service)}


def without_door(names) -> str:
    """Return what is said of commands that no program reaches."""
    lines = [f'    "{name}": "…",' for name in sorted(names)]
    what = "No address of the API leads to these. Give each one in its room's api.py, or say why it"
    return "\n".join([f"{what} has none in NO_DOOR in tests/house/test_programs.py:", *lines])


def test_every_command_has_a_door_for_programs_or_a_reason_why_not():
    lacking = set(COMMANDS) - reached_by_programs() - for_people()
    ours = {name for name in lacking if not name.startswith("new.")}  # planted by other laws
    assert not ours - set(NO_DOOR), without_door(ours - set(NO_DOOR))
    stale = set(NO_DOOR) - ours
    assert not stale, f"remove from NO_DOOR: an address leads to it, or it is no command: {stale}"


def test_a_command_without_a_door_is_said_with_the_line_to_write():
    said = without_door({"disposals.disposal_burn"})
    assert "NO_DOOR in tests/house/test_programs.py" in said
    assert '    "disposals.disposal_burn": "…",' in said
    assert {"suppliers.suppliers_change", "suppliers.suppliers_import"} <= for_people()


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_operation_is_described_with_an_example(path, method):
    told = SCHEMA["paths"][path][method]
    assert told["summary"]
    assert told["description"].endswith(".")
    contents = [told.get("requestBody", {}).get("content", {})]
    contents += [answer.get("content", {}) for answer in told["responses"].values()]
    for content in contents:
        for each in content.values():
            assert each["example"] not in (None, {}), path


def commands_used(view) -> set[str]:
    """Return the names, without their room, of the commands that the code of an operation uses."""
    code = textwrap.dedent(inspect.getsource(inspect.unwrap(view)))
    parts = [_meant(sys.modules[view.__module__], part) for part in ast.walk(ast.parse(code))]
    return {vars(each)["command"].name.partition(".")[2] for each in parts if _is_command(each)}


def views():
    """Return each operation as it is described, with the function that does it."""
    return [
        (SCHEMA["paths"][f"/api{bound.prefix}{path}"][each.methods[0].lower()], each.view_func)
        for bound in api._get_bound_routers()
        for path, view in bound.path_operations.items()
        for each in view.operations
    ]


def test_every_operation_has_a_short_name_of_its_own_after_the_command_that_it_gives():
    names = [told["operationId"] for told, _view in views()]
    assert [name for name, number in Counter(names).items() if number > 1] == []
    assert [name for name in names if not re.fullmatch(r"[a-z]+(_[a-z]+){1,4}", name)] == []
    other = {
        told["operationId"]: used
        for told, view in views()
        if len(used := commands_used(view)) == 1 and not told["operationId"].endswith(*used)
    }
    assert not other, f"call it as its command, by operation_id= in @router: {other}"


def test_every_operation_says_by_a_described_way_how_to_come_in():
    ways = SCHEMA["components"]["securitySchemes"]
    assert [name for name, way in ways.items() if not way["description"].endswith(".")] == []
    assert {tuple(each) for told, _view in views() for each in told["security"]} == {tuple(ways)}


def test_every_parameter_of_a_list_has_a_sentence():
    lacking = without_sentence(SCHEMA)
    where = "Room.asked of its room, or ASKED in src/samsyn/api/asked.py"
    assert not lacking, f"say what it does, in {where}: {lacking}"
    said = [
        each["description"]
        for told, _view in views()
        for each in told.get("parameters", ())
        if each["in"] == "query"
    ]
    assert [text for text in said if not text.endswith(".")] == []


def test_no_sentence_on_a_parameter_is_stale():
    known = {
        name
        for told, _view in views()
        for each in told.get("parameters", ())
        for name in (each["name"], f"{told['operationId']}.{each['name']}")
    }
    assert set(ASKED).union(*(room.asked for room in all_rooms().values())) <= known


def lacks_examples(lacking):
    """Return what is said of fields without an example: all of them, and a line for each."""
    where = "what its room.py gives as examples=, or VALUES in src/samsyn/api/examples.py"
    lines = [f'    "{name.rpartition(".")[2]}": "…",  # or "{name}"' for name in lacking]
    return "\n".join(
        [f"The API has no example for {', '.join(lacking)}: add to {where}:", *dict.fromkeys(lines)]
    )


def test_every_text_of_the_api_has_an_example():
    lacking = without_example(SCHEMA)
    assert not lacking, lacks_examples(lacking)


def planted():
    """Return a description with a field that nobody has given an example."""
    fields = {"name": {"type": "string"}, "quirk": {"type": "string"}}
    fields["quirks"] = {"type": "array", "items": {"type": "string"}}
    shape = {"title": "QuirkIn", "type": "object", "properties": fields}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/QuirkIn"}}}
    post = {"requestBody": {"content": content}, "responses": {}}
    return {"components": {"schemas": {"QuirkIn": shape}}, "paths": {"/x": {"post": post}}}


def test_a_field_without_an_example_is_left_out_and_named_with_the_line_to_write():
    schema = described_again(planted())
    content = schema["paths"]["/x"]["post"]["requestBody"]["content"]["application/json"]
    assert content["example"] == {"name": "Fjellvik"}
    lacking = without_example(schema)
    assert lacking == ["QuirkIn.quirk", "QuirkIn.quirks"]
    said = lacks_examples(lacking)
    assert said.startswith("The API has no example for QuirkIn.quirk, QuirkIn.quirks: add to ")
    assert '    "quirk": "…",' in said


def test_a_room_gives_the_examples_of_its_own_fields(monkeypatch):
    gives = {"x": Room(examples={"quirk": "Odd", "QuirkIn.quirks": ["Odd"], "name": "Not this"})}
    monkeypatch.setattr("samsyn.api.described.rooms", lambda: gives)
    schema = described_again(planted())
    content = schema["paths"]["/x"]["post"]["requestBody"]["content"]["application/json"]
    assert content["example"] == {"name": "Fjellvik", "quirk": "Odd", "quirks": ["Odd"]}
    assert without_example(schema) == []


def bodies():
    """Yield each operation with what its body is read as, but for files."""
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for each in view.operations:
                for model in each.models:
                    if model.__ninja_param_source__ == "body":
                        full = f"/api{prefix}{path}"
                        yield full, each.methods[0].lower(), model


@pytest.mark.parametrize(("path", "method", "model"), list(bodies()))
def test_an_example_is_taken_as_it_stands(path, method, model):
    content = SCHEMA["paths"][path][method]["requestBody"]["content"]["application/json"]
    name = next(iter(model.model_fields))
    model.model_validate({name: content["example"]})
