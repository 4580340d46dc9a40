# No postponed annotations here: the API reads them when the module is loaded.

from datetime import date, datetime
from typing import Annotated, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from ninja.pagination import paginate
from pydantic import Field

from samsyn.access.given import Given, OneOf, seen, unchanged, with_person
from samsyn.access.permissions import Permission, Role
from samsyn.access.programs import Day, Id, Pages, ProgramRequest, needs, opened
from samsyn.actions import selectors, services
from samsyn.actions.deciding import decision_record
from samsyn.actions.decision_selectors import (
    IN_FORCE,
    REPLACED,
    RUN_OUT,
    decision_get,
    decision_list,
    standing_of,
    subjects_of,
)
from samsyn.actions.models import (
    Action,
    ActionArea,
    ActionSource,
    ActionState,
    Decision,
    DecisionOutcome,
    Horizon,
)
from samsyn.actions.selectors import OPEN_WORD, UNCLOSED_WORD
from samsyn.kernel.errors import RuleViolation
from samsyn.kernel.refs import Ref, thing_at
from samsyn.organisations.selectors import organisation_for

router = Router()
decisions = Router()
OWNER = rf"^(|me|nobody|gone|orphaned|p\d{{1,18}}|r({'|'.join(Role)}))$"


class ActionOut(Schema):
    """An action as programs see it; ``owner_person_id`` or ``owner_role`` owns it."""

    id: int
    organisation_id: int
    title: str
    why: str
    how: str
    source: str
    source_kind: str
    source_id: int | None
    source_text: str
    area: str
    owner_person_id: int | None
    owner_role: str
    owner_name: str
    due_on: date | None
    horizon: str
    priority: int
    cost: int | None
    effort_days: int | None
    state: str
    state_since: datetime
    effect_question: str
    effect_due_on: date | None
    effect_result: str
    effect_note: str
    effect_checked_at: datetime | None
    created_at: datetime
    version: int


class ActionEventOut(Schema):
    """One line in the history of an action."""

    at: datetime
    kind: str
    by: str
    from_state: str
    to_state: str
    fields: list[str]
    note: str


class ActionWithHistory(ActionOut):
    """An action with its history."""

    history: list[ActionEventOut]


class ActionQuery(Schema):
    """Which actions are wanted.

    ``state`` also takes open and unclosed; ``owner`` is me, nobody, gone (has left), a
    person as p12 or a role as rciso.
    """

    organisation: Id | None = None
    state: Annotated[str, OneOf(ActionState, also=(OPEN_WORD, UNCLOSED_WORD))] = ""
    owner: str = Field("", pattern=OWNER)
    overdue: bool = False
    source: Annotated[str, OneOf(ActionSource)] = ""
    area: Annotated[str, OneOf(ActionArea)] = ""
    horizon: Annotated[str, OneOf(Horizon)] = ""
    priority: int | None = Field(None, ge=1, le=3)
    search: str = Field("", max_length=100)
    due_after: Day | None = None
    due_before: Day | None = None


class ActionFacts(Given):
    """What can be said of an action; what is left out stays as it is."""

    title: str = Field("", max_length=200)
    why: str = Field("", max_length=4000)
    how: str = Field("", max_length=4000)
    area: str = Field("other", max_length=16)
    owner_person_id: Id | None = None
    owner_role: str = Field("", max_length=20)
    due_on: Day | None = None
    horizon: str = Field("near", max_length=5)
    priority: int = Field(2, ge=1, le=3)
    cost: int | None = Field(None, ge=0, le=10**12)
    effort_days: int | None = Field(None, ge=0, le=100_000)
    effect_question: str = Field("", max_length=500)
    effect_due_on: Day | None = None


class ActionIn(ActionFacts):
    """A new action; ``comes_from`` is a thing, as ``findings.Finding-12``."""

    organisation_id: Id
    title: str = Field(min_length=1, max_length=200)
    source: str = Field("own", max_length=10)
    source_text: str = Field("", max_length=300)
    comes_from: str = Field("", max_length=100)


