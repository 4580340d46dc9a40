"""A supplier: its fields, its words, and what stands on its page."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.access.permissions import Permission
from samsyn.actions.pages import actions_panel
from samsyn.documents.pages import evidence_panel
from samsyn.entities.declaration import Entity, EntityWords, Field, State
from samsyn.entities.pointing import person_field
from samsyn.suppliers.models import Supplier
from samsyn.suppliers.rules import ContractState, contract_state, ends_in
from samsyn.ui.components import Tone
from samsyn.ui.components.base import Text
from samsyn.ui.screens import Column

CONTRACT: dict[str, tuple[Text, Tone]] = {
    ContractState.OPEN_ENDED: (pgettext_lazy("contract", "No end agreed"), Tone.NEUTRAL),
    ContractState.RUNNING: (pgettext_lazy("contract", "In force"), Tone.SUCCESS),
    ContractState.ENDS_SOON: (pgettext_lazy("contract", "Ends soon"), Tone.WARNING),
    ContractState.ENDED: (pgettext_lazy("contract", "Has ended"), Tone.DANGER),
}


def contract_of(supplier: Supplier, *, today: date) -> ContractState:
    """Return where a supplier's contract is in its life."""
    return contract_state(supplier.contract_until, today=today)


def contract_where(state: str, *, today: date) -> Q:
    """Return the condition of the suppliers whose contract is in a state."""
    ends = ends_in(ContractState(state), today=today)
    if ends is None:
        return Q(contract_until=None)
    first, last = ends
    after = Q() if first is None else Q(contract_until__gte=first)
    return after if last is None else after & Q(contract_until__lte=last)


SUPPLIER = Entity(
    model=Supplier,
    view=Permission.SUPPLIERS_VIEW,
    change=Permission.SUPPLIERS_CHANGE,
    order="-criticality",
    fields=(
        Field("name", question=_("What is it called?"), is_searched=True),
        Field(
            "delivers",
            question=_("What does it deliver?"),
            help=_("Such as the patient record, backup or the telephone exchange."),
            is_searched=True,
        ),
        Field(
            "criticality",
            filter="gte",
            filter_name="criticality",
            filter_label=_("If it fails, at least"),
            question=_("What happens if it fails?"),
            is_bulk=True,
        ),
        Field(
            "contact",
            help=_("Where it is reached when something has happened."),
            is_searched=True,
            is_column=False,
        ),
        Field(
            "contract_until",
            filter="lt",
            filter_name="contract_before",
            filter_label=_("Contract ends before"),
            help=_("Leave it empty when no end is agreed."),
            is_bulk=True,
        ),
        Field(
            "owner_role",
            question=_("Who follows it up?"),
            nothing=_("nobody yet"),
            filter="exact",
            is_column=False,
            is_bulk=True,
        ),
        person_field(
            "owner_person",
            view=Permission.SUPPLIERS_VIEW,
            able=Permission.ACTIONS_WORK,
            question=_("Or a person"),
            nothing=_("whoever holds the role"),
            filter="exact",
            is_column=False,
            is_bulk=True,
        ),
        Field("note", is_column=False),
    ),
    after="contract_until",
    columns=(
        Column(
            name="owner",
            label=pgettext_lazy("work", "Owner"),
            value=lambda supplier: supplier.owner_name,
        ),
    ),
    state=State(
        name="contract",
        label=_("Contract"),
        of=contract_of,
        where=contract_where,
        words=CONTRACT,
        sort=("contract_until",),
    ),
    panels=(actions_panel, evidence_panel),
    words=EntityWords(
        intro=_("Whom we depend on, what happens if they fail, and how long the contract runs."),
        empty=_("No supplier yet"),
        empty_text=_("Begin with those whose failure would be noticed the same day."),
        add=_("Add a supplier"),
        added=_("The supplier is there."),
        change=_("Change the supplier"),
        retire=_("Retire the supplier"),
        retire_question=_("Retire this supplier?"),
        retire_consequence=_("It is no longer in the list. What was known of it stays."),
        retired=_("The supplier is retired."),
        resume_question=_("Take this supplier into use again?"),
        resumed=_("The supplier is in use again."),
        import_sheet=_("Import suppliers"),
        imported=_("The suppliers are imported."),
        change_several=_("Change several suppliers"),
    ),
)
