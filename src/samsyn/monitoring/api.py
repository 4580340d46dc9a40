# No postponed annotations here: the API reads them when the module is loaded.

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Literal

from django.conf import settings
from django.utils.translation import gettext as _
from ninja import File, Query, Router, Schema, Status, UploadedFile
from pydantic import Field

from samsyn.access.given import Given, OneOf
from samsyn.access.permissions import Permission
from samsyn.access.programs import Day, Id, ProgramRequest, UploadAllowed, fetched, needs
from samsyn.assets.models import Overlap, ResourceKind
from samsyn.documents.receiving import size_limit
from samsyn.kernel.errors import RuleViolation
from samsyn.monitoring import selectors, services
from samsyn.monitoring.receiving import receiver_set
from samsyn.organisations.selectors import operator_with, organisation_for

router = Router()
ROWS_MOST = 1000
WAIT_SECONDS = 20


class ObservationQuery(Schema):
    """Which observations are wanted."""

    report: str = Field("", max_length=64)
    since: Day | None = None
    until: Day | None = None
    organisation: Id | None = None
    address: str = Field("", max_length=64)
    only_unattributed: bool = False
    limit: int = Field(100, ge=1, le=ROWS_MOST)


class ObservationOut(Schema):
    """One observation as programs see it, with the fields as they were received."""

    observed_at: datetime | str
    report: str
    source_ip: str | None
    source_port: int | None
    protocol: str | None
    host_name: str | None
    asn: int | None
    country: str | None
    taxonomy: str
    type: str
    severity: str
    organisation: str | None
    organisation_id: int | None
    raw: dict[str, Any]


class ReceiverIn(Given):
    """Whose a resource is that signals were about; who confirms there says on what ground."""

    organisation_id: Id
    kind: Annotated[str, OneOf(ResourceKind, may_be_empty=False)]
    value: str = Field(max_length=400)
    ground_kind: Literal["registry", "paper", "operator"]
    ground: str = Field(min_length=1, max_length=400)
    overlap: Annotated[str, OneOf(Overlap)] = ""


class ReceiverOut(Schema):
    """The claim, and whether history is attributed by it now; else the claim waits."""

    resource_id: int
    is_attributed: bool


class Observations(Schema):
    """At most ``limit`` observations, the newest report first."""

    items: list[ObservationOut]


@router.get("", response=Observations, summary="List observations")
@needs(Permission.OBSERVATIONS_VIEW)
def observation_list(request: ProgramRequest, wanted: Query[ObservationQuery]) -> Any:
    """Return observations of one's organisations; for analysts also what belongs to nobody.

    There is no page two: narrow by day and report instead, or take the files.
    """
    given = wanted.dict()
    limit = given.pop("limit")
    found = selectors.observation_list(
        actor=request.auth,
        wanted=selectors.ObservationFilter(**given),
        limit=limit,
    )
    return {"items": fetched(request, found)}


def report_limit() -> int:
    """Return how many bytes a report may have here: no call of the API brings more than a file."""
    return min(int(settings.REPORT_MB) * 1024**2, size_limit())


class ImportedOut(Schema):
    """What became of a report: files that were read, refused, known, and rows."""

    result: dict[str, Any]


@router.post(
    "/receiver",
    response={201: ReceiverOut},
    summary="Register whose it is",
    operation_id="receiver_set",
)
@needs(Permission.OBSERVATIONS_VIEW, Permission.RESOURCES_CHANGE, Permission.RESOURCES_CONFIRM)
def receiver_registered(request: ProgramRequest, given: ReceiverIn) -> Any:
    """Register a resource as an organisation's, and have history attributed anew by it."""
    actor = request.auth
    made = receiver_set(
        actor=actor,
        organisation=organisation_for(
            actor=actor, pk=given.organisation_id, permission=Permission.RESOURCES_CONFIRM
        ),
        **given.dict(exclude={"organisation_id"}),
    )
    answer = {"resource_id": made.resource.pk, "is_attributed": made.is_attributed}
    return Status(201, answer)


@router.post(
    "/import",
    response=ImportedOut,
    summary="Import a report",
    auth=UploadAllowed(Permission.OBSERVATIONS_IMPORT, report_limit),
)
@needs(Permission.OBSERVATIONS_IMPORT)
def observation_import(
    request: ProgramRequest,
    file: UploadedFile | None = File(None),  # type: ignore[type-arg]  # noqa: B008  ninja reads it so
) -> Any:
    """Read a report, sent as ``multipart/form-data``: CSV, plain or in gzip or zip."""
    actor = request.auth
    operator = operator_with(actor=actor, permission=Permission.OBSERVATIONS_IMPORT)
    if file is None or getattr(request, "is_too_large", False):
        raise RuleViolation(_("Send the file as the field 'file'."), field="file")
    with written(file) as path:
        result = services.observation_import(
            actor=actor, operator=operator, paths=[path], wait_seconds=WAIT_SECONDS, is_tried=True
        )
    return {"result": result}


@contextmanager
def written(file: Any) -> Iterator[Path]:
    """Write what was sent into a folder of its own, for as long as it is read."""
    with TemporaryDirectory(prefix="samsyn-upload-") as folder:
        path = Path(folder) / PurePosixPath(file.name).name
        with path.open("wb") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
        yield path
