"""As which of their roles a person looks: the one chosen in the switcher, else the oldest."""

from __future__ import annotations

from samsyn.access.models import Membership
from samsyn.access.selectors import looks_as, own_memberships


def test_it_is_the_chosen_one_and_else_the_oldest(cast):
    person = cast.people["jonas"]
    Membership.unscoped.create(person=person, organisation=cast.elvdal, role="owner")
    mine = own_memberships(person.pk)
    assert [m.organisation for m in mine] == [cast.elvdal, cast.fjellvik]
    assert looks_as(mine, chosen=cast.fjellvik.pk).organisation == cast.fjellvik
    assert looks_as(mine, chosen=None).organisation == cast.fjellvik
    assert looks_as(mine, chosen=cast.utmark.pk).organisation == cast.fjellvik


def test_who_has_no_role_looks_as_nobody():
    assert looks_as([], chosen=1) is None
