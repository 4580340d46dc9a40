"""What an organisation can be, and be a part of: what services check before they write."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.models import Membership
from samsyn.access.rows import beyond_scope
from samsyn.kernel.errors import RuleViolation
from samsyn.kernel.texts import name_key
from samsyn.organisations.access_scope import agreements_over
from samsyn.organisations.models import Agreement, Lineage, Organisation, OrganisationKind, Service

CODE_LETTERS = range(2, 7)


@beyond_scope("says only whether the name is taken, as the database would")
def must_be_free(name: str, *, taker: Organisation) -> None:
    """Refuse a name that another organisation has, however it is written.

    The database compares in the same way, but on SQLite without case for A to Z only.

    Raises:
        RuleViolation: the name is taken.

    """
    others = Organisation.unscoped.exclude(pk=taker.pk)  # scope: a name is taken for everybody
    wanted = name_key(name)
    if any(name_key(other) == wanted for other in others.values_list("name", flat=True)):
        raise RuleViolation(_("There is already an organisation with this name."), field="name")


@beyond_scope("says only whether the number is taken, as the database would")
def must_have_own_number(organisation: Organisation) -> None:
    """Refuse an organisation number that another organisation of the country has.

    Raises:
        RuleViolation: the number is taken.

    """
    number = organisation.organisation_number
    others = Organisation.unscoped.exclude(pk=organisation.pk)  # scope: taken for everybody
    taken = others.filter(country=organisation.country, organisation_number=number)
    if number and taken.exists():
        raise RuleViolation(
            _("Another organisation already has this organisation number."),
            field="organisation_number",
        )


def short_code_of(text: str) -> str:
    """Return a short code as it is shown: capitals without blanks, or nothing.

    Raises:
        RuleViolation: it is not two to six letters.

    """
    code = "".join(text.split()).upper()
    if code and not (code.isalpha() and len(code) in CODE_LETTERS):
        raise RuleViolation(
            _("A short code is two to six letters, such as FJV."), field="short_code"
        )
    return code


def must_be_operator(operator: Organisation) -> None:
    """Refuse to treat an organisation as an operator that is none.

    Raises:
        RuleViolation: it is no security centre.

    """
    if not operator.is_operator:
        raise RuleViolation(_("Only a security centre has members."))


def must_fit(kind: str, parent: Organisation | None) -> None:
    """Refuse a kind and parent that would open what an agreement does not.

    Raises:
        RuleViolation: it would be a security centre, a member as a part of one, or a unit of none.

    """
    if kind == OrganisationKind.OPERATOR:
        raise RuleViolation(
            _("A security centre is made when the installation is set up."), field="kind"
        )
    if parent is None and kind == OrganisationKind.UNIT:
        raise RuleViolation(
            _("A unit is a part of another organisation: say which."), field="parent"
        )
    if parent is not None and parent.is_operator and kind != OrganisationKind.UNIT:
        raise RuleViolation(
            _("Only a unit can be a part of a security centre; members have an agreement."),
            field="parent",
        )


@beyond_scope("says only whether anybody serves the organisation")
def must_be_served(organisation: Organisation) -> None:
    """Refuse a place in the tree where no agreement covers the organisation any more.

    Raises:
        RuleViolation: no agreement in force reaches it, its own or of what is above it.

    """
    above = Lineage.objects.filter(descendant=organisation)
    is_staff = above.filter(ancestor__kind=OrganisationKind.OPERATOR).exists()
    if not is_staff and not agreements_over(organisation).exists():
        raise RuleViolation(
            _("It would then be nobody's member. Record an agreement with it first."),
            field="parent",
        )


def must_stay_whole(
    actor: Actor, organisation: Organisation, kind: str, parent: Organisation | None
) -> None:
    """Refuse to part or join legal entities over the heads of their people.

    Who works in an entity, and a virtual CISO whom it has accepted, reach the own work of
    all its units. Whoever only serves it must not move a unit, or make one, so that
    others reach what is there; nor make anything a part of the operator. What a virtual
    CISO has written is there too where nobody works.

    Raises:
        RuleViolation: its legal entity would change, and somebody works or has worked there,
            or it has, or had, a virtual CISO.

    """
    before = organisation.parent_id if organisation.kind == OrganisationKind.UNIT else None
    after = parent.pk if parent is not None and kind == OrganisationKind.UNIT else None
    if before == after or actor.is_system:
        return
    is_ours = parent is not None and after is not None and parent.is_operator
    if is_ours or _has_had_people(organisation):
        raise RuleViolation(
            _("It has people of its own. Only who runs the installation moves it, on their word."),
            field="parent",
        )
    if _has_had_ciso(organisation):
        raise RuleViolation(
            _(
                "It has, or had, a virtual CISO, whose work there is its own."
                " Only who runs the installation moves it, on its word."
            ),
            field="parent",
        )


@beyond_scope("says only whether anybody works or has worked there")
def _has_had_people(organisation: Organisation) -> bool:
    held = Membership.unscoped.filter(_in_entity_of(organisation))  # scope: the same
    return held.exists()


@beyond_scope("says only whether a virtual CISO can have written anything there")
def _has_had_ciso(organisation: Organisation) -> bool:
    """Return whether such an agreement has covered it, also one that was ended at once."""
    agreed = Agreement.unscoped.filter(  # scope: the same
        service=Service.CISO, accepted_on__isnull=False
    )
    return agreed.filter(_in_entity_of(organisation)).exists()


def _in_entity_of(organisation: Organisation) -> Q:
    """Return the condition that something is kept in the legal entity of an organisation."""
    same = Lineage.objects.filter(same_entity=True)
    entity = same.filter(Q(ancestor=organisation) | Q(descendant=organisation))
    return Q(organisation__in=entity.values("ancestor")) | Q(
        organisation__in=entity.values("descendant")
    )
