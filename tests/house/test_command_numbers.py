"""Law on numbers: a command refuses one out of bounds with a sentence, whatever command it is."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import date

import pytest
from django.core.management import CommandError, call_command, get_commands, load_command_class

from samsyn.access.cli import day, number

pytestmark = pytest.mark.once
OURS = {name: app for name, app in get_commands().items() if app.startswith("samsyn.")}
WRONG = ("99999999999999999999999", "-99999999999999999999999", "1e999", "nan", "inf", "9" * 5000)


def parser_of(name):
    return load_command_class(OURS[name], name).create_parser("samsyn", name)


def numbers():
    """Yield each argument of a command that takes a number, and its command."""
    for name in OURS:
        for action in parser_of(name)._actions:
            if "number.<locals>" in getattr(action.type, "__qualname__", ""):
                yield name, action.dest


def own_arguments(name):
    from django.core.management.base import BaseCommand

    usual = {action.dest for action in BaseCommand().create_parser("", "")._actions}
    return [action for action in parser_of(name)._actions if action.dest not in usual]


def test_no_command_takes_a_number_without_bounds():
    bare = [
        (name, action.dest)
        for name in OURS
        for action in own_arguments(name)
        if action.type in {int, float, complex, date.fromisoformat}
    ]
    assert bare == []
    assert len(list(numbers())) > 10


@pytest.mark.parametrize(("name", "dest"), list(numbers()))
@pytest.mark.parametrize("text", WRONG)
def test_a_number_out_of_bounds_is_refused_with_a_sentence(name, dest, text):
    parser = parser_of(name)
    action = next(each for each in parser._actions if each.dest == dest)
    with pytest.raises(ArgumentTypeError, match=r"is not (between|a whole number|a number)"):
        action.type(text)
    given = [f"{action.option_strings[0]}={text}"] if action.option_strings else ["--", text]
    parser.called_from_command_line = False
    with pytest.raises(CommandError, match=r"is not"):
        parser.parse_args(given)


@pytest.mark.parametrize("text", ["0", "5", "10"])
def test_what_is_within_bounds_is_taken(text):
    assert number(0, 10)(text) == int(text)


@pytest.mark.parametrize(
    "text", ["0001-01-01", "9999-12-31", "2026-02-30", "yesterday", "9" * 5000]
)
def test_a_day_far_away_or_none_is_refused_with_a_sentence(text):
    with pytest.raises(ArgumentTypeError, match="is not a day between 1900-01-01 and 2199-12-31"):
        day(text)
    assert day("2026-03-02") == date(2026, 3, 2)


def test_the_whole_way_from_the_command_line(cast):
    with pytest.raises(CommandError, match="is not between 1 and 1000000"):
        call_command("finding_list", "--limit", "99999999999999999999999")
    with pytest.raises(CommandError, match="is not between"):
        call_command("resource_confirm", "99999999999999999999999")
