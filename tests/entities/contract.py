"""What every declared kind of thing keeps: one class in a room's tests runs all of it.

The cases stand by their subject: what is kept here, pages and API in ``contract_doors``, several
at once in ``contract_several``, export and import in ``contract_sheets``, a state by a rule in
``contract_states``. What a field that points to something keeps stands in ``pointing``.
"""

from __future__ import annotations

import pytest

from samsyn.audit.models import Entry
from samsyn.kernel.errors import Conflict, NotAllowed, NotFound, RuleViolation
from tests.entities.contract_doors import DoorCases
from tests.entities.contract_several import SeveralCases
from tests.entities.contract_sheets import SheetCases
from tests.entities.contract_states import StateCases


class EntityContract(DoorCases, SeveralCases, SheetCases, StateCases):
    """The shared cases; a room's subclass says what they are about.

    Attributes:
        entity: what is declared.
        done: its services.
        facts: a thing of Fjellvik's, every field given.
        changed: other values for some of the fields.
        is_once: whether an organisation has one of a name only.
        around: where it has a state: what makes things around each boundary (``making``).

    """

    def test_what_is_given_is_kept(self, cast):
        made = self.add(cast)
        again = self.entity.get(actor=cast.ingvild, pk=made.pk)
        assert {name: getattr(again, name) for name in self.facts} == self.facts
        assert set(self.facts) == set(self.entity.names), "the contract wants every field"

    def test_who_may_see_such_things_there_sees_it_and_nobody_else(self, cast):
        made = self.add(cast)
        for name in cast.people:
            actor = getattr(cast, name)
            may = actor.may(self.entity.view, cast.fjellvik.pk)
            seen = made in self.entity.list(actor=actor)
            assert seen == may, name
            if not may:
                with pytest.raises(NotFound):
                    self.entity.get(actor=actor, pk=made.pk)

    def test_who_may_not_change_such_things_there_changes_nothing(self, cast):
        made = self.add(cast)
        for name in cast.people:
            if getattr(cast, name).may(self.entity.change, cast.fjellvik.pk):
                continue
            life = (self.done.retire, self.done.resume) if self.entity.retires else ()
            for act in (self.done.change, *life):
                with pytest.raises(NotAllowed):
                    act(actor=getattr(cast, name), thing=made)
            with pytest.raises(NotAllowed):
                self.add(cast, who=name)

    def test_two_organisations_may_have_the_same_and_one_may_not(self, cast):
        self.add(cast)
        self.add(cast, who="sigrid", organisation="elvdal")
        if not self.is_once:
            assert self.add(cast)
            return
        with pytest.raises(RuleViolation):
            self.add(cast)

    def test_a_name_is_taken_whatever_its_case(self, cast):
        if not self.is_once:
            return
        made = self.add(cast)
        other = {self.called: self.facts[self.called].swapcase()}
        assert other[self.called] != self.facts[self.called], (
            f"Give {self.called} in the facts of {type(self).__name__} a value with letters."
        )
        with pytest.raises(RuleViolation) as refused:
            self.add(cast, **other)
        assert refused.value.field in (*self.entity.known_by, None)
        self.done.change(actor=cast.ingvild, thing=made, seen=made.version, **other)

    def test_a_name_is_required(self, cast):
        with pytest.raises(RuleViolation) as refused:
            self.add(cast, **{self.called: ""})
        assert refused.value.field == self.called

    def test_the_second_of_two_editors_is_told(self, cast):
        made = self.add(cast)
        first, second = (self.entity.get(actor=cast.ingvild, pk=made.pk) for _ in range(2))
        self.done.change(actor=cast.ingvild, thing=first, **self.changed)
        other = {self.called: self.called_as("Another")}
        with pytest.raises(Conflict):
            self.done.change(actor=cast.ingvild, thing=second, **other)
        kept = self.entity.get(actor=cast.ingvild, pk=made.pk)
        assert {name: getattr(kept, name) for name in self.changed} == self.changed
        assert kept.version == made.version + 1

    def test_a_change_of_nothing_is_no_change(self, cast):
        made = self.add(cast)
        self.done.change(actor=cast.ingvild, thing=made, **self.facts)
        assert self.entity.get(actor=cast.ingvild, pk=made.pk).version == 1

    def test_each_act_is_on_record_with_who_and_what(self, cast):
        made = self.add(cast)
        self.done.change(actor=cast.ingvild, thing=made, **self.changed)
        verbs = ("add", "change", *(("retire", "resume") if self.entity.retires else ()))
        for verb in verbs[2:]:
            getattr(self.done, verb)(actor=cast.ingvild, thing=made)
        rows = Entry.objects.filter(object_type=made._meta.label, object_id=made.pk)
        acts = [row.action.rpartition(".")[2] for row in rows.order_by("number")]
        assert acts == [f"{self.entity.name}_{act}" for act in verbs]
        told = set(rows.order_by("number")[1].changes)
        assert set(self.changed) <= told

    def test_what_is_retired_leaves_the_list_and_comes_back(self, cast):
        if not self.entity.retires:
            pytest.skip("it is erased instead")
        made = self.add(cast)
        self.done.retire(actor=cast.ingvild, thing=made)
        assert made not in self.entity.list(actor=cast.ingvild)
        assert made in self.entity.list(actor=cast.ingvild, is_retired=True)
        with pytest.raises(RuleViolation):
            self.done.retire(actor=cast.ingvild, thing=made)
        self.done.resume(actor=cast.ingvild, thing=made)
        assert made in self.entity.list(actor=cast.ingvild)
        with pytest.raises(RuleViolation):
            self.done.resume(actor=cast.ingvild, thing=made)

    def test_the_search_finds_it_and_only_it(self, cast):
        made = self.add(cast)
        field = next(f.name for f in self.entity.fields if f.is_searched)
        called = self.called_as("Quite-another")
        other = self.add(cast, **{**self.changed, self.called: called, field: called})
        assert list(self.entity.list(actor=cast.ingvild, search="TE-anoth")) == [other]
        assert made not in self.entity.list(actor=cast.ingvild, search="Quite")
