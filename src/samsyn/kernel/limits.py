"""How large a number and how far away a day may be, and how many of a thing one may have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

INT_LEAST, INT_MOST = -(2**63), 2**63 - 1  # what a column of either database holds
DAY_FIRST, DAY_LAST = date(1900, 1, 1), date(2199, 12, 31)  # a month or a zone away is a day, too


@dataclass(frozen=True, slots=True)
class Limit:
    """How many of a thing one organisation, person or dialogue may have unless set otherwise."""

    most: int
    of: str


# Far above what anybody needs: they keep one account from filling the installation for others.
LIMITS = {
    "contacts": Limit(100, "contacts of an organisation"),
    "resources": Limit(20_000, "resources of an organisation that are not withdrawn"),
    "claims_waiting": Limit(500, "resources of an organisation that wait for confirmation"),
    "memberships": Limit(5000, "roles held in an organisation"),
    "role_offers": Limit(5000, "roles ever offered by an organisation to people who are elsewhere"),
    "agreements": Limit(50, "agreements of a security centre with one member that have not ended"),
    "dialogues": Limit(200, "maturity dialogues of an organisation prepared in a year"),
    "participants": Limit(300, "people invited to one dialogue"),
    "invitations_a_day": Limit(600, "invitations mailed for an organisation in 24 hours"),
    "raters": Limit(500, "people who rate in one dialogue"),
    "questions_a_day": Limit(50, "questions to the CISO of an organisation in 24 hours"),
    "documents": Limit(20_000, "versions of documents of an organisation"),
    "documents_mb": Limit(50_000, "MB of documents of an organisation"),
    "actions": Limit(20_000, "actions of an organisation"),
    "decisions": Limit(20_000, "decisions of an organisation"),
    "activities": Limit(1000, "activities in the annual wheel of an organisation"),
    "marks": Limit(200, "stretches of an organisation's own year"),
    "indicators": Limit(1000, "indicators of an organisation"),
    "suppliers": Limit(2000, "suppliers of an organisation"),
    "meetings": Limit(2000, "management's meetings of an organisation"),
    "decision_proposals": Limit(5000, "proposals for decision of an organisation"),
    "proposals": Limit(200, "proposals for one area of a dialogue"),
    "links": Limit(500, "things that one document is evidence of"),
    "tokens": Limit(30, "API tokens of a person that are in force"),
    "kept_answers": Limit(10_000, "answers kept in a day for the programs of a person"),
    "views": Limit(30, "saved views of a person on one list"),
    "views_in_all": Limit(300, "saved views of a person"),
    "feeds": Limit(5, "calendar feeds of a person"),
}


def limits_read(text: str) -> dict[str, int]:
    """Return the limits, some of them set otherwise by a text.

    Raises:
        ValueError: a limit is unknown, or no whole number above zero.

    Example:
        >>> limits_read("contacts=200")["contacts"], limits_read("")["feeds"]
        (200, 5)

    """
    found = {name: limit.most for name, limit in LIMITS.items()}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _sign, number = part.partition("=")
        if name not in LIMITS or not number.isdecimal() or int(number) < 1:
            raise ValueError(f"write NAME=NUMBER, with a name among {', '.join(sorted(LIMITS))}")
        found[name] = int(number)
    return found


def id_read(text: str) -> int | None:
    """Return the id that an address or a form wrote, or None if it is none.

    Example:
        >>> id_read("12"), id_read("٣"), id_read("9" * 30)
        (12, None, None)

    """
    if not text.isascii() or not text.isdigit() or len(text) > len(str(INT_MOST)):
        return None
    number = int(text)
    return number if number <= INT_MOST else None
