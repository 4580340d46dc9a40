"""Screens of rooms whose things belong to an organisation, whose people a form offers."""

from __future__ import annotations

from typing import Any

from samsyn.access.permissions import Permission
from samsyn.organisations.choices import organisation_first
from samsyn.organisations.models import Organisation
from samsyn.ui.screens import FormScreen


class NewForm(FormScreen):
    """A form for something new, for the organisation that one's people are chosen from.

    ``permission`` is what makes an organisation one where it can be; ``?organisation=``
    names one of several.
    """

    permission: Permission

    def get_subject(self, **url: Any) -> Any:
        del url

    def for_form(self, subject: Any) -> dict[str, Any]:
        del subject
        return {"organisation": self.home()}

    def home(self) -> Organisation | None:
        """Return the organisation whose people the form offers."""
        asked, actor = self.request.GET.get("organisation", ""), self.request.actor
        found = organisation_first(actor=actor, permission=self.permission, asked=asked)
        return self.seen(found)


class OwnForm(FormScreen):
    """A form that offers the people of the organisation whose thing it is about."""

    def for_form(self, subject: Any) -> dict[str, Any]:
        return {"organisation": subject.organisation}


class ChangeFacts(FormScreen):
    """What an organisation says of itself; a security centre also how to call it."""

    def for_form(self, subject: Any) -> dict[str, Any]:
        return {"is_operator": subject.is_operator}
