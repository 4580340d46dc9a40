"""What every declared kind of thing keeps: one class in a room's tests runs all of it."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from samsyn.access.permissions import Permission
from samsyn.access.versions import keep_all
from samsyn.audit.models import Entry
from samsyn.entities.checking import Checks
from samsyn.entities.columns import columns, shown
from samsyn.entities.fields import label_of
from samsyn.entities.sheets import rows_of
from samsyn.kernel.cells import unguarded
from samsyn.kernel.errors import Conflict, NotAllowed, NotFound, RuleViolation
from samsyn.ui.moments import day_text
from tests.cast import NOON
from tests.entities.making import Making, as_form, be, csrf, text_of

LANGUAGES = ("en", "sv", "nb")
EMPTY_KEY = "!empty"
EMPTY = {"en": "empty", "sv": "tomt", "nb": "tomt"}


class EntityContract(Making):
    """The shared cases; a room's subclass says what they are about.

    Attributes:
        entity: what is declared.
        done: its services.
        facts: a thing of Fjellvik's, every field given.
        changed: other values for some of the fields.
        is_once: whether an organisation has one of a name only.

    """

    is_once = True

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
        other = {self.called: self.facts[self.called].upper()}
        assert other[self.called] != self.facts[self.called]
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

    def test_the_search_finds_it_and_only_it(self, cast):
        made = self.add(cast)
        field = next(f.name for f in self.entity.fields if f.is_searched)
        called = self.called_as("Quite-another")
        other = self.add(cast, **{**self.changed, self.called: called, field: called})
        assert list(self.entity.list(actor=cast.ingvild, search="TE-anoth")) == [other]
        assert made not in self.entity.list(actor=cast.ingvild, search="Quite")

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

    def test_the_export_holds_what_the_list_shows(self, cast, client):
        made = self.add(cast)
        client.force_login(cast.people["ingvild"])
        names = ",".join(column.name for column in columns(self.entity))
        answer = client.get(self.url("list"), {"export": "csv", "columns": names})
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        head, cells = csv.reader(io.StringIO(text))
        row = [unguarded(cell) for cell in cells]
        assert len(head) == len(columns(self.entity))
        for field in self.entity.fields:
            said = shown(self.entity, field, made)
            assert ("" if said is None else str(said)) in row, field.name

    def test_what_is_exported_is_imported_as_no_change(self, cast, client):
        self.add(cast)
        client.force_login(cast.people["ingvild"])
        for kind in ("csv", "xlsx"):
            page = self.send_sheet(cast, client, self.export(client, kind))
            assert page.context["plan"].is_empty, kind
            assert page.context["plan"].same == 1

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_an_export_makes_the_same_things_at_another_organisation(
        self, cast, client, kind, language
    ):
        self.add(cast, who="sigrid", organisation="elvdal")
        be(client, cast.people["sigrid"], language)
        sheet = self.export(client, kind)
        client.force_login(cast.people["ingvild"])
        page = self.send_sheet(cast, client, sheet)
        added = [getattr(thing, self.called) for thing in page.context["plan"].added]
        assert added == [self.facts[self.called]]
        assert not self.entity.list(actor=cast.ingvild), "it is only shown until it is confirmed"
        led = client.post(self.url("import"), {"sheet": page.context["sheet"]}, follow=True)
        assert led.status_code == 200
        made = self.entity.list(actor=cast.ingvild).get()
        assert {name: getattr(made, name) for name in self.facts} == self.facts
        assert made.organisation == cast.fjellvik

    def test_a_sheet_of_several_organisations_does_not_become_one_organisations(self, cast, client):
        client.force_login(cast.people["ingvild"])
        head, *rows = self.rows("One", "Two").decode().splitlines()
        for names, status in ((("Elvdal", "Fjellvik"), 422), (("elvdal", "Elvdal"), 200)):
            lines = [f"{row};{name}" for row, name in zip(rows, names, strict=True)]
            sheet = "\n".join([f"{head};Virksomhet", *lines]).encode()
            page = self.send_sheet(cast, client, sheet)
            assert page.status_code == status
            said = page.content.decode()
            assert "It is of Elvdal" in said or "its rows are of" in said

    def test_a_sheet_changes_what_it_has_a_column_for_and_nothing_else(self, cast, client):
        made = self.add(cast)
        client.force_login(cast.people["ingvild"])
        name = next(n for n in self.changed if n != self.called)
        sheet = self.own_row(**{name: as_form(self.changed)[name]})
        page = self.send_sheet(cast, client, sheet)
        [planned] = page.context["plan"].changed
        assert [change.label for change in planned.changes]
        client.post(self.url("import"), {"sheet": page.context["sheet"]}, follow=True)
        kept = self.entity.get(actor=cast.ingvild, pk=made.pk)
        assert {n: getattr(kept, n) for n in self.facts} == {
            **self.facts,
            name: self.changed[name],
        }
        assert kept.version == 2

    def test_a_sheet_is_looked_at_anew_when_somebody_has_changed_it_meanwhile(self, cast, client):
        made = self.add(cast)
        client.force_login(cast.people["ingvild"])
        name = next(n for n in self.changed if n != self.called)
        sheet = self.own_row(**{name: as_form(self.changed)[name]})
        page = self.send_sheet(cast, client, sheet)
        self.done.change(actor=cast.ingvild, thing=made, **self.changed)
        again = client.post(self.url("import"), {"sheet": page.context["sheet"]})
        assert again.status_code == 409
        assert again.context["plan"].is_empty
        assert self.entity.get(actor=cast.ingvild, pk=made.pk).version == 2

    def test_a_sheet_costs_the_same_however_long_it_is(self, cast):
        name = next(n for n in self.changed if n != self.called and self.changed[n])

        def cost(*words, **cells):
            rows = rows_of(self.entity, self.rows(*words, **cells))
            with CaptureQueriesContext(connection) as queries:
                made = self.done.take_sheet(
                    actor=cast.ingvild, organisation=cast.fjellvik, rows=rows, now=NOON
                )
            return len(made.added), len(made.changed), len(queries)

        words = [f"Called-{n}" for n in range(33)]
        few, many = cost(*words[:3]), cost(*words[3:])
        assert (few[0], many[0]) == (3, 30)
        assert many[2] <= few[2]
        value = as_form(self.changed)[name]
        few, many = cost(*words[:3], **{name: value}), cost(*words[3:], **{name: value})
        assert (few[1], many[1]) == (3, 30)
        assert many[2] <= few[2]

    def test_a_sheet_refuses_a_name_that_is_taken_in_the_words_of_the_form(self, cast):
        self.add(cast)
        sheet = Checks(self.entity, cast.fjellvik, cast.ingvild).require
        form = partial(self.entity.require, actor=cast.ingvild)
        said = [self.refused(require, cast.fjellvik) for require in (sheet, form)]
        assert said[0] == said[1]
        assert bool(said[0]) == self.is_once

    def refused(self, require, organisation):
        """Return what is said of one more with the same facts."""
        other = self.entity.model(organisation=organisation, **self.facts)
        try:
            require(thing=other, changed=tuple(self.facts))
        except ValidationError as error:
            return error.messages
        return []

    def test_a_sheet_that_meets_a_later_version_writes_nothing(self, cast):
        made = self.add(cast)
        name = next(n for n in self.changed if n != self.called)
        setattr(made, name, self.changed[name])
        made.version = 7
        with transaction.atomic(), pytest.raises(Conflict):
            keep_all([(made, (name,))])
        again = self.entity.get(actor=cast.ingvild, pk=made.pk)
        assert (again.version, getattr(again, name)) == (1, self.facts[name])

    @pytest.mark.parametrize(
        "sheet",
        [
            b"",
            b"\xff\xfe",
            b"PK\x03\x04 no book",
            b"unheard;of\n1;2\n",
            b'"open\n',
            b"\n\n",
            b";" * 500_000 + b"\n" + b"x\n" * 200_000,  # columns times rows
        ],
        ids=["empty", "utf-16", "no book", "unknown", "open quote", "blank", "wide and long"],
    )
    def test_a_file_that_is_no_sheet_is_refused_in_words(self, cast, client, sheet):
        client.force_login(cast.people["ingvild"])
        refused = self.send_sheet(cast, client, sheet)
        assert refused.status_code == 422
        assert refused.context["form"].errors["file"]

    def test_a_sheet_beyond_the_limit_says_so_and_imports_nothing(self, cast, client, settings):
        client.force_login(cast.people["ingvild"])
        page = self.send_sheet(cast, client, self.rows("One", "Two"))
        settings.LIMITS = {**settings.LIMITS, self.entity.room: 1}
        early = self.send_sheet(cast, client, self.rows("One", "Two"))
        assert (early.status_code, early.context.get("plan")) == (422, None)
        assert "at most 1 " in early.content.decode()
        refused = client.post(self.url("import"), {"sheet": page.context["sheet"]})
        assert refused.status_code == 422
        assert "at most 1 " in refused.content.decode()
        assert not self.entity.list(actor=cast.ingvild)

    def test_a_row_that_is_refused_is_named_and_nothing_is_imported(self, cast, client):
        client.force_login(cast.people["ingvild"])
        sheet = self.rows("One", "one")
        refused = self.send_sheet(cast, client, sheet)
        assert "3" in refused.context["form"].errors["file"][0], "the row, as a spreadsheet counts"
        assert not self.entity.list(actor=cast.ingvild)

    def test_a_sheet_that_somebody_has_made_up_is_not_done(self, cast, client):
        client.force_login(cast.people["ingvild"])
        assert client.post(self.url("import"), {"sheet": "made:up"}).status_code == 422
        client.force_login(cast.people["sigrid"])
        page = client.post(
            self.url("import"),
            {
                "organisation": cast.fjellvik.pk,
                "file": SimpleUploadedFile("x.csv", self.rows("One")),
            },
        )
        assert page.status_code == 422, "not an organisation of theirs"

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
