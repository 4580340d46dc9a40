"""A supplier: its fields, its words, and what stands on its page."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.access.permissions import Permission
from samsyn.actions.pages import actions_panel
from samsyn.documents.pages import evidence_panel
from samsyn.entities.declaration import Entity, EntityWords, Field
from samsyn.entities.pointing import person_field
from samsyn.suppliers.models import Supplier
from samsyn.suppliers.rules import ContractState, contract_state
from samsyn.ui.components import StateBadge, Tone
from samsyn.ui.screens import Column

CONTRACT = {
    ContractState.OPEN_ENDED: (pgettext_lazy("contract", "No end agreed"), Tone.NEUTRAL),
    ContractState.RUNNING: (pgettext_lazy("contract", "In force"), Tone.SUCCESS),
    ContractState.ENDS_SOON: (pgettext_lazy("contract", "Ends soon"), Tone.WARNING),
    ContractState.ENDED: (pgettext_lazy("contract", "Has ended"), Tone.DANGER),
}


def contract_badge(supplier: Supplier) -> StateBadge:
    """Return where a supplier's contract is in its life, as a badge."""
    state = contract_state(supplier.contract_until, today=timezone.localdate())
    word, tone = CONTRACT[state]
    return StateBadge(state=f"contract-{state}", text=word, tone=tone)


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
            name="contract",
            label=_("Contract"),
            value=lambda supplier: str(contract_badge(supplier).text),
            cell=contract_badge,
            sort=("contract_until",),
        ),
        Column(
            name="owner",
            label=pgettext_lazy("work", "Owner"),
            value=lambda supplier: supplier.owner_name,
        ),
    ),
    marks=contract_badge,
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
