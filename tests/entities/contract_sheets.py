"""What every declared kind of thing keeps of its sheets: what is exported, and what is imported."""

from __future__ import annotations

import csv
import io
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from samsyn.access.versions import keep_all
from samsyn.entities.checking import Checks
from samsyn.entities.columns import columns, shown
from samsyn.entities.sheets import rows_of
from samsyn.kernel.cells import unguarded
from samsyn.kernel.errors import Conflict
from tests.cast import NOON
from tests.entities.making import LANGUAGES, Making, as_form, be


class SheetCases(Making):
    """Export, import, and the export imported again."""

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
