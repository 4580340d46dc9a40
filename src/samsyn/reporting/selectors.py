from __future__ import annotations

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from samsyn.access.actor import Actor
from samsyn.access.models import Membership, Person
from samsyn.access.permissions import Permission, Role
from samsyn.access.rows import beyond_scope
from samsyn.access.selectors import actor_of
from samsyn.organisations.models import Agreement, Assignment, Lineage, Organisation, Service
from samsyn.organisations.selectors import (
    home_organisations,
    one,
    organisation_list,
    organisation_where,
)
from samsyn.reporting.models import (
    AgendaItem,
    AreaWord,
    DecisionProposal,
    Meeting,
    MeetingState,
    ProposalState,
    Question,
    TargetPicture,
    field_texts,
)
from samsyn.reporting.rules import digest

PROPOSED = ("title", "why", "recommendation", "if_yes", "if_no", "cost", "needed_by")
TARGETED = ("until_year", "text", "principles", "levels")


def organisation_led(*, actor: Actor, pk: int) -> Organisation:
    """Return an organisation whose management's page the actor may see.

    Raises:
        NotFound: there is none with this id, or the actor may not see its page.

    """
    return organisation_where(actor=actor, pk=pk, permission=Permission.REPORTING_VIEW)


def organisations_led(*, actor: Actor) -> QuerySet[Organisation]:
    """Return the organisations whose management's page the actor may see, by name."""
    return organisation_list(actor=actor).filter(
        pk__in=actor.organisations_with(Permission.REPORTING_VIEW)
    )


def organisation_own(*, actor: Actor) -> Organisation | None:
    """Return the one organisation where the actor holds a role and may see the page, or None."""
    found = [
        home
        for home in home_organisations(actor=actor)
        if actor.may(Permission.REPORTING_VIEW, home.pk)
    ]
    return found[0] if len(found) == 1 else None


def proposal_list(
    *, actor: Actor, organisation: int | None = None, state: str = "", meeting: int | None = None
) -> QuerySet[DecisionProposal]:
    """Return proposals for decision, those needed first at the top."""
    rows: QuerySet[DecisionProposal] = DecisionProposal.objects.visible_to(actor)
    rows = rows.select_related("organisation", "meeting", "decision")
    exact = {"organisation_id": organisation, "state": state, "meeting_id": meeting}
    return rows.filter(**{name: value for name, value in exact.items() if value not in {None, ""}})


def proposals_waiting(*, actor: Actor, organisation: int) -> list[DecisionProposal]:
    """Return the proposals of an organisation that wait for a decision."""
    return list(proposal_list(actor=actor, organisation=organisation, state=ProposalState.WAITING))


def proposal_get(*, actor: Actor, pk: int) -> DecisionProposal:
    """Return one proposal.

    Raises:
        NotFound: there is none with this id, or the actor may not see it.

    """
    found: DecisionProposal = one(proposal_list(actor=actor), pk)
    return found


def proposal_digest(proposal: DecisionProposal) -> str:
    """Return the mark of what a decision on a proposal is bound to: all that it says."""
    return digest(field_texts(proposal, PROPOSED))


def target_list(*, actor: Actor, organisation: int | None = None) -> QuerySet[TargetPicture]:
    """Return target pictures, the newest first."""
    rows: QuerySet[TargetPicture] = TargetPicture.objects.visible_to(actor)
    rows = rows.select_related("organisation", "decision")
    return rows if organisation is None else rows.filter(organisation_id=organisation)


def target_get(*, actor: Actor, pk: int) -> TargetPicture:
    """Return one target picture.

    Raises:
        NotFound: there is none with this id, or the actor may not see it.

    """
    found: TargetPicture = one(target_list(actor=actor), pk)
    return found


def target_agreed(*, actor: Actor, organisation: int) -> TargetPicture | None:
    """Return the target picture that has been decided last, or None."""
    rows = target_list(actor=actor, organisation=organisation).filter(decision__isnull=False)
    return rows.first()


def target_draft(*, actor: Actor, organisation: int) -> TargetPicture | None:
    """Return the target picture that waits for a decision, or None."""
    return target_list(actor=actor, organisation=organisation).filter(decision=None).first()


def target_digest(target: TargetPicture) -> str:
    """Return the mark of what a decision on a target picture is bound to."""
    return digest(field_texts(target, TARGETED))


def meeting_list(
    *, actor: Actor, organisation: int | None = None, state: str = ""
) -> QuerySet[Meeting]:
    """Return management's meetings, the newest first, with how much was decided in each."""
    rows: QuerySet[Meeting] = Meeting.objects.visible_to(actor).defer("pack")
    if organisation is not None:
        rows = rows.filter(organisation_id=organisation)
    if state:
        rows = rows.filter(state=state)
    rows = rows.annotate(decided=Count("proposals__decision"))
    rows = rows.order_by("-held_on", "-pk")  # said here: what counts loses the model's order
    return rows.select_related("organisation")


