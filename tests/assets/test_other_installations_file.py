"""A file from another installation: its security centre is none here, and nothing vanishes."""

from __future__ import annotations

import pytest

from samsyn.assets.constituency import constituency_import
from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.models import Organisation

HEAD = "organisation,country,language,parent,kind,resource_type,value,contact_purpose,contact_email"
OURS = "Fjellby kommune,NO,nb,,municipality,prefix,203.0.113.0/25,,"


def take(cast, *rows):
    content = "\n".join([HEAD, *rows, ""]).encode()
    return constituency_import(actor=cast.henrik, operator=cast.samvakt, content=content)


@pytest.mark.parametrize("parent", ["", "Fjellby kommune"])
def test_another_installations_security_centre_is_refused_with_its_row(cast, parent):
    theirs = f"Andre CSIRT,NO,nb,{parent},operator,domain,andre.example,,"
    with pytest.raises(RuleViolation, match=r"Row 3, kind: Andre CSIRT .* Write Samvakt"):
        take(cast, OURS, theirs)
    assert not Organisation.unscoped.filter(name__in=["Andre CSIRT", "Fjellby kommune"]).exists()


def test_its_rows_given_to_ours_are_taken(cast):
    done = take(cast, OURS, "Samvakt,NO,nb,,operator,domain,andre.example,,")
    assert done.organisations_new == ["Fjellby kommune"]


def test_a_member_is_made_no_security_centre(cast):
    with pytest.raises(RuleViolation, match="security centre"):
        take(cast, "Fjellvik,NO,nb,,operator,,,,")
    assert not Organisation.unscoped.get(name="Fjellvik").is_operator
