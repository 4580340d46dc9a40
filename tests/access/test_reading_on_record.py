"""What is taken away is on record at each organisation whose it was."""

from __future__ import annotations

import pytest

from samsyn.audit.models import Entry
from samsyn.audit.selectors import trail_break
from samsyn.organisations.models import Agreement, Assignment
from tests.cast import TODAY, make_action, make_document, make_finding


def exports():
    rows = Entry.objects.filter(kind="export").order_by("organisation_id", "number")
    return [(e.action, e.organisation_id, e.object_name, e.changes.get("as")) for e in rows]


def test_a_list_is_on_record_at_each_member_whose_rows_were_in_it(client, cast):
    make_finding(cast.fjellvik)
    make_finding(cast.elvdal, subject="198.18.4.1")
    client.be(cast.people["astrid"])
    answer = client.get("/findings/?state=open&export=csv")
    assert "Elvdal" in b"".join(answer.streaming_content).decode()
    assert exports() == [
        ("export.list", cast.fjellvik.pk, "Findings", "csv"),
        ("export.list", cast.elvdal.pk, "Findings", "csv"),
    ]
    assert "state=open" in Entry.objects.filter(kind="export").first().changes["query"]


def test_an_empty_list_is_on_record_at_nobody(client, cast):
    client.be(cast.people["ingvild"]).get("/findings/?export=csv")
    assert exports() == [("export.list", None, "Findings", "csv")]


def test_a_list_of_organisations_is_on_record_at_each(client, cast):
    client.be(cast.people["astrid"]).get("/organisations/?export=csv")
    assert {cast.fjellvik.pk, cast.elvdal.pk} <= {
        organisation for _a, organisation, *_r in exports()
    }


def test_a_downloaded_document_is_on_record(client, cast, home):
    document = make_document(cast.fjellvik, thing=make_action(cast.fjellvik))
    client.be(cast.people["ingvild"])
    for _ in range(2):
        answer = client.get(f"/documents/versions/{document.latest_id}/")
        assert b"".join(answer.streaming_content) == b"%PDF-1.7 minutes"
    assert (
        exports()
        == [
            ("export.evidence", cast.fjellvik.pk, document.title, "minutes.pdf"),
        ]
        * 2
    )


def test_a_picture_as_pdf_is_on_record(client, cast, home):
    from tests.reporting.builders import make_meeting

    meeting = make_meeting(cast)
    client.be(cast.people["ingvild"]).get(f"/management/meetings/{meeting.pk}/pack.pdf")
    client.get(f"/management/meetings/{meeting.pk}/pack.pptx")
    assert {(action, kind) for action, _o, _n, kind in exports()} <= {
        ("export.file", "pdf"),
        ("export.file", "pptx"),
    }
    assert len(exports()) == 2
    assert trail_break() is None


@pytest.mark.parametrize(
    "page", ["/actions/", "/actions/board/", "/actions/calendar/", "/documents/"]
)
def test_nothing_is_on_record_where_nothing_may_be_seen_and_the_first_reading_is(
    client, cast, page
):
    """Else an entry of the morning, without any rows, would stand for the reading of noon."""
    make_action(cast.fjellvik)
    make_document(cast.fjellvik)
    Agreement.unscoped.create(
        organisation=cast.fjellvik, operator=cast.samvakt, service="ciso", valid_from=TODAY
    )
    address = f"{page}?organisation={cast.fjellvik.pk}"
    read = Entry.objects.filter(kind="reading", organisation_id=cast.fjellvik.pk)
    ragna = read.filter(person_id=cast.people["ragna"].pk)
    client.be(cast.people["ragna"]).get(address)
    assert not ragna.exists()
    Assignment.unscoped.create(
        organisation=cast.samvakt, person=cast.people["ragna"], service="ciso"
    )
    client.get(address)
    assert ragna.exists()