class ActionChangeIn(ActionFacts):
    """A change, made from ``version`` or, without it, from what ``If-Match`` names.

    A newer one answers 409 or 412, and nothing is lost.
    """

    version: Id | None = None


class ActionMoveIn(Given):
    """A step: plan, start, complete, decline, reconsider, take or check.

    ``note`` is needed to decline; ``result`` (yes, partly, no) to check.
    """

    step: str = Field(max_length=12)
    note: str = Field("", max_length=2000)
    result: str = Field("", max_length=6)
    due_on: Day | None = None
    effect_question: str = Field("", max_length=500)
    effect_due_on: Day | None = None


class NoteIn(Given):
    """A note for the history."""

    note: str = Field(min_length=1, max_length=2000)


class SubjectOut(Schema):
    """What a decision is about: same, changed or gone since that day."""

    name: str
    state: str
    url: str


class DecisionOut(Schema):
    """A decision as programs see it."""

    id: int
    organisation_id: int
    title: str
    text: str
    basis: str
    outcome: str
    decided_on: date
    decided_by: str
    present: list[str]
    valid_until: date | None
    replaces_id: int | None
    recorded_at: datetime
    recorded_by: str


class DecisionWhole(DecisionOut):
    """A decision with its standing and what it is about."""

    standing: str
    subjects: list[SubjectOut]


class DecisionQuery(Schema):
    """Which decisions are wanted; ``standing`` is in_force, run_out or replaced."""

    organisation: Id | None = None
    outcome: Annotated[str, OneOf(DecisionOutcome)] = ""
    standing: Annotated[str, OneOf((IN_FORCE, RUN_OUT, REPLACED))] = ""
    search: str = Field("", max_length=100)


class DecisionIn(Given):
    """A decision to be recorded; ``about`` names things, as ``actions.Action-12``."""

    organisation_id: Id
    title: str = Field(min_length=1, max_length=200)
    text: str = Field(min_length=1, max_length=4000)
    outcome: str = Field(max_length=10)
    decided_on: Day
    decided_by: str = Field(min_length=1, max_length=200)
    basis: str = Field("", max_length=4000)
    present: list[str] = Field(default_factory=list, max_length=60)
    valid_until: Day | None = None
    replaces_id: Id | None = None
    about: list[str] = Field(default_factory=list, max_length=50)


@router.get("", response=list[ActionOut], summary="List actions")
@paginate(Pages)
@needs(Permission.ACTIONS_VIEW)
def action_list(request: ProgramRequest, wanted: Query[ActionQuery]) -> Any:
    """Return actions, the first due first."""
    return selectors.action_list(actor=request.auth, **wanted.dict())


@router.post("", response=ActionWithHistory, summary="Propose an action")
@needs(Permission.ACTIONS_VIEW, Permission.ACTIONS_WORK)
def action_propose(request: ProgramRequest, given: ActionIn) -> Any:
    """Propose an action."""
    actor = request.auth
    organisation = organisation_for(
        actor=actor, pk=given.organisation_id, permission=Permission.ACTIONS_WORK
    )
    facts = given.dict(exclude={"organisation_id", "comes_from"}, exclude_unset=True)
    thing = thing_at(Ref.read(given.comes_from), actor=actor) if given.comes_from else None
    made = services.action_propose(
        actor=actor,
        organisation=organisation,
        thing=thing,
        now=timezone.now(),
        **with_person(facts),
    )
    return _whole(request, made.pk)


@router.get("/{pk}", response=ActionWithHistory, summary="Get an action")
@needs(Permission.ACTIONS_VIEW)
def action_get(request: ProgramRequest, pk: Id) -> Any:
    """Return one action with its history."""
    return _whole(request, pk)


@router.patch("/{pk}", response=ActionWithHistory, summary="Change an action")
@needs(Permission.ACTIONS_VIEW, Permission.ACTIONS_CHANGE)
def action_change(request: ProgramRequest, pk: Id, given: ActionChangeIn) -> Any:
    """Change what is said of an action."""
    actor = request.auth
    facts = given.dict(exclude={"version"}, exclude_unset=True)
    action = selectors.action_get(actor=actor, pk=pk)
    services.action_change(
        actor=actor,
        action=action,
        seen=seen(request, action, given.version),
        now=timezone.now(),
        **with_person(facts),
    )
    return _whole(request, pk)


