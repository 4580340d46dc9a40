"""What every declared kind of thing keeps of its state by a rule, around each boundary."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from django.utils import timezone

from samsyn.entities.columns import columns
from samsyn.kernel.cells import unguarded
from tests.entities.making import Making

TO_WRITE = (
    "Say in the room's contract which things stand around each boundary of a state: "
    'def around(self, today): return [{"contract_until": today + timedelta(days=n)} '
    "for n in (-1, 0, 1)]; where fields alone do not make it, write in_states(cast, today), "
    "which returns the things."
)


def disagreeing(entity, actor, things) -> Iterator[str]:
    """Yield where filter and badge do not say the same of some things, one line each."""
    badges = {thing.pk: entity.state.badge(thing) for thing in things}
    for key, (word, _tone) in entity.state.words.items():
        found = set(entity.list(actor=actor, **{entity.state.name: key}))
        said = {thing for thing in things if str(badges[thing.pk].text) == str(word)}
        if not said:
            yield f"no thing is {key}. {TO_WRITE}"
        yield from (f"the filter {key} finds {x}, whose badge says otherwise" for x in found - said)
        yield from (f"the filter {key} does not find {x}" for x in said - found)


class StateCases(Making):
    """List, filter, export and API say one state of each thing."""

    @pytest.fixture
    def stated(self, cast):
        if self.entity.state is None:
            pytest.skip("such things have no state by a rule")
        made = self.in_states(cast, timezone.localdate())
        assert made, TO_WRITE
        return made

    def test_filter_and_badge_agree_around_every_boundary(self, cast, stated):
        assert list(disagreeing(self.entity, cast.ingvild, stated)) == []

    def test_list_export_and_api_say_the_state(self, cast, client, stated):
        state = self.entity.state
        client.force_login(cast.people["ingvild"])
        said = {str(thing): str(state.badge(thing).text) for thing in stated}
        text = self.export(client, "csv").decode("utf-8-sig")
        names = [column.name for column in columns(self.entity)]
        of, at = names.index(self.called), names.index(state.name)
        rows = [[unguarded(cell) for cell in row] for row in csv.reader(io.StringIO(text))][1:]
        assert {row[of]: row[at] for row in rows} == said
        for key, (word, _tone) in state.words.items():
            page = client.get(self.url("list"), {state.name: key}).content.decode()
            assert str(word) in page[page.index("<tbody") :], key
            items = client.get(f"/api/{self.entity.room}", {state.name: key}).json()["items"]
            assert {item[state.name] for item in items} == {key}
            assert len(items) == list(said.values()).count(str(word))

    def test_a_retired_thing_is_in_no_state(self, cast, client, stated):
        if not self.entity.retires:
            pytest.skip("it is erased instead")
        state, thing = self.entity.state, stated[0]
        key = state.key(thing)
        self.done.retire(actor=cast.ingvild, thing=thing)
        assert state.badge(thing) is None
        for is_retired in (True, None):
            asked = {state.name: key, "is_retired": is_retired}
            assert thing not in self.entity.list(actor=cast.ingvild, **asked)
        client.force_login(cast.people["ingvild"])
        answer = client.get(f"/api/{self.entity.room}/{thing.pk}").json()
        assert answer[state.name] is None
