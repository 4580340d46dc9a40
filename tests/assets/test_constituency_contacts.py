"""The constituency file takes no contact that the form would refuse."""

from __future__ import annotations

import pytest

from samsyn.assets.constituency import constituency_import
from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.models import Contact
from tests.assets.test_constituency_file import HEADER


def imported(cast, *addresses):
    rows = [f"Fjellvik,,,,,,,technical,{address}" for address in addresses]
    content = "\n".join([HEADER, *rows, ""]).encode()
    return constituency_import(actor=cast.henrik, operator=cast.samvakt, content=content)


@pytest.mark.parametrize(
    "address",
    [
        '"""b""@x.example"',  # the quoted form, as CSV writes it
        "x:y@x.example",
        "x" * 310 + "@x.example",
        "dr\u200bift@x.example",
        "drift@x\u200b.example",
        "drift@x\u202e.example",
        "drift\u2060@x.example",
    ],
)
def test_an_address_that_the_form_refuses_is_named_with_row_and_column(cast, address):
    with pytest.raises(RuleViolation, match="Row 3, contact_email: ") as refused:
        imported(cast, "good@fjellvik.example", address)
    assert len(str(refused.value).splitlines()) == 1
    assert not Contact.unscoped.filter(email="good@fjellvik.example").exists()


def test_an_address_is_written_as_with_the_form(cast):
    imported(cast, "Vakt@Fjellvik.EXAMPLE", "vakt@fjellvik.example")
    assert Contact.unscoped.get(email__istartswith="vakt").email == "Vakt@fjellvik.example"
