"""The screens of the wheel that are more than a table of words."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.access.http import ActorRequest
from samsyn.access.letters import InReadersOrder
from samsyn.access.permissions import Permission, lacking
from samsyn.annual_wheel import forms, selectors, services
from samsyn.annual_wheel.content import templates
from samsyn.annual_wheel.feed import feed_address
from samsyn.annual_wheel.wheel import (
    Year,
    table_of,
    wheel_content,
    year_asked,
    year_read,
    year_url,
)
from samsyn.annual_wheel.wording import month_names
from samsyn.organisations.choices import organisation_first
from samsyn.organisations.models import Organisation
from samsyn.organisations.screens import NewForm, OwnForm
from samsyn.organisations.selectors import organisation_list
from samsyn.ui.screens import ActionScreen, Button, FormScreen, PageScreen, Screen

CHOICES_MOST = 400


class OfYear(PageScreen):
    """A page about an organisation's year: which organisation, which year."""

    name = ""
    is_wide = True

    def get(self, request: ActorRequest, **url: Any) -> HttpResponse:
        del url
        today = timezone.localdate()
        organisation = self.organisation()
        self.note_shown([organisation])
        year = year_asked(request.GET.get("year", ""), today=today)
        found = year_read(actor=request.actor, organisation=organisation, year=year, today=today)
        return self.show(
            buttons=self.buttons(organisation),
            organisations=self.choices(organisation),
            is_begun=bool(found.turns) or self.has_begun(organisation),
            may_change=request.actor.may(Permission.WHEEL_CHANGE, organisation.pk),
            **self.of_year(found),
        )

    def of_year(self, found: Year) -> dict[str, Any]:
        """Return what the page shows of the year."""
        raise NotImplementedError

    def organisation(self) -> Organisation:
        """Return the organisation asked for, else one's own."""
        actor, asked = self.request.actor, self.request.GET.get("organisation", "")
        actor_may = actor.may_anywhere(Permission.WHEEL_VIEW)
        if not actor_may:
            raise lacking("wheel.view")
        found = organisation_first(actor=actor, permission=Permission.WHEEL_VIEW, asked=asked)
        if found is None:
            rows = organisation_list(actor=actor).filter(
                pk__in=actor.organisations_with(Permission.WHEEL_VIEW)
            )
            found = rows.first()
        if found is None:
            raise lacking("wheel.view")
        return found

    def has_begun(self, organisation: Organisation) -> bool:
        """Return whether the organisation has any activity."""
        return selectors.activity_list(
            actor=self.request.actor, organisation=organisation.pk
        ).exists()

    def choices(self, current: Organisation) -> list[tuple[int, str, bool]]:
        """Return the organisations to choose among; none where there is but one."""
        actor = self.request.actor
        rows = organisation_list(actor=actor).filter(
            pk__in=actor.organisations_with(Permission.WHEEL_VIEW)
        )
        found = list(rows.order_by(InReadersOrder("name")).values_list("pk", "name")[:CHOICES_MOST])
        return [(pk, name, pk == current.pk) for pk, name in found] if len(found) > 1 else []

    def buttons(self, organisation: Organisation) -> tuple[Button, ...]:
        """Return the other ways to see the year, and what can be added."""
        actor, pk = self.request.actor, organisation.pk
        year = year_asked(self.request.GET.get("year", ""), today=timezone.localdate())
        ways = [("wheel:wheel", _("Wheel")), ("wheel:year", _("Year"))]
        buttons = [
            Button(label=label, url=year_url(name, pk, year)) for name, label in ways
            if name != self.name
        ]  # fmt: skip
        buttons.append(Button(label=_("List"), url=f"{reverse('wheel:list')}?organisation={pk}"))
        buttons.append(Button(label=_("In my calendar"), url=reverse("wheel:feeds")))
        if actor.may(Permission.WHEEL_CHANGE, pk):
            buttons.append(
                Button(label=_("From the templates"), url=reverse("wheel:begin", args=[pk]))
            )
            buttons.append(
                Button(
                    label=_("Add an activity"),
                    url=f"{reverse('wheel:create')}?organisation={pk}",
                    is_primary=True,
                )
            )
        return tuple(buttons)


class WheelPage(OfYear):
    """The wheel, with a list beside it; without any activity, the way to begin."""

    name = "wheel:wheel"

    def of_year(self, found: Year) -> dict[str, Any]:
        return wheel_content(found=found)


class YearPage(OfYear):
    """The year as a table: activities by month."""

    name = "wheel:year"

    def of_year(self, found: Year) -> dict[str, Any]:
        pk, year = found.organisation.pk, found.year
        return {
            "organisation": found.organisation,
            "year": year,
            "groups": table_of(found),
            "months": month_names(),
            "before_url": year_url(self.name, pk, year - 1),
            "after_url": year_url(self.name, pk, year + 1),
        }


class BeginActivitiesScreen(FormScreen):
    """Choose templates to begin with, or to add."""

    form = forms.BeginActivitiesForm
    is_back_at_subject = True

    def for_form(self, subject: Any) -> dict[str, Any]:
        return {"organisation": subject}


class BeginUsualActivitiesScreen(ActionScreen):
    """Begin with what is usual: one press."""

    is_back_at_subject = True

    def run(self, subject: Any, **given: Any) -> Any:
        keys = [template.key for template in templates() if template.is_usual]
        return super().run(subject, keys=keys, **given)


class ActivityNew(NewForm):
    """A new activity, for the organisation that one's people are chosen from."""

    form = forms.NewActivityForm
    permission = Permission.WHEEL_CHANGE


class ActivityChange(OwnForm):
    """Changes an activity; its coming turns follow."""

    form = forms.ActivityForm


class Feeds(Screen):
    """One's own calendar feeds; the address of a new one is shown this once."""

    template_name = "annual_wheel/feeds.html"

    def get(self, request: ActorRequest) -> HttpResponse:
        return self.page(forms.FeedForm(actor=request.actor))

    def post(self, request: ActorRequest) -> HttpResponse:
        form = forms.FeedForm(request.POST, actor=request.actor)
        if not form.is_valid():
            return self.page(form, status=422)
        feed = services.feed_create(
            actor=request.actor, person=request.user, now=timezone.now(), **form.cleaned_data
        )
        return self.page(form, address=feed_address(feed.secret))

    def page(self, form: Any, status: int = 200, address: str = "") -> HttpResponse:
        """Show the page; ``address`` is a new feed's."""
        if not self.request.actor.may_anywhere(Permission.WHEEL_VIEW):
            raise lacking("wheel.view")
        feeds = list(selectors.feed_list(actor=self.request.actor))
        response = self.show(status=status, form=form, address=address, feeds=feeds)
        response["Cache-Control"] = "no-store"
        return response
