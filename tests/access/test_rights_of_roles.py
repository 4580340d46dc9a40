"""Which role may do what: stated a second time, so that no right comes or goes unnoticed.

Whoever changes a row here says that it is meant. The letters are the roles: leader, ciso (C),
owner, technician, auditor (R), employee; of an operator's analyst (a), adviser (v) and
administrator (m). The columns: in one's own organisation; at a member by an agreement as its
CSIRT; by one as its virtual CISO.
"""

from __future__ import annotations

import pytest

from samsyn.access import permissions
from samsyn.access.permissions import (
    BY_LINK,
    OWN_GRANTS,
    Permission,
    Role,
    granted_by,
    operator_roles_with,
    roles_with,
)

pytestmark = pytest.mark.every_room
LETTERS = {
    "L": Role.LEADER,
    "C": Role.CISO,
    "O": Role.OWNER,
    "T": Role.TECHNICIAN,
    "R": Role.AUDITOR,
    "E": Role.EMPLOYEE,
    "a": Role.ANALYST,
    "v": Role.ADVISER,
    "m": Role.ADMINISTRATOR,
}
TABLE = """
actions.change        C         -    v
actions.view          LCOTRavm  -    v
actions.work          LCOTavm   -    v
agreements.accept     LC        -    -
agreements.sign       am        am   am
benchmark.close       am        -    -
benchmark.join        LC        -    v
benchmark.view        LCOTRavm  -    v
decisions.record      LC        -    v
documents.add         LCOTavm   -    v
documents.change      C         -    v
documents.view        LCOTRavm  -    v
findings.answer       CT        av   av
findings.change       C         a    -
findings.view         LCTRavm   av   av
indicators.change     C         -    v
indicators.measure    LCOTavm   -    v
indicators.view       LCOTRavm  -    v
jobs.run              am        -    -
maturity.lead         C         -    v
maturity.rate         -         -    -
maturity.view         LCOTRavm  -    v
messages.send         a         a    -
messages.view         am        a    -
observations.import   a         -    -
observations.view     am        -    -
organisations.arrange am        am   -
organisations.change  Cam       am   -
organisations.view    LCOTREavm avm  avm
people.change         LCm       m    -
people.view           LCRm      m    -
reporting.ask         LC        -    v
reporting.lead        C         -    v
reporting.view        LCR       -    v
resources.change      CTam      am   -
resources.confirm     m         am   -
resources.view        LCTRavm   avm  avm
sector.view           avm       -    -
situation.build       Ca        av   av
situation.view        LCOTRavm  av   av
staff.change          m         m    m
suppliers.change      C         -    v
suppliers.view        LCOTRavm  -    v
trail.view            LCRm      m    -
webhooks.manage       Cm        -    -
wheel.change          C         -    v
wheel.view            LCOTRavm  -    v
wheel.work            LCOTavm   -    v
"""
ROWS = {
    name: [{LETTERS[letter] for letter in cell.strip("-")} for cell in cells]
    for name, *cells in map(str.split, TABLE.strip().splitlines())
}


def roles_by(service, permission, *, same_entity=True):
    return {
        role for role in Role if permission in granted_by(role, service, same_entity=same_entity)
    }


def letters_of(roles):
    return "".join(letter for letter, role in LETTERS.items() if role in roles) or "-"


def line_for(permission):
    """Return the line of a permission as its roles are now, for whoever reads whether it is so."""
    own, csirt, ciso = (
        roles_with(permission), roles_by("csirt", permission), roles_by("ciso", permission),
    )  # fmt: skip
    return f"{permission} {letters_of(own)} {letters_of(csirt)} {letters_of(ciso)}"


def test_every_permission_has_its_line_in_the_table():
    lines = [f"    {line_for(each)}" for each in Permission if each not in ROWS]
    assert not lines, "\n".join(
        ["Add to TABLE in tests/access/test_rights_of_roles.py, if it is what is meant:", *lines]
    )


def test_the_line_to_add_is_the_one_that_is_there():
    for permission in (Permission.SUPPLIERS_VIEW, Permission.FINDINGS_ANSWER):
        assert line_for(permission).split()[0] == permission
        meant = [{LETTERS[x] for x in cell.strip("-")} for cell in line_for(permission).split()[1:]]
        assert meant == ROWS[permission]


def test_the_table_has_every_permission_once_and_in_order():
    assert [name for name in ROWS if name not in set(map(str, Permission))] == []
    assert list(ROWS) == [str(permission) for permission in Permission if permission in ROWS]
    assert list(ROWS) == sorted(ROWS)
    assert set(LETTERS.values()) == set(Role) == set(OWN_GRANTS)


@pytest.mark.parametrize("permission", [each for each in Permission if each in ROWS])
def test_every_role_has_the_rights_that_are_meant_and_no_other(permission):
    own, csirt, ciso = ROWS[permission]
    assert set(roles_with(permission)) == own
    assert roles_by("csirt", permission) == csirt
    assert roles_by("csirt", permission, same_entity=False) == csirt
    assert roles_by("ciso", permission) == ciso
    assert roles_by("ciso", permission, same_entity=False) == set()
    assert set(operator_roles_with(permission)) == csirt | ciso


def test_only_an_operators_roles_reach_a_member_by_an_agreement():
    assert {Role.ANALYST, Role.ADVISER, Role.ADMINISTRATOR} == permissions.OPERATOR_ROLES
    for permission in Permission:
        reached = roles_by("csirt", permission) | roles_by("ciso", permission)
        assert reached <= permissions.OPERATOR_ROLES


def test_what_a_link_carries_no_role_gives():
    assert {Permission.MATURITY_RATE} == BY_LINK
    for permission in BY_LINK:
        assert ROWS[permission] == [set(), set(), set()]
