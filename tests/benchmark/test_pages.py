"""The page of the benchmark, its API and its command."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command

from samsyn.access.services import token_create
from samsyn.benchmark.models import Contribution, Round
from samsyn.organisations.models import Agreement
from samsyn.ui.charts import BandRow, bands_svg
from tests.benchmark.builders import close, give, join, make_round
from tests.cast import NOON, TODAY
from tests.organisations.boundary import second_operator


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def page(client, url="/benchmark/"):
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_a_member_joins_and_withdraws_on_its_page(client, cast):
    give(cast, cast.fjellvik, 75)
    assert "or your leader can decide" in page(client.be(cast.people["jonas"]))
    client.be(cast.people["liv"])
    text = page(client)
    assert "At least 5 more are needed." in text
    assert "you could contribute 1 figure:" in text
    assert client.post(f"/benchmark/of/{cast.fjellvik.pk}/join/").status_code == 302
    assert "You take part." in page(client)
    client.post(f"/benchmark/of/{cast.fjellvik.pk}/withdraw/")
    assert not Contribution.unscoped.exists()


def test_who_has_left_the_sector_withdraws_on_its_page(client, cast):
    join(cast, cast.fjellvik, cast.elvdal)
    yesterday = TODAY - timedelta(days=1)
    Agreement.unscoped.filter(organisation=cast.fjellvik).update(valid_until=yesterday)
    nordvakt, _sjovik = second_operator(cast)
    Agreement.unscoped.create(
        organisation=cast.fjellvik, operator=nordvakt, service="csirt", valid_from=TODAY
    )
    Round.unscoped.create(organisation=nordvakt, key="2026-H1", opened_at=NOON)
    client.be(cast.people["liv"])
    assert "You take part." in page(client)
    assert client.post(f"/benchmark/of/{cast.fjellvik.pk}/withdraw/").status_code == 302
    assert not Contribution.unscoped.filter(organisation=cast.fjellvik).exists()
    assert "You take part." not in page(client)


def test_a_closed_round_is_drawn_with_its_table_and_words(client, cast):
    close(cast, make_round(cast))
    text = page(client.be(cast.people["jonas"]))
    for word in ("among the middle half", "<desc", "The figures as a table", "Training completed",
                 "70\N{NO-BREAK SPACE}%", "You"):  # fmt: skip
        assert word in text
    assert "did not take part" in page(client.be(cast.people["sigrid"]))


def test_the_operator_closes_it_and_sees_the_same_without_anybodys_own(client, cast):
    found = make_round(cast, values=(61.7, 62.7, 63.7, 64.7))
    client.be(cast.people["astrid"])
    assert f"/benchmark/round/{found.pk}/close/" in page(client)
    assert client.post(f"/benchmark/round/{found.pk}/close/").status_code == 302
    text = page(client)
    assert "with 5 contributors" in text
    assert "Where you stand" not in text


def test_a_withheld_figure_says_how_many_are_lacking(client, cast):
    close(cast, make_round(cast, values=(60, 70)))
    text = page(client.be(cast.people["liv"]))
    assert "withheld: 2 more contributors are needed" in text
    assert "60\N{NO-BREAK SPACE}%" not in text


def test_a_program_reads_it_and_a_command_closes_it(client, cast, capsys):
    make_round(cast)
    call_command("benchmark_close", "--round", "2026-H1", "--as", "astrid")
    assert "published: 1" in capsys.readouterr().out
    assert Round.unscoped.get().is_closed
    secret = token_create(actor=cast.ingvild, person=cast.people["ingvild"], name="x").secret
    answer = client.get("/api/benchmark", headers={"Authorization": f"Bearer {secret}"}).json()
    (figure,) = answer["rounds"][0]["figures"]
    assert (figure["own"], figure["median"], figure["place"]) == (75, 75, "middle")


def test_the_drawing_escapes_its_names_and_stays_within_its_width():
    row = BandRow(name="<b>", low=0, median=50, high=100, own=100, least=0, most=100,
                  own_text="100 %", median_text="median 50 %")  # fmt: skip
    for width in (320, 1000):
        drawn = bands_svg([row], title="Figures", width=width)
        assert "<b>" not in drawn
        assert "style=" not in drawn
        assert f'width="{width}"' in drawn
