"""What every declared kind of thing keeps when several are changed at once."""

from __future__ import annotations

import pytest

from tests.entities.making import Making, as_form

EMPTY_KEY = "!empty"


class SeveralCases(Making):
    """Chosen rows of the list get the same value, or none."""

    def test_several_are_changed_at_once_or_none(self, cast, client):
        bulk = {f.name for f in self.entity.fields if f.is_bulk}
        given = {n: v for n, v in as_form(self.changed).items() if n in bulk and v != ""}
        if not given:
            pytest.skip("nothing of it is changed in bulk")
        names = [self.called_as(word) for word in ("One", "Two", "Three")]
        made = [self.add(cast, **{self.called: name}) for name in names]
        client.force_login(cast.people["ingvild"])
        chosen = {"act": "several", "chosen": [one.pk for one in made[:2]]}
        led = client.post(self.url("list"), chosen, follow=True)
        assert [one.pk for one in led.context["things"]]
        address = led.redirect_chain[-1][0]
        assert client.post(address, {}).status_code == 422, "nothing is said"
        assert client.post(address, given, follow=True).status_code == 200
        name = next(iter(given))
        now = [getattr(self.entity.get(actor=cast.ingvild, pk=one.pk), name) for one in made]
        assert now == [self.changed[name]] * 2 + [self.facts[name]]
        client.force_login(cast.people["sigrid"])
        assert client.post(address, given).status_code == 404

    def test_several_are_emptied_at_once_and_the_rest_of_them_is_left(self, cast, client):
        made = [self.add(cast, **{self.called: self.called_as(word)}) for word in ("One", "Two")]
        client.be(cast.people["ingvild"])
        address = f"{self.url('several')}?chosen={made[0].pk},{made[1].pk}&narrowed=search%3DO"
        can_be = [f for f in self.entity.fields if f.is_bulk and self.entity.of(f).blank]
        if not can_be:
            pytest.skip("nothing of it can be emptied in bulk")
        assert "(optional)" not in client.get(address).content.decode()
        for field in can_be:
            form = client.get(address).context["form"]
            is_choice = hasattr(form.fields[field.name], "choices")
            key = field.name if is_choice else f"{field.name}_emptied"
            led = client.post(address, {key: EMPTY_KEY if is_choice else "on"})
            assert led.url == f"{self.url('list')}?search=O", "the list is narrowed as it was"
        for one in made:
            kept = self.entity.get(actor=cast.ingvild, pk=one.pk)
            left = {f.name: getattr(kept, f.name) or None for f in can_be}
            assert left == dict.fromkeys(left)
            rest = set(self.facts) - set(left) - {self.called}
            assert {n: getattr(kept, n) for n in rest} == {n: self.facts[n] for n in rest}

    def test_a_form_for_several_that_is_refused_keeps_what_is_chosen(self, cast, client):
        if not any(field.is_bulk for field in self.entity.fields):
            pytest.skip("nothing of it is changed in bulk")
        made = self.add(cast)
        client.be(cast.people["ingvild"])
        address = f"{self.url('several')}?chosen={made.pk}&narrowed=search%3DO"
        refused = client.post(address, {})
        assert refused.status_code == 422
        assert refused.context["things"] == [made]
        assert refused.context["back_url"] == f"{self.url('list')}?search=O"
