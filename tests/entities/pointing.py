"""What a field that points to somebody, or to another thing, keeps: beside the contract."""

from __future__ import annotations

import json
from typing import Any

import pytest

from samsyn.access.models import Membership
from samsyn.entities.importing import plan
from samsyn.entities.sheets import rows_of
from samsyn.kernel.errors import RuleViolation
from tests.cast import TODAY
from tests.entities.contract import EntityContract
from tests.entities.making import csrf


class OwnerContract(EntityContract):
    """The shared cases of a thing that a person may own; ``facts`` name none."""

    field = "owner_person"

    def owned(self, cast, **more):
        return self.add(cast, **{self.field: cast.people["jonas"], **more})

    def read(self, cast, thing):
        return getattr(self.entity.get(actor=cast.ingvild, pk=thing.pk), self.field)

    def planned(self, cast, name):
        rows = rows_of(self.entity, self.own_row(**{self.field: name}))
        return plan(self.entity, cast.fjellvik, rows, actor=cast.ingvild)

    def test_whoever_may_work_there_can_own_it_and_nobody_from_elsewhere(self, cast):
        made = self.owned(cast)
        assert self.read(cast, made) == cast.people["jonas"]
        stranger = cast.people["sigrid"]
        with pytest.raises(RuleViolation) as refused:
            self.done.change(actor=cast.ingvild, thing=made, **{self.field: stranger})
        assert refused.value.field == self.field
        again = self.entity.get(actor=cast.ingvild, pk=made.pk)
        with pytest.raises(RuleViolation):
            self.done.change_many(actor=cast.ingvild, things=[again], **{self.field: stranger})
        with pytest.raises(RuleViolation):
            self.owned(cast, **{self.called: "Another", self.field: stranger})
        assert self.read(cast, made) == cast.people["jonas"]

    def test_the_form_offers_those_of_the_organisation_that_is_chosen(self, cast, client):
        client.force_login(cast.people["ingvild"])
        page = client.get(self.url("create")).content.decode()
        assert cast.people["jonas"].name in page
        assert cast.people["sigrid"].name not in page

    def test_a_sheet_names_who_owns_it_and_refuses_a_name_that_it_does_not_know(self, cast):
        made = self.add(cast)
        [changed] = self.planned(cast, cast.people["jonas"].name.upper()).changed
        assert changed.changes[0].after == cast.people["jonas"].name
        assert self.read(cast, made) is None, "it is only planned"
        for name in ("Nobody At All", cast.people["sigrid"].name):
            with pytest.raises(RuleViolation, match="Row 2") as refused:
                self.planned(cast, name)
            assert name in str(refused.value)

    def test_two_of_one_name_are_told_apart_on_the_page_and_not_by_a_sheet(self, cast):
        self.add(cast)
        jonas = cast.people["jonas"]
        type(jonas).objects.filter(pk=cast.people["ingvild"].pk).update(name=jonas.name)
        with pytest.raises(RuleViolation, match="Several"):
            self.planned(cast, jonas.name)

    def test_an_owner_who_has_left_stays_until_another_is_chosen(self, cast, client):
        made = self.owned(cast)
        Membership.unscoped.filter(person=cast.people["jonas"]).update(ended_on=TODAY)
        client.force_login(cast.people["ingvild"])
        page = self.send_sheet(cast, client, self.export(client, "csv"))
        assert page.context["plan"].is_empty, "what is exported is imported as no change"
        form = client.get(self.url("change", made.pk)).context["form"]
        given = {f.html_name: f.value() for f in form if f.value() is not None}
        sent = {**given, self.called: "Called otherwise", "version": made.version}
        assert client.post(self.url("change", made.pk), sent, follow=True).status_code == 200
        assert self.read(cast, made) == cast.people["jonas"]
        with pytest.raises(RuleViolation):
            self.owned(cast, **{self.called: "Another"})

    def test_a_program_says_who_owns_it_by_id(self, cast, client):
        made, jonas = self.add(cast), cast.people["jonas"]
        client.force_login(cast.people["ingvild"])
        url, headers = f"/api/{self.entity.room}/{made.pk}", {"X-CSRFToken": csrf(client)}

        def send(pk: Any, version: int) -> Any:
            text = json.dumps({f"{self.field}_id": pk, "version": version})
            return client.patch(url, text, content_type="application/json", headers=headers)

        assert send(jonas.pk, 1).json()[f"{self.field}_id"] == jonas.pk
        assert send(cast.people["sigrid"].pk, 2).status_code == 422
        assert send(None, 2).json()[f"{self.field}_id"] is None

    def test_several_get_an_owner_at_once_where_all_are_one_organisations(self, cast, client):
        made = [self.add(cast, **{self.called: name}) for name in ("One", "Two")]
        client.force_login(cast.people["ingvild"])
        address = f"{self.url('several')}?chosen={','.join(str(one.pk) for one in made)}"
        sent = {self.field: cast.people["jonas"].pk}
        assert client.post(address, sent, follow=True).status_code == 200
        assert {self.read(cast, one) for one in made} == {cast.people["jonas"]}

    def test_a_list_is_narrowed_by_who_owns_it(self, cast, client):
        if self.field not in self.entity.filters:
            pytest.skip("its list is narrowed otherwise")
        mine, other = self.owned(cast), self.add(cast, **{self.called: "Nobody's"})
        client.force_login(cast.people["ingvild"])
        page = client.get(self.url("list"), {self.field: cast.people["jonas"].pk})
        said = page.content.decode()
        assert str(mine) in said
        assert str(other) not in said
        assert cast.people["jonas"].name in said, "the choice is told in words"