def meeting_get(*, actor: Actor, pk: int) -> Meeting:
    """Return one meeting with its pack.

    Raises:
        NotFound: there is none with this id, or the actor may not see it.

    """
    found: Meeting = one(Meeting.objects.visible_to(actor).select_related("organisation"), pk)
    return found


def meeting_last(*, actor: Actor, organisation: int) -> Meeting | None:
    """Return the newest frozen meeting of an organisation with its pack, or None."""
    rows: QuerySet[Meeting] = Meeting.objects.visible_to(actor)
    return rows.filter(organisation_id=organisation, state=MeetingState.FROZEN).first()


def meeting_next(*, actor: Actor, organisation: int) -> Meeting | None:
    """Return the meeting that is being prepared, the first to come, or None."""
    rows = meeting_list(actor=actor, organisation=organisation, state=MeetingState.PREPARED)
    return rows.order_by("held_on", "pk").first()


def item_get(*, actor: Actor, pk: int) -> AgendaItem:
    """Return one point of an agenda.

    Raises:
        NotFound: there is none with this id, or the actor may not see it.

    """
    rows = AgendaItem.objects.visible_to(actor).select_related("meeting__organisation")
    found: AgendaItem = one(rows, pk)
    return found


def item_list(*, actor: Actor, meeting: Meeting) -> list[AgendaItem]:
    """Return the agenda of a meeting."""
    rows = AgendaItem.objects.visible_to(actor).filter(meeting=meeting)
    return list(rows.select_related("meeting"))


def word_list(
    *, actor: Actor, organisation: int | None = None, area: str = ""
) -> QuerySet[AreaWord]:
    """Return what the CISO has said of areas, the newest first."""
    rows: QuerySet[AreaWord] = AreaWord.objects.visible_to(actor).select_related("organisation")
    if organisation is not None:
        rows = rows.filter(organisation_id=organisation)
    return rows.filter(area=area) if area else rows


def words_now(*, actor: Actor, organisation: int) -> dict[str, AreaWord]:
    """Return the newest words on each area, however long ago they were written."""
    rows = word_list(actor=actor, organisation=organisation)
    newest = rows.filter(area=OuterRef("area")).values("pk")[:1]
    return {word.area: word for word in rows.filter(pk=Subquery(newest))}


def question_list(*, actor: Actor, organisation: int | None = None) -> QuerySet[Question]:
    """Return questions to the CISO, the newest first."""
    rows: QuerySet[Question] = Question.objects.visible_to(actor)
    rows = rows.select_related("organisation", "asked_by")
    return rows if organisation is None else rows.filter(organisation_id=organisation)


def question_get(*, actor: Actor, pk: int) -> Question:
    """Return one question.

    Raises:
        NotFound: there is none with this id, or the actor may not see it.

    """
    found: Question = one(question_list(actor=actor), pk)
    return found


def leaders_of(organisation: Organisation) -> list[Person]:
    """Return who leads an organisation now."""
    return _holding(organisation, [Role.LEADER])


def cisos_of(organisation: Organisation) -> list[Person]:
    """Return who is CISO of an organisation: its own, else whoever serves it by agreement."""
    own = _holding(organisation, [Role.CISO])
    return own or _serving(organisation)


@beyond_scope("who answers for an organisation already seen")
def _holding(organisation: Organisation, roles: list[Role]) -> list[Person]:
    above = Lineage.objects.filter(descendant=organisation, same_entity=True)
    held = Membership.unscoped.filter(  # scope: who answers for an organisation already seen
        organisation__in=above.values("ancestor"), role__in=roles, ended_on__isnull=True
    )
    return list(Person.objects.filter(pk__in=held.values("person"), is_active=True))


@beyond_scope("who serves an organisation already seen")
def _serving(organisation: Organisation) -> list[Person]:
    above = Lineage.objects.filter(descendant=organisation, same_entity=True)
    agreements = Agreement.in_force().filter(
        organisation__in=above.values("ancestor"), service=Service.CISO
    )
    assigned = Assignment.unscoped.filter(  # scope: who serves an organisation already seen
        Q(agreement__in=agreements)
        | Q(agreement=None, organisation__in=agreements.values("operator")),
        service=Service.CISO,
        ended_on__isnull=True,
    )
    people = Person.objects.filter(pk__in=assigned.values("person"), is_active=True)
    return [one for one in people if is_reader(one, organisation)]


def is_reader(person: Person, organisation: Organisation) -> bool:
    """Return whether a person may read what is asked and answered there, as of now.

    An assignment may be left when the role at the operator has ended; then it opens nothing.
    """
    return actor_of(person).may(Permission.REPORTING_VIEW, organisation.pk)
