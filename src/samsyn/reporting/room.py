"""What this room tells the rest of the house about itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.access.permissions import Permission
from samsyn.kernel.rooms import ApiMount, Limit, NavigationPage, Room

ROOM = Room(
    addresses={"management/": "urls"},
    styles=("reporting/reporting.css",),
    pages=(
        NavigationPage(
            part="home",
            place=20,
            label=_("Management"),
            url_name="management:home",
            permission=Permission.REPORTING_VIEW,
            key="l",
            below=("page", "propos", "decide", "withdraw", "words", "ask", "answer", "target"),
        ),
        NavigationPage(
            part="improve",
            place=40,
            label=_("Meetings"),
            url_name="management:meetings",
            permission=Permission.REPORTING_VIEW,
            key="k",
            below=("meeting", "point", "minutes", "freeze", "pack"),
        ),
    ),
    api=(
        ApiMount("management", _("Management's page")),
        ApiMount("meetings", _("Meetings"), "api.meetings", tag="management"),
        ApiMount("proposals", _("Proposals for decision"), "api.proposals", tag="management"),
        ApiMount("agenda-items", _("Meetings"), "preparing_api.agenda", tag="management"),
        ApiMount(
            "questions", _("Questions to the CISO"), "preparing_api.questions", tag="management"
        ),
        ApiMount(
            "target-pictures",
            _("Target pictures"),
            "preparing_api.target_pictures",
            tag="management",
        ),
    ),
    limits={
        "questions_a_day": Limit(
            50,
            "questions to the CISO of an organisation in 24 hours",
            _("At most %(most)d questions are asked in a day. Go on tomorrow."),
        ),
        "meetings": Limit(
            2000,
            "management's meetings of an organisation",
            _("An organisation has at most %(most)d meetings."),
        ),
        "decision_proposals": Limit(
            5000,
            "proposals for decision of an organisation",
            _("An organisation has at most %(most)d proposals for decision."),
        ),
    },
    deeds={
        "reporting.area_word_write": pgettext_lazy("deed", "Described how an area stands"),
        "reporting.item_add": pgettext_lazy("deed", "Added a point to the agenda"),
        "reporting.item_write": pgettext_lazy("deed", "Wrote minutes on a point"),
        "reporting.meeting_change": pgettext_lazy("deed", "Changed a meeting"),
        "reporting.meeting_freeze": pgettext_lazy("deed", "Closed a meeting"),
        "reporting.meeting_prepare": pgettext_lazy("deed", "Prepared a meeting"),
        "reporting.proposal_change": pgettext_lazy("deed", "Changed a proposal for decision"),
        "reporting.proposal_decide": pgettext_lazy("deed", "Decided on a proposal"),
        "reporting.proposal_make": pgettext_lazy("deed", "Proposed a decision"),
        "reporting.proposal_withdraw": pgettext_lazy("deed", "Withdrew a proposal for decision"),
        "reporting.question_answer": pgettext_lazy("deed", "Answered a question"),
        "reporting.question_ask": pgettext_lazy("deed", "Asked a question"),
        "reporting.target_decide": pgettext_lazy("deed", "Decided the target picture"),
        "reporting.target_write": pgettext_lazy("deed", "Wrote the target picture"),
    },
)
