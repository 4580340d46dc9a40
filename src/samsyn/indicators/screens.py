"""The screens of indicators that are more than a table of words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.access.letters import as_read
from samsyn.access.permissions import Permission
from samsyn.audit.selectors import trail_version
from samsyn.entities.columns import OWNER, columns
from samsyn.entities.screens import Screens
from samsyn.indicators import forms, selectors
from samsyn.indicators.columns import ORDER, STANDING, USUAL
from samsyn.indicators.content import templates
from samsyn.indicators.entity import INDICATOR
from samsyn.indicators.pages import indicator_page
from samsyn.indicators.wording import LIGHTS, TONES
from samsyn.organisations.choices import organisation_first
from samsyn.organisations.models import Organisation
from samsyn.ui.components import EmptyState, NumberTile, TileRow
from samsyn.ui.screens import ActionScreen, Button, Column, DetailScreen, FormScreen, ListScreen


class Indicators(ListScreen):
    """The list: red first, with how many of each light above it; empty, the way to begin."""

    template_name = "indicators/list.html"
    permission = Permission.INDICATORS_VIEW
    every: Any = ()

    def ordered(self, rows: Any) -> Any:
        """Return the rows in the order asked for, else the worst first."""
        self.every = rows  # the lights above are counted from them
        if self.request.GET.get("order"):
            return super().ordered(rows)
        return sorted(rows, key=lambda row: (ORDER[row.light], as_read(row.indicator.name)))

    def shown(self, form: Any, page: Any, columns: Any, views: Any) -> dict[str, Any]:
        """Return what the template shows, with the lights counted and the way to begin."""
        every = form.for_selector()
        found = super().shown(form, page, columns, views)
        home = self.home()
        is_begun = bool(page.total) or bool(every) or self.has_any()
        return {**found, "lights": self.lights(every), "home": home, "is_begun": is_begun}

    def lights(self, narrowed: dict[str, Any]) -> TileRow | None:
        """Return how many there are of each light, each leading to them."""
        rest = {name: value for name, value in narrowed.items() if name != "light"}
        is_all = len(rest) == len(narrowed)
        rows = self.every if is_all else self.selector(actor=self.request.actor, **rest)
        counts = {light: sum(row.light == light for row in rows) for light in LIGHTS}
        if not any(counts.values()):
            return None
        return TileRow(
            tiles=tuple(
                NumberTile(
                    label=LIGHTS[light],
                    value=count,
                    url=self.query_url(light=light.value, page=1),
                    tone=TONES[light],
                )
                for light, count in counts.items()
            )
        )

    def home(self) -> Organisation | None:
        """Return the organisation whose indicators this actor can begin."""
        asked = self.request.GET.get("organisation", "")
        return organisation_first(
            actor=self.request.actor, permission=Permission.INDICATORS_CHANGE, asked=asked
        )

    def has_any(self) -> bool:
        """Return whether there is any indicator, retired ones too."""
        rows = selectors.indicator_list(actor=self.request.actor, is_retired=None)
        return rows.exists()


class BeginIndicatorsScreen(FormScreen):
    """Choose templates to begin with, or to add."""

    form = forms.BeginIndicatorsForm
    is_back_at_subject = True

    def for_form(self, subject: Any) -> dict[str, Any]:
        return {"organisation": subject}


class BeginUsualIndicatorsScreen(ActionScreen):
    """Begin with what is suggested: one press."""

    is_back_at_subject = True

    def run(self, subject: Any, **given: Any) -> Any:
        keys = [template.key for template in templates() if template.is_usual]
        return super().run(subject, keys=keys, **given)


class MeasureScreen(FormScreen):
    """Notes a value of today or before, and goes back to where the line has grown."""

    is_back_at_subject = True

    def version_of(self, subject: Any) -> str:
        """Return nothing: a new value changes nothing that somebody else wrote."""
        del subject
        return ""


def of_standing(column: Column) -> Column:
    """Return a column of the definition as one of a list that says how indicators stand."""
    is_whose = column.name == OWNER.name
    sort = (column.name,) if is_whose else ()
    return replace(column, value=lambda s: column.plain(s.indicator), sort=sort, is_shown=is_whose)


OWN = {column.name for column in STANDING}
STANDINGS = tuple(
    sorted(
        (column if column.name in OWN else of_standing(column) for column in columns(INDICATOR)),
        key=lambda column: USUAL.index(column.name) if column.name in USUAL else len(USUAL),
    )
)


class IndicatorPages(Screens):
    """The list begins with what is red, and the page of one shows its line."""

    def list(self) -> Any:
        """Return the list with the lights above it."""
        words = self.entity.words
        return Indicators.as_view(
            version=trail_version,
            title=self.plural,
            intro=words.intro,
            selector=standings_today,
            filters=forms.IndicatorFilters,
            columns=STANDINGS,
            buttons=self.list_buttons,
            bulk_buttons=self.bulk_buttons(),
            empty=EmptyState(title=words.empty, text=words.empty_text),
        )

    def detail(self) -> Any:
        """Return the page of one."""
        return DetailScreen.as_view(
            subject=self.entity.get,
            template_name="indicators/indicator.html",
            content=indicator_page,
            buttons=self.buttons,
            crumbs=self.crumbs_above,
            label="AMBER",
        )

    def list_buttons(self, *, actor: Actor) -> tuple[Button, ...]:
        """Return what can be done beside the list: also to begin with templates."""
        home = organisation_first(actor=actor, permission=Permission.INDICATORS_CHANGE)
        if home is None:
            return super().list_buttons(actor=actor)
        begin = reverse("indicators:begin", args=[home.pk])
        templates_act = Button(label=_("From the templates"), url=begin)
        return (templates_act, *super().list_buttons(actor=actor))

    def buttons(self, *, actor: Actor, subject: Any) -> tuple[Button, ...]:
        """Return what this actor may do with one: also add a value that is measured by hand."""
        changes = super().buttons(actor=actor, subject=subject)
        is_by_hand = not subject.measure and not subject.is_retired
        if not is_by_hand or not actor.may(Permission.INDICATORS_MEASURE, subject.owner_id):
            return changes
        url = reverse("indicators:measure", args=[subject.pk])
        add = Button(label=_("Add a value"), url=url, is_primary=True)
        return (add, *(replace(act, is_primary=False) for act in changes))


def standings_today(*, actor: Actor, **narrowed: Any) -> Any:
    """Return how indicators stand today."""
    return selectors.standing_list(actor=actor, on=timezone.localdate(), **narrowed)


def list_of(thing: Any) -> str:
    """Return the address of an organisation's indicators."""
    return f"{reverse('indicators:list')}?organisation={thing.pk}"


BEGIN_INTRO = _(
    "Choose few, and such as somebody will act on. Names, targets and owners can be changed."
)
