"""Laws on what programs may do: described, closed, and kept from overwriting others' changes."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections import Counter

import pytest
from ninja import Schema

import samsyn
from samsyn.api.router import api
from tests.api.programs import Program
from tests.cast import PEOPLE
from tests.house.test_doors import AS_FORM, body_for, made_for

SCHEMA = api.get_openapi_schema()
OPERATIONS = [(path, method) for path, all_ in SCHEMA["paths"].items() for method in all_]
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
    thing = made_for(cast, path)
    url = path.replace("{pk}", str(thing.pk))
    answers = {}
    for name in PEOPLE:
        body = body_for(cast, path, method) or None
        answer = Program(cast, name).send(method, url, body, If_Match='"987654"')
        answers[name] = answer.status_code
    assert set(answers.values()) <= {404, 412}, answers
    assert 412 in answers.values()
