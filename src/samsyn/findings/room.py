"""What this room tells the rest of the house about itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.access.permissions import Permission
from samsyn.kernel.rooms import ApiMount, NavigationPage, Room, Searched

ROOM = Room(
    addresses={"findings/": "urls", "answer/": "urls_answer"},
    searched=(Searched(10, _("Findings"), "selectors.finding_list"),),
    styles=("findings/findings.css",),
    pages=(
        NavigationPage(
            part="do",
            place=10,
            label=_("Findings"),
            url_name="findings:list",
            permission=Permission.FINDINGS_VIEW,
            key="f",
        ),
    ),
    api=(ApiMount("findings", _("Findings")),),
    asked={
        "cve": "Only findings in which this vulnerability was seen last, such as `CVE-2025-5777`.",
        "tag": "Only findings that had this tag when they were seen last.",
        "product": "Only findings whose product or maker has this in its name.",
    },
    states={
        "open": (_("Open"), "warning"),
        "reopened": (_("Reopened"), "danger"),
        "acknowledged": (_("Acknowledged"), "info"),
        "fixed": (_("Said to be fixed"), "success"),
        "closed": (_("Closed"), "neutral"),
    },
    deeds={
        "findings.finding_acknowledge": pgettext_lazy("deed", "Took on a finding"),
        "findings.finding_answer": pgettext_lazy("deed", "Answered a finding"),
        "findings.finding_tell": pgettext_lazy("deed", "Told members of new findings"),
        "findings.findings_left": pgettext_lazy("deed", "Findings became another organisation's"),
        "findings.findings_acknowledge": pgettext_lazy("deed", "Took on several findings"),
        "findings.letter_settle": pgettext_lazy("deed", "Settled whether a letter arrived"),
        "findings.telling_begin": pgettext_lazy("deed", "Let letters about findings go out"),
        "findings.members_tell": pgettext_lazy("deed", "Wrote to a member about findings"),
    },
)
