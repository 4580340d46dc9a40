"""A row whose form differs is read where that is certain, and what was forgiven is said."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.utils.translation import override

from samsyn.findings.models import Finding
from samsyn.monitoring.models import Batch
from samsyn.monitoring.reader import SEPARATORS
from samsyn.monitoring.selectors import observation_list
from samsyn.monitoring.services import observation_import
from samsyn.monitoring.wording import FORGIVEN, forgiven_words
from tests.monitoring.reports import row, text

NAME = "2026-03-02-scan_rdp-test.csv"


def content(*last: int) -> str:
    return text([row(address=f"198.18.0.{n}", port="3389", tag="rdp") for n in last])


@pytest.fixture
def take(cast, home, tmp_path):
    def taken(written: str | bytes, **given):
        path = tmp_path / NAME
        path.write_bytes(written if isinstance(written, bytes) else written.encode())
        return observation_import(actor=cast.astrid, operator=cast.samvakt, paths=[path], **given)

    return taken


FORMS = {
    "backslash before doubled quotes": (
        lambda said: said.replace('"rdp"', r'"Basic realm=\"\"x, y\"\""', 1), {"quotes": 1},
    ),
    "backslash before quotes": (
        lambda said: said.replace('"rdp"', r'"realm=\"x\""', 1), {"quotes": 1},
    ),
    "a quote too many": (lambda said: said.replace('"tcp"', '"tc"p"', 1), {"quotes": 1}),
    "blank after the header": (lambda said: said.replace('"\n', '" \n', 1), {"header": 1}),
    "comma after every row": (
        lambda said: said.replace('"\n', '",\n').replace('",\n', '"\n', 1), {"ends": 3},
    ),
    "comma after the header": (lambda said: said.replace('"\n', '",\n', 1), {"ends": 3}),
    "semicolons": (lambda said: said.replace('","', '";"'), {"semicolon": 1}),
    "semicolons without quotes": (
        lambda said: said.replace('","', '";"').replace('"', ""), {"semicolon": 1},
    ),
    "tabs": (lambda said: said.replace('","', "\t").replace('"', ""), {"tab": 1}),
}  # fmt: skip


@pytest.mark.parametrize("is_serial", [False, True])
@pytest.mark.parametrize("form", FORMS)
def test_a_form_that_differs_is_read_and_said(cast, take, form, is_serial):
    written, forgiven = FORMS[form][0](content(7, 8, 9)), FORMS[form][1]
    done = take(written, is_serial=is_serial)
    assert (done["rows"], done["rejected"], done["forgiven"]) == (3, 0, forgiven)
    assert Finding.unscoped.count() == 3
    assert Batch.unscoped.get().forgiven == forgiven
    raws = [each["raw"] for each in observation_list(actor=cast.astrid)]
    assert [raw["ip"] for raw in raws] == ["198.18.0.7", "198.18.0.8", "198.18.0.9"]
    if "backslash" in form:
        assert "x" in raws[0]["tag"]


@pytest.mark.parametrize(
    "harm",
    [
        lambda said: said.replace('"198.18.0.8"', '"198.18.0.8', 1),  # swallows the next cell
        lambda said: said.replace('"198.18.0.8"', '"198".18.0.8"', 1).replace(".0.8", ".0", 1),
        lambda said: said.replace('"198.18.0.8"', '"198.18.0.8" x', 1),
        lambda said: said.replace("198.18.0.8", "198.18.0.8,surplus").replace('"', ""),
    ],
)
def test_a_row_of_which_that_is_not_certain_is_set_aside(take, harm):
    done = take(harm(content(7, 8, 9)))
    assert done["rejected"] == 1
    assert "198.18.0.8" not in Finding.unscoped.values_list("subject", flat=True)


def test_a_strict_file_forgives_nothing(take):
    done = take(content(7, 8))
    assert done["forgiven"] == {}
    assert Batch.unscoped.get().is_clean


def test_a_first_line_without_a_timestamp_is_not_guessed_at(take):
    assert [one["reason"] for one in take("dear;sir\na;b\n")["refused"]] == ["wrong_columns"]


def test_the_command_and_the_pages_say_what_was_forgiven(cast, home, tmp_path, client, capsys):
    path = tmp_path / NAME
    path.write_text(content(7).replace('","', '";"').replace('"tcp"', '"tc"p"'))
    call_command("observation_import", path)
    said = capsys.readouterr().out
    assert "semicolons" in said
    assert "quotes that do not match: 1" in said
    person = cast.people["astrid"]
    person.language = "nb"
    person.save()
    client.force_login(person)
    page = client.get(f"/feeds/{Batch.unscoped.get().pk}/").content.decode()
    assert "semikolon" in page


def test_each_forgiveness_has_words_in_each_language():
    codes = {code for code in SEPARATORS.values() if code} | {"quotes", "ends", "header"}
    assert set(FORGIVEN) == codes
    for language in ("sv", "nb"):
        with override(language):
            said = forgiven_words(dict.fromkeys(codes, 2))
        with override("en"):
            assert not set(said) & set(forgiven_words(dict.fromkeys(codes, 2)))
