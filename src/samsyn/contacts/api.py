# No postponed annotations here: the API reads them when the module is loaded.

from typing import Any

from ninja import Status

from samsyn.access.given import unchanged
from samsyn.access.permissions import Permission
from samsyn.access.programs import Id, ProgramRequest, needs
from samsyn.contacts.entity import CONTACT
from samsyn.contacts.services import DONE
from samsyn.entities.api import api_router
from samsyn.organisations.services import contact_remove

router = api_router(CONTACT, DONE)


@router.post(
    "/{pk}/remove", response={204: None}, summary="Remove a contact", operation_id="contact_remove"
)
@needs(Permission.ORGANISATIONS_VIEW, Permission.ORGANISATIONS_CHANGE)
def contact_removed(request: ProgramRequest, pk: Id) -> Any:
    """Remove a contact: no more messages go to its address."""
    found = unchanged(request, CONTACT.get(actor=request.auth, pk=pk))
    contact_remove(actor=request.auth, contact=found)
    return Status(204, None)
