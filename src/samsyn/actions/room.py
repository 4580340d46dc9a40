"""What this room tells the rest of the house about itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.access.permissions import Permission
from samsyn.kernel.rooms import ApiMount, Limit, NavigationPage, Room, Searched

ROOM = Room(
    addresses={"actions/": "urls", "decisions/": "urls_decisions"},
    searched=(
        Searched(60, _("Actions"), "selectors.action_list"),
        Searched(70, _("Decisions"), "decision_selectors.decision_list"),
    ),
    styles=("actions/actions.css",),
    pages=(
        NavigationPage(
            part="plan",
            place=10,
            label=_("Actions"),
            url_name="actions:list",
            permission=Permission.ACTIONS_VIEW,
            key="a",
        ),
        NavigationPage(
            part="plan",
            place=30,
            label=_("Decisions"),
            url_name="decisions:list",
            permission=Permission.ACTIONS_VIEW,
            key="c",
        ),
    ),
    api=(
        ApiMount("actions", _("Actions")),
        ApiMount("decisions", _("Decisions"), "api.decisions"),
    ),
    limits={
        "actions": Limit(
            20_000, "actions of an organisation", _("An organisation has at most %(most)d actions.")
        ),
        "decisions": Limit(
            20_000,
            "decisions of an organisation",
            _("An organisation has at most %(most)d decisions."),
        ),
    },
    deeds={
        "actions.action_change": pgettext_lazy("deed", "Changed an action"),
        "actions.action_complete": pgettext_lazy("deed", "Completed an action"),
        "actions.action_decline": pgettext_lazy("deed", "Declined an action"),
        "actions.action_note": pgettext_lazy("deed", "Wrote a note on an action"),
        "actions.action_plan": pgettext_lazy("deed", "Decided that an action is to be done"),
        "actions.action_propose": pgettext_lazy("deed", "Proposed an action"),
        "actions.action_reconsider": pgettext_lazy("deed", "Took up an action again"),
        "actions.action_start": pgettext_lazy("deed", "Began an action"),
        "actions.action_take": pgettext_lazy("deed", "Became the owner of an action"),
        "actions.actions_complete": pgettext_lazy("deed", "Completed several actions"),
        "actions.actions_postpone": pgettext_lazy("deed", "Postponed several actions"),
        "actions.actions_start": pgettext_lazy("deed", "Began several actions"),
        "actions.actions_take": pgettext_lazy("deed", "Became the owner of several actions"),
        "actions.decision_record": pgettext_lazy("deed", "Recorded a decision"),
        "actions.effect_check": pgettext_lazy("deed", "Checked whether an action helped"),
        "actions.owner_remind": pgettext_lazy("deed", "Reminded the owner of actions"),
    },
)
