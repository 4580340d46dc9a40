"""What this room tells the rest of the house about itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.access.permissions import Permission
from samsyn.kernel.rooms import ApiMount, Limit, NavigationPage, Room

ROOM = Room(
    addresses={"maturity/": "urls", "rate/": "urls_rate"},
    styles=("maturity/maturity.css",),
    pages=(
        NavigationPage(
            part="plan",
            place=50,
            label=_("Maturity"),
            url_name="maturity:list",
            permission=Permission.MATURITY_VIEW,
            key="t",
        ),
    ),
    api=(
        ApiMount("dialogues", _("Maturity dialogues")),
        ApiMount("dialogue-areas", _("Maturity dialogues"), "leading_api.areas", tag="dialogues"),
        ApiMount(
            "dialogue-proposals", _("Maturity dialogues"), "leading_api.proposals", tag="dialogues"
        ),
    ),
    limits={
        "dialogues": Limit(
            200,
            "maturity dialogues of an organisation prepared in a year",
            _("At most %(most)d dialogues are prepared in a year."),
        ),
        "participants": Limit(
            300, "people invited to one dialogue", _("A dialogue takes at most %(most)d people.")
        ),
        "invitations_a_day": Limit(
            600,
            "invitations mailed for an organisation in 24 hours",
            _("At most %(most)d invitations are sent in a day. Go on tomorrow."),
        ),
        "raters": Limit(
            500,
            "people who rate in one dialogue",
            _("At most %(most)d people can rate in a dialogue."),
        ),
        "proposals": Limit(
            200,
            "proposals for one area of a dialogue",
            _("An area has at most %(most)d proposals."),
        ),
    },
    deeds={
        "maturity.area_add": pgettext_lazy("deed", "Added an area to a maturity dialogue"),
        "maturity.area_agree": pgettext_lazy("deed", "Wrote down the level agreed for an area"),
        "maturity.area_remove": pgettext_lazy("deed", "Removed an area from a maturity dialogue"),
        "maturity.area_reveal": pgettext_lazy("deed", "Showed the ratings of an area"),
        "maturity.area_show": pgettext_lazy("deed", "Showed an area in the meeting"),
        "maturity.dialogue_change": pgettext_lazy("deed", "Changed a maturity dialogue"),
        "maturity.dialogue_move": pgettext_lazy("deed", "Took a maturity dialogue to another step"),
        "maturity.dialogue_prepare": pgettext_lazy("deed", "Prepared a maturity dialogue"),
        "maturity.links_renew": pgettext_lazy("deed", "Renewed the links to a maturity dialogue"),
        "maturity.paper_enter": pgettext_lazy("deed", "Entered a paper form"),
        "maturity.participants_invite": pgettext_lazy(
            "deed", "Invited people to a maturity dialogue"
        ),
        "maturity.plan_decide": pgettext_lazy("deed", "Decided a plan of actions"),
        "maturity.proposal_add": pgettext_lazy("deed", "Proposed an improvement"),
        "maturity.proposal_change": pgettext_lazy("deed", "Changed a proposed improvement"),
        "maturity.proposal_decline": pgettext_lazy(
            "deed", "Declined a proposed improvement, or took that back"
        ),
        "maturity.rating_give": pgettext_lazy("deed", "Somebody rated an area"),
        "maturity.ratings_withdraw": pgettext_lazy("deed", "Somebody withdrew their ratings"),
        "maturity.targets_set": pgettext_lazy("deed", "Set targets for maturity"),
        "maturity.timer_start": pgettext_lazy("deed", "Started or stopped the clock of a meeting"),
    },
)
