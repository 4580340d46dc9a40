"""The screens of indicators that are more than a table of words."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from samsyn.access.permissions import Permission
from samsyn.indicators import forms, selectors
from samsyn.indicators.content import templates
from samsyn.indicators.tables import ORDER
from samsyn.indicators.wording import LIGHTS, TONES
from samsyn.organisations.choices import organisation_first
from samsyn.organisations.models import Organisation
from samsyn.organisations.screens import NewForm, OwnForm
from samsyn.ui.components import NumberTile, TileRow
from samsyn.ui.screens import ActionScreen, FormScreen, ListScreen


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
        return sorted(rows, key=lambda found: (ORDER[found.light], found.indicator.name.casefold()))

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


class IndicatorNew(NewForm):
    """A new indicator, for the organisation that one's people are chosen from."""

    form = forms.NewIndicatorForm
    permission = Permission.INDICATORS_CHANGE


class IndicatorChange(OwnForm):
    """Changes an indicator."""

    form = forms.IndicatorForm


class MeasureScreen(FormScreen):
    """Notes a value of today or before, and goes back to where the line has grown."""

    is_back_at_subject = True

    def version_of(self, subject: Any) -> str:
        """Return nothing: a new value changes nothing that somebody else wrote."""
        del subject
        return ""


def list_of(thing: Any) -> str:
    """Return the address of an organisation's indicators."""
    return f"{reverse('indicators:list')}?organisation={thing.pk}"


BEGIN_INTRO = _(
    "Choose few, and such as somebody will act on. Names, targets and owners can be changed."
)
