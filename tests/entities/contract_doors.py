"""What every declared kind of thing keeps on its pages and in the API."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.utils import translation

from samsyn.access.permissions import Permission
from samsyn.entities.columns import shown
from samsyn.entities.fields import label_of
from samsyn.kernel.errors import RuleViolation
from samsyn.ui.moments import day_text
from tests.entities.making import LANGUAGES, Making, as_form, be, csrf, text_of

EMPTY = {"en": "empty", "sv": "tomt", "nb": "tomt"}


class DoorCases(Making):
    """Pages and programs give and take the same, and tell what has happened."""

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_page_opens_in_every_language(self, cast, client, language):
        made = self.add(cast)
        be(client, cast.people["ingvild"], language)
        for name in ("list", "create"):
            assert client.get(self.url(name)).status_code == 200
        for name in ("detail", "change", *(("retire",) if self.entity.retires else ())):
            with translation.override(language):
                called = str(made)
            assert called in client.get(self.url(name, made.pk)).content.decode(), name

    def test_the_forms_add_change_and_retire_it(self, cast, client):
        client.force_login(cast.people["ingvild"])
        given = as_form(self.facts) | {"organisation": cast.fjellvik.pk}
        led = client.post(self.url("create"), given, follow=True)
        made = self.entity.list(actor=cast.ingvild).get()
        assert led.status_code == 200
        assert led.redirect_chain[-1][0] == self.led_to(made)
        changes = as_form({**self.facts, **self.changed}) | {"version": made.version}
        led = client.post(self.url("change", made.pk), changes, follow=True)
        assert led.status_code == 200
        again = client.post(self.url("change", made.pk), changes)
        assert again.status_code == 409, "the form is of an earlier version"
        for verb in ("retire", "resume") if self.entity.retires else ():
            assert client.post(self.url(verb, made.pk), follow=True).status_code == 200
        kept = self.entity.get(actor=cast.ingvild, pk=made.pk)
        assert {n: getattr(kept, n) for n in self.facts} == {**self.facts, **self.changed}

    def test_an_empty_form_says_what_is_missing(self, cast, client):
        client.force_login(cast.people["ingvild"])
        refused = client.post(self.url("create"), {})
        assert refused.status_code == 422
        assert self.called in refused.context["form"].errors

    def test_what_is_retired_stays_as_it_is_in_every_door(self, cast, client):
        if not self.entity.retires:
            pytest.skip("it is erased instead")
        made, other = self.add(cast), self.add(cast, **{self.called: self.called_as("Other")})
        self.done.retire(actor=cast.ingvild, thing=made)
        name = next(n for n in self.changed if n != self.called)
        kept = as_form(self.changed)[name]
        client.be(cast.people["ingvild"])
        page = self.send_sheet(cast, client, self.own_row(**{name: kept}))
        assert page.context["plan"].retired == [made]
        assert page.context["plan"].is_empty
        assert "Retired: these stay as they are" in page.content.decode()
        assert (
            self.url("change", made.pk) not in client.get(made.get_absolute_url()).content.decode()
        )
        sent = as_form({**self.facts, **self.changed}) | {"version": made.version}
        refused = [client.post(self.url("change", made.pk), sent)]
        refused.append(
            client.patch(
                f"/api/{self.entity.room}/{made.pk}",
                json.dumps({"version": made.version, name: self.changed[name]}, default=str),
                content_type="application/json",
                headers={"X-CSRFToken": csrf(client)},
            )
        )
        for answer in refused:
            assert answer.status_code == 422
            assert f"{made} is retired. Take it into use again" in text_of(answer)
        things = [self.entity.get(actor=cast.ingvild, pk=each.pk) for each in (other, made)]
        with pytest.raises(RuleViolation, match="is retired"):
            self.done.change_many(actor=cast.ingvild, things=things, **{name: self.changed[name]})
        for each in (made, other):
            again = self.entity.get(actor=cast.ingvild, pk=each.pk)
            assert getattr(again, name) == self.facts[name]

    def test_the_api_gives_and_takes_what_the_pages_do(self, cast, client):
        client.force_login(cast.people["ingvild"])
        root = f"/api/{self.entity.room}"

        def send(method, path, body=None):
            headers = {"X-CSRFToken": csrf(client)}
            text = json.dumps(body or {}, default=str)
            answer = getattr(client, method)(
                f"{root}{path}", text, content_type="application/json", headers=headers
            )
            return answer.status_code, answer.json()

        status, made = send("post", "", {"organisation_id": cast.fjellvik.pk, **self.sent()})
        assert status == 200, made
        plain = json.loads(json.dumps(self.sent(), default=str))
        assert {name: made[name] for name in plain} == plain
        assert client.get(f"{root}/{made['id']}").json() == made
        assert client.get(root).json()["items"] == [made]
        seen = {"version": made["version"]}
        status, now = send("patch", f"/{made['id']}", seen | self.changed)
        assert status == 200, now
        assert send("patch", f"/{made['id']}", seen | plain)[0] == 409, "an earlier version"
        if not self.entity.retires:
            return
        assert send("post", f"/{made['id']}/retire")[1]["is_retired"] is True
        assert client.get(root).json()["count"] == 0
        assert send("post", f"/{made['id']}/resume")[1]["is_retired"] is False

    def test_a_program_that_may_not_is_refused_and_a_stranger_finds_nothing(self, cast, client):
        made = self.add(cast)
        root = f"/api/{self.entity.room}"
        client.force_login(cast.people["sigrid"])
        headers = {"X-CSRFToken": csrf(client)}
        whole = json.dumps({"organisation_id": cast.fjellvik.pk, **self.sent()}, default=str)
        retire = [(f"{root}/{made.pk}/retire", "")] if self.entity.retires else []
        for path, text in [(root, whole), *retire]:
            sent = client.post(path, text, content_type="application/json", headers=headers)
            assert sent.status_code == 404, path
        assert client.get(f"{root}/{made.pk}").status_code == 404

    def test_whoever_only_sees_such_things_is_offered_no_act(self, cast, client):
        made = self.add(cast)
        client.force_login(cast.people["revna"])
        page = client.get(made.get_absolute_url()).content.decode()
        assert self.url("change", made.pk) not in page
        assert client.get(self.url("change", made.pk)).status_code == 403

    def test_its_story_is_told_to_who_may_see_the_trail(self, cast, client):
        made = self.add(cast)
        client.force_login(cast.people["ingvild"])
        assert cast.ingvild.may(Permission.TRAIL_VIEW, cast.fjellvik.pk)
        page = client.get(made.get_absolute_url()).content.decode()
        assert '<ol class="story"' in page

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_its_story_and_the_change_log_say_from_what_to_what(self, cast, client, language):
        made = self.add(cast)
        was = {name: self.worded(made, name, language) for name in self.changed}
        self.done.change(actor=cast.ingvild, thing=made, **self.changed)
        be(client, cast.people["ingvild"], language)
        pages = [made.get_absolute_url(), "/change-log/", "/change-log/?export=csv"]
        for page, told in zip(pages, [text_of(client.get(url)) for url in pages], strict=True):
            for name in self.changed:
                label, after = self.worded(made, name, language)
                assert f"{label}: {was[name][1]} → {after}" in told, (page, name)

    def worded(self, thing, name, language):
        """Return a field's name and what a thing says there, as the reader of a page reads it."""
        with translation.override(language):
            field = next(each for each in self.entity.fields if each.name == name)
            value = shown(self.entity, field, thing)
            text = str(value or EMPTY[language])
            if isinstance(value, date):
                text = day_text(value)
            if isinstance(value, float):
                text = f"{value:g}".replace(".", "." if language == "en" else ",")
            return str(label_of(self.entity, field)), text
