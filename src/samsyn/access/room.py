"""What this room tells the rest of the house about itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.kernel.rooms import Limit, Room

ROOM = Room(
    addresses={"accounts/": "urls"},
    limits={
        "memberships": Limit(
            5000,
            "roles held in an organisation",
            _("An organisation has at most %(most)d roles. End one first."),
        ),
        "role_offers": Limit(
            5000,
            "roles ever offered by an organisation to people who are elsewhere",
            _("An organisation offers at most %(most)d roles."),
        ),
        "tokens": Limit(
            30,
            "API tokens of a person that are in force",
            _("At most %(most)d tokens are in force at once. Revoke one first."),
        ),
    },
    deeds={
        "access.factors_remove": pgettext_lazy(
            "deed", "Removed somebody's ways to confirm sign-in"
        ),
        "access.membership_end": pgettext_lazy("deed", "Ended a role"),
        "access.name_choose": pgettext_lazy("deed", "Chose their own name"),
        # One word for both: an offer and a role for a new address look alike to others.
        "access.membership_grant": pgettext_lazy("deed", "Gave or offered a role"),
        "access.membership_leave": pgettext_lazy("deed", "Ended their own role"),
        "access.password_link_give": pgettext_lazy("deed", "Made a link for choosing a password"),
        "access.preferences_change": pgettext_lazy("deed", "Changed their own language or colours"),
        "access.role_accept": pgettext_lazy("deed", "Accepted a role that was offered"),
        "access.role_decline": pgettext_lazy("deed", "Declined a role that was offered"),
        "access.role_take_back": pgettext_lazy("deed", "Took back a role that was offered"),
        "access.sessions_end": pgettext_lazy("deed", "Ended sessions"),
        "access.token_create": pgettext_lazy("deed", "Made an API token"),
        "access.token_revoke": pgettext_lazy("deed", "Ended an API token"),
        "sign_in.done": pgettext_lazy("deed", "Signed in"),
        "sign_in.ended": pgettext_lazy("deed", "Signed out"),
        "sign_in.failed": pgettext_lazy("deed", "Failed sign-in"),
        "sign_in.locked": pgettext_lazy("deed", "Sign-in locked after too many attempts"),
        "sign_in.password_changed": pgettext_lazy("deed", "Changed their password"),
        "sign_in.password_reset": pgettext_lazy("deed", "Chose a password through a mailed link"),
        "sign_in.factor_added": pgettext_lazy("deed", "Added a way to confirm sign-in"),
        "sign_in.factor_removed": pgettext_lazy("deed", "Removed a way to confirm sign-in"),
        "sign_in.factor_renewed": pgettext_lazy("deed", "Made new recovery codes"),
        "sign_in.factor_renamed": pgettext_lazy("deed", "Renamed a way to confirm sign-in"),
        "sign_in.codes_shown": pgettext_lazy("deed", "Had their recovery codes shown"),
        "sign_in.others_ended": pgettext_lazy("deed", "Ended all their other sessions"),
        "sign_in.factor_used": pgettext_lazy("deed", "Confirmed their identity"),
        "sign_in.token_used": pgettext_lazy("deed", "Used an API token"),
        "sign_in.token_refused": pgettext_lazy("deed", "Tried an ended API token"),
        "reading.opened": pgettext_lazy("deed", "Opened"),
        "reading.shown": pgettext_lazy("deed", "Opened the page"),
        "reading.fetched": pgettext_lazy("deed", "Fetched by the API"),
        "reading.subscribed": pgettext_lazy(
            "deed", "Fetched what is due by a calendar subscription"
        ),
        "reading.sent": pgettext_lazy("deed", "Let what happens here be sent to a webhook"),
        "export.list": pgettext_lazy("deed", "Exported a list"),
        "export.file": pgettext_lazy("deed", "Saved as a file"),
        "export.evidence": pgettext_lazy("deed", "Downloaded a document"),
        "export.refused": pgettext_lazy("deed", "Was refused a document whose file is damaged"),
    },
)
