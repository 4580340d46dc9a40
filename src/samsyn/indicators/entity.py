"""An indicator's definition: its fields, its words, and what it must not become."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.entities.declaration import Entity, EntityWords, Field
from samsyn.entities.pointing import person_field
from samsyn.indicators.columns import STANDING
from samsyn.indicators.models import Indicator
from samsyn.indicators.rules import is_possible
from samsyn.indicators.selectors import measurement_list
from samsyn.kernel.errors import RuleViolation
from samsyn.kernel.measuring import MEASURES


def fits(*, actor: Actor, thing: Indicator, changed: Collection[str]) -> None:
    """Require a target and a measure of its unit, which stays once it has been measured.

    Raises:
        RuleViolation: one of them is of another unit, or what has been measured gets another.

    """
    is_other = "unit" in changed and thing.pk is not None
    if is_other and measurement_list(actor=actor, indicator=thing).exists():
        said = gettext("It has been measured in this unit. Begin a new one.")
        raise RuleViolation(said, field="unit")
    if thing.target is not None and not is_possible(thing.target, unit=thing.unit):
        raise RuleViolation(gettext("This cannot be a value of that unit."), field="target")
    known = MEASURES.get(thing.measure)
    if known is not None and known.unit != thing.unit:
        raise RuleViolation(gettext("Samsyn measures that in another unit."), field="measure")


INDICATOR = Entity(
    model=Indicator,
    view=Permission.INDICATORS_VIEW,
    change=Permission.INDICATORS_CHANGE,
    order="",  # the worst first, which no column says: see the list
    rule=fits,
    columns=STANDING,
    fields=(
        Field("name", question=_("What is it called?"), is_searched=True),
        Field(
            "definition",
            question=_("What is counted, exactly?"),
            help=_("So that two people who measure it come to the same."),
            is_searched=True,
        ),
        Field("unit"),
        Field("direction", question=_("Which way is better?")),
        Field(
            "target",
            help=_("Without one there is no light. What it was before stays in the change log."),
        ),
        Field(
            "band",
            help=_("So far beyond the target it is amber; farther away it is red."),
        ),
        Field(
            "frequency",
            question=_("How often is a new value expected?"),
            help=_("After twice that time without one the light goes out."),
            is_bulk=True,
        ),
        Field("measure", question=_("Who measures it?"), nothing=_("People or a program")),
        Field("role", question=_("Whose is it?"), is_bulk=True),
        person_field(
            "owner_person",
            view=Permission.INDICATORS_VIEW,
            able=Permission.INDICATORS_MEASURE,
            question=_("Or a person"),
            nothing=_("whoever holds the role"),
            is_bulk=True,
        ),
    ),
    words=EntityWords(
        intro=_("What we measure over time, and whether it is where we want it."),
        empty=_("Nothing is measured yet"),
        empty_text=_("An indicator has a target, a light and a line over time."),
        add=_("Add an indicator"),
        added=_("The indicator is there."),
        change=_("Change the indicator"),
        retire=_("Retire the indicator"),
        retire_question=_("Retire this indicator?"),
        retire_consequence=_("It is not measured any more. What was measured stays."),
        retired=_("The indicator is retired."),
        resume_question=_("Resume this indicator?"),
        resumed=_("The indicator is in use again."),
        import_sheet=_("Import indicators"),
        imported=_("The indicators are imported."),
        change_several=_("Change several indicators"),
    ),
)
