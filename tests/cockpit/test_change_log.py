"""The change log: a member's own people read who did what at their organisation, in words."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from samsyn.access.models import Membership
from samsyn.access.services import membership_grant, preferences_change, token_create
from samsyn.actions.deciding import decision_record
from samsyn.assets.services import resource_claim
from samsyn.audit.models import Entry
from samsyn.cockpit.log_lines import lines_of
from samsyn.cockpit.log_selectors import log_list
from samsyn.contacts.services import contact_add
from samsyn.findings.services import finding_acknowledge
from samsyn.kernel.errors import NotAllowed
from samsyn.maturity.content import area_name
from samsyn.ui.thing_names import name_text
from tests.cast import NOON, TODAY, make_finding
from tests.maturity.builders import make_dialogue

PAGE = "/change-log/"


def claim(cast, actor="jonas", value="a.example", organisation=None):
    return resource_claim(
        actor=getattr(cast, actor),
        organisation=organisation or cast.fjellvik,
        kind="domain",
        value=value,
    )


def lines(actor, **narrowed):
    return lines_of(log_list(actor=actor, **narrowed), actor=actor)


def said(actor, **narrowed):
    return [(line.who, line.what, line.thing) for line in lines(actor, **narrowed)]


def sign_in(person):
    given = {"login": person.email, "password": "correct horse battery"}
    Client().post("/accounts/login/", given)


def test_it_says_who_did_what_in_words(cast):
    claim(cast)
    assert said(cast.ingvild) == [("Jonas", "Registered a resource", "a.example")]


@pytest.mark.parametrize("name", ["ingvild", "liv", "revna", "henrik"])
def test_leader_security_officer_auditor_and_administrator_read_it(client, cast, name):
    claim(cast)
    page = client.be(cast.people[name]).get(PAGE)
    assert page.status_code == 200
    assert "Registered a resource" in page.content.decode()
    assert f'href="{PAGE}"' in client.get("/organisations/").content.decode()


@pytest.mark.parametrize("name", ["jonas", "egil", "astrid"])
def test_nobody_else_reads_it(client, cast, name):
    assert client.be(cast.people[name]).get(PAGE).status_code == 403
    assert f'href="{PAGE}"' not in client.get("/me/").content.decode()
    with pytest.raises(NotAllowed):
        log_list(actor=getattr(cast, name))


def test_a_member_sees_its_own_alone(client, cast):
    claim(cast)
    claim(cast, actor="sigrid", value="b.example", organisation=cast.elvdal)
    sign_in(cast.people["jonas"])
    sign_in(cast.people["sigrid"])
    page = client.be(cast.people["sigrid"]).get(PAGE).content.decode()
    assert "b.example" in page
    assert "a.example" not in page
    assert "Jonas" not in page
    for narrowed in (f"?organisation={cast.fjellvik.pk}", "?person=jonas", "?kind=sign_in"):
        assert "Jonas" not in client.get(PAGE + narrowed).content.decode()
    assert lines(cast.sigrid, organisation=cast.fjellvik) == []


def test_a_member_sees_what_the_operators_people_opened_there(client, cast):
    finding = make_finding(cast.fjellvik)
    client.be(cast.people["astrid"]).get(finding.get_absolute_url())
    client.get(f"/members/{cast.fjellvik.pk}/")
    opened = said(cast.ingvild, kind="reading")
    assert opened[0] == ("Astrid", "Opened the page", "The member's page")
    assert opened[1][:2] == ("Astrid", "Opened")
    assert opened[1][2].startswith("Finding: ")
    assert "scan_rdp" not in opened[1][2]
    assert lines(cast.sigrid, kind="reading") == []


def test_a_member_sees_the_sign_ins_of_its_own_people_while_they_are(client, cast):
    sign_in(cast.people["jonas"])
    sign_in(cast.people["astrid"])
    assert said(cast.ingvild, kind="sign_in") == [("Jonas", "Signed in (password)", "")]
    day = timezone.localdate() - timedelta(days=1)
    Membership.unscoped.filter(person=cast.people["jonas"]).update(ended_on=day, since=day)
    assert lines(cast.ingvild, kind="sign_in") == []
    assert [line.who for line in lines(cast.henrik, kind="sign_in")] == ["Astrid"]


def test_attempts_as_nobody_known_are_for_the_operator(cast):
    Client().post("/accounts/login/", {"login": "x@nowhere.example", "password": "x"})
    assert lines(cast.ingvild) == []
    assert said(cast.henrik, kind="sign_in") == [("Unknown", "Failed sign-in (password)", "")]


def test_what_people_do_to_their_own_settings_is_in_their_organisations_log(cast):
    token_create(actor=cast.jonas, person=cast.people["jonas"], name="monitor")
    preferences_change(actor=cast.sigrid, person=cast.people["sigrid"], theme="dark")
    assert said(cast.ingvild) == [("Jonas", "Made an API token", "")]


def test_a_members_own_work_stays_closed_to_its_csirt(cast):
    decision_record(
        actor=cast.liv,
        organisation=cast.fjellvik,
        title="Secret plan",
        text="Yes.",
        outcome="approved",
        decided_on=TODAY,
        decided_by="The management group",
        now=NOON,
    )
    assert said(cast.ingvild)[0] == ("Liv", "Recorded a decision", "Secret plan")
    assert said(cast.henrik)[0] == ("Liv", "Recorded a decision", "")


def test_it_is_narrowed_by_person_period_and_kind(cast):
    claim(cast)
    contact_add(
        actor=cast.ingvild, organisation=cast.fjellvik, purpose="management", email="l@x.example"
    )
    today = timezone.localdate()
    assert [line.who for line in lines(cast.revna, person="jon")] == ["Jonas"]
    assert len(lines(cast.revna, since=today, until=today)) == 2
    assert lines(cast.revna, since=today + timedelta(days=1)) == []
    assert lines(cast.revna, until=today - timedelta(days=1)) == []
    assert len(lines(cast.revna, kind="change")) == 2
    assert lines(cast.revna, kind="export") == []


RAW = re.compile(r"\b[a-z]+_[a-z_]+\b|\b[a-z]+\.[a-z]+_[a-z]+|\d{4}-\d\d-\d\dT|Finding\.")
CELL = re.compile(r"<t[dh][^>]*>(.*?)</t[dh]>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")


@pytest.mark.parametrize("language", ["en", "sv", "nb"])
def test_nothing_raw_is_shown(client, cast, language):
    finding = make_finding(cast.fjellvik)
    finding_acknowledge(actor=cast.astrid, finding=finding, at=NOON)
    claim(cast)
    sign_in(cast.people["jonas"])
    client.be(cast.people["astrid"]).get(finding.get_absolute_url())
    client.get("/findings/?export=csv")
    person = cast.people["ingvild"]
    person.language = language
    person.save()
    page = client.be(person).get(PAGE).content.decode()
    cells = [TAG.sub(" ", cell) for cell in CELL.findall(page)]
    assert len(cells) > 20
    assert [cell for cell in cells if RAW.search(cell)] == []
    if language != "en":
        assert "Signed in" not in page


def test_an_organisations_page_tells_its_story_in_words(client, cast):
    from samsyn.organisations.services import organisation_change

    organisation_change(actor=cast.ingvild, organisation=cast.fjellvik, population=5000)
    page = client.be(cast.people["ingvild"]).get(f"/organisations/{cast.fjellvik.pk}/")
    assert "Changed the facts about the organisation" in page.content.decode()
    assert "organisations.organisation_change" not in page.content.decode()


def test_it_is_exported_in_words_and_the_export_is_on_record(client, cast):
    claim(cast)
    answer = client.be(cast.people["revna"]).get(f"{PAGE}?export=csv")
    text = b"".join(answer.streaming_content).decode()
    assert "Jonas,jonas@fjellvik.example,Registered a resource,a.example,Fjellvik" in text
    assert Entry.objects.filter(action="export.list", object_name="Change log").count() == 1


def test_programs_read_it(client, cast):
    claim(cast)
    secret = token_create(actor=cast.revna, person=cast.people["revna"], name="siem").secret
    headers = {"Authorization": f"Bearer {secret}"}
    answer = client.get("/api/trail?kind=change&size=1", headers=headers).json()
    assert answer["count"] == 2
    assert answer["items"][0]["what"] == "Made an API token"
    second = client.get("/api/trail?kind=change&size=1&page=2", headers=headers).json()
    assert second["items"][0] | {"at": ""} == {
        "number": 1,
        "at": "",
        "who": "Jonas",
        "address": "jonas@fjellvik.example",
        "what": "Registered a resource",
        "thing": "a.example",
        "kind": "change",
        "action": "assets.resource_claim",
        "organisation_id": cast.fjellvik.pk,
        "changes": [],
    }
    narrowed = client.get(f"/api/trail?organisation={cast.elvdal.pk}", headers=headers).json()
    assert narrowed["count"] == 0
    secret = token_create(actor=cast.jonas, person=cast.people["jonas"], name="x").secret
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/trail", headers=headers).status_code == 403


def test_the_reader_gets_their_own_language_whoever_wrote(client, cast):
    for name, language in (("henrik", "sv"), ("revna", "nb")):
        cast.people[name].language = language
        cast.people[name].save()
    with override("sv"):  # as their pages are
        membership_grant(
            actor=cast.ingvild, organisation=cast.fjellvik, email="n@fjellvik.example",
            name="Nils Ny", role="technician",
        )  # fmt: skip
        contact_add(
            actor=cast.ingvild, organisation=cast.fjellvik, purpose="technical",
            email="nye@fjellvik.example",
        )  # fmt: skip
        reader = client.be(cast.people["henrik"])
        b"".join(reader.get(f"{PAGE}?export=csv").streaming_content)
    text = b"".join(client.be(cast.people["revna"]).get(f"{PAGE}?export=csv").streaming_content)
    said = text.decode()
    assert (
        said.splitlines()[0].removeprefix("\ufeff")
        == "Når;Hvem;E-postadresse;Hva;Gjelder;Virksomhet;Fra hva til hva"
    )
    assert "Nils Ny (tekniker)" in said
    assert "teknisk: nye@fjellvik.example" in said
    assert Entry.objects.filter(action="export.list", object_name="Change log").exists()


@pytest.mark.parametrize("language", ["sv", "nb"])
def test_what_comes_from_a_pack_is_called_as_its_reader_calls_it(cast, language):
    area = make_dialogue(cast, "meeting").areas.first()
    english = area_name(area.key, language="en")
    with override("en"):
        assert name_text(area._meta.label, english) == english
    with override(language):
        said = name_text(area._meta.label, english)
        assert said == area_name(area.key)
        assert said != english
        assert name_text(area._meta.label, "Our own area") == "Our own area"