@router.post("/{pk}/move", response=ActionWithHistory, summary="Move an action")
@needs(Permission.ACTIONS_VIEW)
def action_move(request: ProgramRequest, pk: Id, given: ActionMoveIn) -> Any:
    """Take an action's next step."""
    actor = request.auth
    action = unchanged(request, selectors.action_get(actor=actor, pk=pk))
    wanted: dict[str, tuple[Any, dict[str, Any]]] = {
        "plan": (services.action_plan, {}),
        "start": (services.action_start, {}),
        "reconsider": (services.action_reconsider, {}),
        "take": (services.action_take, {}),
        "decline": (services.action_decline, given.dict(include={"note"})),
        "complete": (
            services.action_complete,
            given.dict(include={"note", "effect_question", "effect_due_on"}),
        ),
        "check": (services.effect_check, given.dict(include={"note", "result", "due_on"})),
    }
    if given.step not in wanted:
        raise RuleViolation(_("Unknown step."), field="step")
    service, more = wanted[given.step]
    service(actor=actor, action=action, now=timezone.now(), **more)
    return _whole(request, pk)


@router.post("/{pk}/note", response=ActionWithHistory, summary="Write a note on an action")
@needs(Permission.ACTIONS_VIEW, Permission.ACTIONS_WORK)
def action_note(request: ProgramRequest, pk: Id, given: NoteIn) -> Any:
    """Write a note into the history of an action."""
    action = unchanged(request, selectors.action_get(actor=request.auth, pk=pk))
    services.action_note(actor=request.auth, action=action, now=timezone.now(), note=given.note)
    return _whole(request, pk)


@decisions.get(
    "", response=list[DecisionOut], summary="List decisions", operation_id="decision_list"
)
@paginate(Pages)
@needs(Permission.ACTIONS_VIEW)
def decisions_list(request: ProgramRequest, wanted: Query[DecisionQuery]) -> Any:
    """Return decisions, the latest first."""
    return decision_list(actor=request.auth, today=timezone.localdate(), **wanted.dict())


@decisions.post(
    "", response=DecisionWhole, summary="Record a decision", operation_id="decision_record"
)
@needs(Permission.ACTIONS_VIEW, Permission.DECISIONS_RECORD)
def decision_add(request: ProgramRequest, given: DecisionIn) -> Any:
    """Record a decision, for good; actions that it is about follow it."""
    actor = request.auth
    organisation = organisation_for(
        actor=actor, pk=given.organisation_id, permission=Permission.DECISIONS_RECORD
    )
    older = given.replaces_id
    made = decision_record(
        actor=actor,
        organisation=organisation,
        subjects=[thing_at(Ref.read(text), actor=actor) for text in given.about],
        replaces=decision_get(actor=actor, pk=older) if older is not None else None,
        now=timezone.now(),
        **given.dict(exclude={"organisation_id", "about", "replaces_id"}),
    )
    return _decision(request, made.pk)


@decisions.get(
    "/{pk}", response=DecisionWhole, summary="Get a decision", operation_id="decision_get"
)
@needs(Permission.ACTIONS_VIEW)
def decision_one(request: ProgramRequest, pk: Id) -> Any:
    """Return one decision, and whether what it is about has changed since."""
    return _decision(request, pk)


def _whole(request: ProgramRequest, pk: Id) -> Any:
    actor = request.auth
    found: Action = opened(request, selectors.action_get(actor=actor, pk=pk))
    history = list(selectors.event_list(actor=actor, action=found))
    return {**ActionOut.from_orm(found).dict(), "history": history}


def _decision(request: ProgramRequest, pk: Id) -> Any:
    actor = request.auth
    found: Decision = opened(request, decision_get(actor=actor, pk=pk))
    return {
        **DecisionOut.from_orm(found).dict(),
        "standing": standing_of(found, today=timezone.localdate()),
        "subjects": subjects_of(actor=actor, decision=found),
    }
