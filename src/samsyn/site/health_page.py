"""The health of the installation as a page, for the operator's people who may run jobs."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission, lacking
from samsyn.site.health import QUICK, examine
from samsyn.site.health_rules import CheckResult
from samsyn.ui.components import Alert, Tag, Tone
from samsyn.ui.screens import PageScreen

NAMES = {
    "home": _("Disk"),
    "secret": _("Secret"),
    "database": _("Database"),
    "database role": _("Role in the database"),
    "row policies": _("Row policies in the database"),
    "store": _("Analytical store"),
    "files": _("Stored files"),
    "backup": _("Backup"),
    "clock": _("Clock"),
    "worker": _("Runner of jobs"),
    "proxies": _("Address and proxies"),
    "second factor": _("Second factor"),
    "anchor": _("Proof kept outside"),
    "trail": _("Change log"),
    "jobs": _("Jobs"),
    "packs": _("Content packs"),
    "pages": _("Pages and languages"),
    "mail": _("E-mail"),
}


def health_content(*, actor: Actor) -> dict[str, Any]:
    """Return what each quick check says.

    Raises:
        NotAllowed: the actor may run jobs nowhere.

    """
    if not actor.is_system and not actor.may_anywhere(Permission.JOBS_RUN):
        raise lacking("jobs.run")
    found = list(examine(QUICK))
    return {
        "summary": None if all(f.is_fine for f in found) else ATTENTION,
        "checks": [
            {
                "name": NAMES[f.about],
                "says": f.says,
                "tag": _tag(f),
            }
            for f in found
        ],
    }


def _tag(found: CheckResult) -> Tag:
    if not found.is_asked:
        return Tag(text=_("not needed in a demonstration"), tone=Tone.NEUTRAL)
    if found.is_fine:
        return Tag(text=_("in order"), tone=Tone.SUCCESS)
    return Tag(text=_("needs attention"), tone=Tone.DANGER)


ATTENTION = Alert(
    title=_("Something needs attention"),
    text=_("Whoever runs the server sees the same, and the trail, with samsyn doctor."),
    tone=Tone.WARNING,
)
health = PageScreen.as_view(
    title=_("Health"),
    intro=_("Whether the installation, its files and its backup are in order."),
    template_name="site/health.html",
    content=health_content,
)
