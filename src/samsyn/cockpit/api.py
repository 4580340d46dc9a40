# No postponed annotations here: the API reads them when the module is loaded.

from datetime import datetime
from typing import Any, Literal

from ninja import Router, Schema
from ninja.pagination import paginate

from samsyn.access.permissions import Permission
from samsyn.access.programs import Day, Id, Pages, ProgramRequest, needs
from samsyn.cockpit.log_lines import LogRows
from samsyn.cockpit.log_selectors import log_list

router = Router()


class TrailChangeOut(Schema):
    """What a change did to one field: what it was and what it became, in the person's language.

    An empty text is nothing. Where ``is_told`` is false, only that it has changed is told.
    """

    label: str
    before: str
    after: str
    is_told: bool


class TrailLineOut(Schema):
    """One line of the change log: ``who``, ``what`` and ``thing`` in the person's language.

    ``address`` is that of the person's account: two people may have one name.
    """

    number: int
    at: datetime
    who: str
    address: str
    what: str
    thing: str
    kind: str
    action: str
    organisation_id: int | None
    changes: list[TrailChangeOut]

    @staticmethod
    def resolve_number(line: Any) -> int:
        return int(line.pk)


@router.get(
    "", response=list[TrailLineOut], summary="List what is on record", operation_id="trail_list"
)
@paginate(Pages)
@needs(Permission.TRAIL_VIEW)
def log(
    request: ProgramRequest,
    organisation: Id | None = None,
    kind: Literal["", "change", "sign_in", "reading", "export"] = "",
    person: str = "",
    since: Day | None = None,
    until: Day | None = None,
) -> Any:
    """Return what happened at the organisations whose trail the token's person may see."""
    rows = log_list(
        actor=request.auth,
        organisation=organisation,
        kind=kind,
        person=person,
        since=since,
        until=until,
    )
    return LogRows(rows, actor=request.auth)
