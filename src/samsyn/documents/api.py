# No postponed annotations here: the API reads them when the module is loaded.

from datetime import date, datetime
from typing import Annotated, Any

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _
from ninja import File, Form, Query, Router, Schema, UploadedFile
from ninja.pagination import paginate
from pydantic import Field

from samsyn.access.given import Given, OneOf
from samsyn.access.permissions import Permission
from samsyn.access.programs import Day, Id, Pages, ProgramRequest, UploadAllowed, opened
from samsyn.documents import selectors, services
from samsyn.documents.models import Document, Kind
from samsyn.documents.receiving import file_take, size_limit, too_large
from samsyn.documents.sending import file_taken
from samsyn.kernel.errors import RuleViolation
from samsyn.kernel.refs import Ref, thing_at
from samsyn.organisations.selectors import organisation_get

router = Router()


class VersionOut(Schema):
    """One content of a document."""

    id: int
    number: int
    file_name: str
    media_type: str
    size: int
    sha256: str
    is_scanned: bool
    note: str
    uploaded_at: datetime
    uploaded_by: str


class DocumentOut(Schema):
    """A document as programs see it, with its newest version."""

    id: int
    organisation_id: int
    title: str
    kind: str
    sharing_label: str
    effective_on: date | None
    retained_until: date | None
    created_at: datetime
    version: int
    latest: VersionOut | None


class DocumentWithVersions(DocumentOut):
    """A document with all its versions and what it is attached to, as ``room.Model-id``."""

    versions: list[VersionOut]
    evidence_of: list[str]


class DocumentQuery(Schema):
    """Which documents are wanted."""

    organisation: Id | None = None
    kind: Annotated[str, OneOf(Kind)] = ""
    search: str = Field("", max_length=120)
    unattached: bool = False


class DocumentIn(Given):
    """What is said of a new document; ``evidence_of`` is a thing, as ``actions.Action-12``.

    ``again`` adds a file that the organisation has already.
    """

    organisation_id: Id
    title: str = Field("", max_length=200)
    kind: str = Field("other", max_length=12)
    sharing_label: str = Field("AMBER", max_length=12)
    effective_on: Day | None = None
    retained_until: Day | None = None
    note: str = Field("", max_length=500)
    evidence_of: str = Field("", max_length=100)
    again: bool = False


@router.get("", response=list[DocumentOut], summary="List documents")
@paginate(Pages)
def document_list(request: ProgramRequest, wanted: Query[DocumentQuery]) -> Any:
    """Return documents, the newest first."""
    return selectors.document_list(actor=request.auth, **wanted.dict())


@router.post(
    "",
    response=DocumentWithVersions,
    summary="Add a document",
    auth=UploadAllowed(Permission.DOCUMENTS_ADD, size_limit),
)
def document_add(
    request: ProgramRequest,
    given: Form[DocumentIn],
    file: UploadedFile | None = File(None),  # type: ignore[type-arg]  # noqa: B008  ninja reads it so
) -> Any:
    """Add a file, sent as ``multipart/form-data``, as evidence."""
    actor = request.auth
    organisation = organisation_get(actor=actor, pk=given.organisation_id)
    actor.require(Permission.DOCUMENTS_ADD, organisation.pk)
    facts = given.dict(exclude={"organisation_id", "evidence_of"})
    thing = None
    if given.evidence_of:
        thing = thing_at(Ref.read(given.evidence_of), actor=actor)
    if getattr(request, "is_too_large", False):
        raise too_large()
    if file is None:
        raise RuleViolation(_("Send the file as the field 'file'."), field="file")
    made = services.document_add(
        actor=actor,
        organisation=organisation,
        content=file_take(file),
        thing=thing,
        **facts,
    )
    return _whole(request, made.pk)


@router.get("/{pk}", response=DocumentWithVersions, summary="Get a document")
def document_get(request: ProgramRequest, pk: Id) -> Any:
    """Return one document with its versions."""
    return _whole(request, pk)


@router.get("/{pk}/file", summary="Get a document's newest file")
def document_file(request: ProgramRequest, pk: Id) -> StreamingHttpResponse:
    """Send the newest file of a document."""
    document = selectors.document_get(actor=request.auth, pk=pk)
    if document.latest is None:
        raise RuleViolation(_("It has no file."))
    return file_taken(request.auth, document.latest)


def _whole(request: ProgramRequest, pk: Id) -> Any:
    actor = request.auth
    found: Document = opened(request, selectors.document_get(actor=actor, pk=pk))
    refs = selectors.evidence_refs(actor=actor, document=found)
    return {
        **DocumentOut.from_orm(found).dict(),
        "versions": list(selectors.version_list(actor=actor, document=found)),
        "evidence_of": [str(ref) for _link, ref in refs],
    }
