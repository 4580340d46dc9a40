"""What each command and event is called in the change log: who did what, in words.

A new command gets a line here; a house law says which one lacks it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from samsyn.ui.components import Moment, Story

DEEDS: dict[str, Any] = {
    "access.factors_remove": pgettext_lazy("deed", "Removed somebody's ways to confirm sign-in"),
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
    "annual_wheel.activity_add": pgettext_lazy("deed", "Added an activity to the annual wheel"),
    "annual_wheel.activity_change": pgettext_lazy(
        "deed", "Changed an activity in the annual wheel"
    ),
    "annual_wheel.activity_resume": pgettext_lazy(
        "deed", "Resumed an activity in the annual wheel"
    ),
    "annual_wheel.activity_stop": pgettext_lazy("deed", "Stopped an activity in the annual wheel"),
    "annual_wheel.feed_create": pgettext_lazy("deed", "Made a calendar subscription"),
    "annual_wheel.feed_end": pgettext_lazy("deed", "Ended a calendar subscription"),
    "annual_wheel.mark_add": pgettext_lazy("deed", "Added a period to the annual wheel"),
    "annual_wheel.mark_remove": pgettext_lazy("deed", "Removed a period from the annual wheel"),
    "annual_wheel.occurrence_complete": pgettext_lazy("deed", "Marked an activity as done"),
    "annual_wheel.occurrence_move": pgettext_lazy("deed", "Moved an activity to another day"),
    "annual_wheel.occurrence_reopen": pgettext_lazy("deed", "Reopened an activity"),
    "annual_wheel.occurrence_skip": pgettext_lazy("deed", "Skipped an activity"),
    "annual_wheel.wheel_begin": pgettext_lazy("deed", "Chose activities for the annual wheel"),
    "annual_wheel.wheel_extend": pgettext_lazy(
        "deed", "Planned the coming year in the annual wheel"
    ),
    "assets.constituency_import": pgettext_lazy("deed", "Imported a constituency file"),
    "assets.resource_change": pgettext_lazy("deed", "Changed a resource"),
    "assets.resource_claim": pgettext_lazy("deed", "Registered a resource"),
    "assets.resource_confirm": pgettext_lazy("deed", "Confirmed a claim on a resource"),
    "assets.resource_narrowed": pgettext_lazy(
        "deed", "Confirmed another organisation's claim that meets the resource"
    ),
    "assets.resource_refuse": pgettext_lazy("deed", "Refused a claim on a resource"),
    "assets.resource_withdraw": pgettext_lazy("deed", "Withdrew a resource"),
    "audit.guard": pgettext_lazy("deed", "Made the change log's protection anew"),
    "audit.seal": pgettext_lazy("deed", "Sealed older entries with the key"),
    "backups.backup_record": pgettext_lazy("deed", "Made a backup"),
    "backups.files_check": pgettext_lazy("deed", "Checked the stored files"),
    "benchmark.round_close": pgettext_lazy("deed", "Closed a round of the benchmark"),
    "benchmark.round_join": pgettext_lazy("deed", "Joined the benchmark"),
    "benchmark.round_withdraw": pgettext_lazy("deed", "Withdrew from the benchmark"),
    "documents.document_add": pgettext_lazy("deed", "Added a document"),
    "documents.document_attach": pgettext_lazy("deed", "Attached a document"),
    "documents.document_change": pgettext_lazy("deed", "Changed the facts about a document"),
    "documents.document_detach": pgettext_lazy("deed", "Detached a document"),
    "documents.document_remove": pgettext_lazy("deed", "Removed a document"),
    "documents.version_add": pgettext_lazy("deed", "Added a newer version of a document"),
    "findings.finding_acknowledge": pgettext_lazy("deed", "Took on a finding"),
    "findings.finding_answer": pgettext_lazy("deed", "Answered a finding"),
    "findings.finding_tell": pgettext_lazy("deed", "Told members of new findings"),
    "findings.findings_left": pgettext_lazy("deed", "Findings became another organisation's"),
    "findings.findings_acknowledge": pgettext_lazy("deed", "Took on several findings"),
    "findings.members_tell": pgettext_lazy("deed", "Wrote to a member about findings"),
    "indicators.indicator_add": pgettext_lazy("deed", "Added an indicator"),
    "indicators.indicator_change": pgettext_lazy("deed", "Changed an indicator"),
    "indicators.indicator_resume": pgettext_lazy("deed", "Resumed an indicator"),
    "indicators.indicator_retire": pgettext_lazy("deed", "Retired an indicator"),
    "indicators.indicators_begin": pgettext_lazy("deed", "Chose indicators"),
    "indicators.indicators_measure": pgettext_lazy("deed", "Measured the indicators"),
    "indicators.measurement_add": pgettext_lazy("deed", "Registered a value"),
    "indicators.measurement_correct": pgettext_lazy("deed", "Corrected a value"),
    "jobs.job_start": pgettext_lazy("deed", "Started a job"),
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
    "maturity.participants_invite": pgettext_lazy("deed", "Invited people to a maturity dialogue"),
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
    "messages.message_enqueue": pgettext_lazy("deed", "Wrote a message"),
    "messages.message_resend": pgettext_lazy("deed", "Sent a message again"),
    "monitoring.inbox_collect": pgettext_lazy("deed", "Took in reports from the watched folder"),
    "monitoring.observation_attribute": pgettext_lazy("deed", "Attributed all observations anew"),
    "monitoring.observation_import": pgettext_lazy("deed", "Imported reports"),
    "monitoring.schema_install": pgettext_lazy("deed", "Installed a new list of report types"),
    "monitoring.store_rebuild": pgettext_lazy("deed", "Rebuilt the store of observations"),
    "organisations.agreement_accept": pgettext_lazy("deed", "Accepted an agreement"),
    "organisations.agreement_end": pgettext_lazy("deed", "Ended an agreement"),
    "organisations.agreement_sign": pgettext_lazy("deed", "Recorded or offered an agreement"),
    "organisations.agreement_withdraw": pgettext_lazy(
        "deed", "Declined an offer or ended an agreement"
    ),
    "organisations.assignment_end": pgettext_lazy("deed", "Ended an assignment to members"),
    "organisations.assignment_give": pgettext_lazy("deed", "Assigned somebody to members"),
    "organisations.contact_add": pgettext_lazy("deed", "Added a contact"),
    "organisations.contact_remove": pgettext_lazy("deed", "Removed a contact"),
    "organisations.offer_take_back": pgettext_lazy("deed", "Took an offer back"),
    "organisations.operator_create": pgettext_lazy("deed", "Created the security centre"),
    "organisations.organisation_arrange": pgettext_lazy(
        "deed", "Changed where the organisation belongs"
    ),
    "organisations.organisation_change": pgettext_lazy(
        "deed", "Changed the facts about the organisation"
    ),
    "organisations.organisation_create": pgettext_lazy("deed", "Added the organisation"),
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
    "situation.edition_publish": pgettext_lazy("deed", "Published a situation picture"),
    "situation.edition_write": pgettext_lazy("deed", "Wrote to the readers of a situation picture"),
    "situation.editions_publish": pgettext_lazy("deed", "Published several situation pictures"),
    "situation.situation_build": pgettext_lazy("deed", "Built situation pictures"),
    "suppliers.supplier_add": pgettext_lazy("deed", "Added a supplier"),
    "suppliers.supplier_change": pgettext_lazy("deed", "Changed a supplier"),
    "suppliers.supplier_resume": pgettext_lazy("deed", "Took a supplier into use again"),
    "suppliers.supplier_retire": pgettext_lazy("deed", "Retired a supplier"),
    "suppliers.suppliers_change": pgettext_lazy("deed", "Changed several suppliers"),
    "suppliers.suppliers_import": pgettext_lazy("deed", "Imported suppliers"),
    "ui.columns_choose": pgettext_lazy("deed", "Chose the columns of a list"),
    "ui.saved_view_create": pgettext_lazy("deed", "Saved a view of a list"),
    "ui.saved_view_delete": pgettext_lazy("deed", "Removed a saved view"),
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
    "reading.subscribed": pgettext_lazy("deed", "Fetched what is due by a calendar subscription"),
    "export.list": pgettext_lazy("deed", "Exported a list"),
    "export.file": pgettext_lazy("deed", "Saved as a file"),
    "export.evidence": pgettext_lazy("deed", "Downloaded a document"),
    "export.refused": pgettext_lazy("deed", "Was refused a document whose file is damaged"),
}
WAYS: dict[str, Any] = {
    "password": pgettext_lazy("sign-in", "password"),
    "password_reset": pgettext_lazy("sign-in", "a mailed link"),
    "totp": pgettext_lazy("sign-in", "code from an app"),
    "webauthn": pgettext_lazy("sign-in", "passkey"),
    "recovery_codes": pgettext_lazy("sign-in", "recovery code"),
    "socialaccount": pgettext_lazy("sign-in", "the organisation's own sign-in"),
}

CONTACT = "contact "
WHO_ELSE: dict[str, Any] = {  # how a label begins that is no person's
    "job:": gettext_lazy("Samsyn, by itself"),
    "console:": gettext_lazy("Whoever runs the server"),
    CONTACT: "",
    "participant of ": gettext_lazy("A participant"),
    "unknown": gettext_lazy("Unknown"),
    "nobody": gettext_lazy("Unknown"),
}

FETCHED: dict[str, Any] = {  # by the first part of the address below /api/
    "actions": gettext_lazy("Actions"),
    "activities": gettext_lazy("Activities"),
    "agreements": gettext_lazy("Agreements"),
    "assignments": gettext_lazy("Assignments"),
    "benchmark": gettext_lazy("Benchmark"),
    "contacts": gettext_lazy("Contacts"),
    "decisions": gettext_lazy("Decisions"),
    "dialogues": gettext_lazy("Maturity dialogues"),
    "documents": gettext_lazy("Documents"),
    "editions": gettext_lazy("Situation pictures"),
    "findings": gettext_lazy("Findings"),
    "indicators": gettext_lazy("Indicators"),
    "management": gettext_lazy("Management's page"),
    "meetings": gettext_lazy("Meetings"),
    "messages": gettext_lazy("Outbox"),
    "observations": gettext_lazy("Observations"),
    "organisations": gettext_lazy("Organisations"),
    "proposals": gettext_lazy("Proposals for decision"),
    "questions": gettext_lazy("Questions to the CISO"),
    "resources": gettext_lazy("Resources"),
    "role-offers": gettext_lazy("Offered roles"),
    "roles": gettext_lazy("People and roles"),
    "suppliers": gettext_lazy("Suppliers"),
    "target-pictures": gettext_lazy("Target pictures"),
    "trail": gettext_lazy("Change log"),
    "wheel": gettext_lazy("Annual wheel"),
}


def fetched_text(path: str) -> str:
    """Return in words what list or page of the API an address names."""
    room = path.removeprefix("/api/").partition("/")[0]
    return str(FETCHED.get(room, ""))


def deed_text(action: str) -> str:
    """Return in words what was done; never the name that programs use."""
    found = DEEDS.get(action)
    return str(found) if found is not None else _("Did something that has no words here yet")


def who_text(actor: str) -> str:
    """Return in words who did it, without the address.

    A person may be called as anything else is: only a person's label has an address in ``<>``.

    Example:
        >>> who_text("Jonas Berg <jonas@fjellvik.example>")
        'Jonas Berg'
        >>> who_text("participant of dialogue 3 <kari@fjellvik.example>")
        'participant of dialogue 3'

    """
    name, is_person, rest = actor.partition(" <")
    if not is_person:
        return _who_else(actor)
    token = rest.partition("(token ")[2].removesuffix(")")
    return (
        _("%(name)s, by the program %(token)s") % {"name": name, "token": token} if token else name
    )


def _who_else(actor: str) -> str:
    """Return in words who it was that is no person of ours."""
    kind = next((kind for kind in WHO_ELSE if actor.startswith(kind)), "")
    if kind == CONTACT:  # has no name here: the address is all that is known
        return _("%s, through the link in a letter") % actor.removeprefix(CONTACT)
    return str(WHO_ELSE[kind]) if kind else actor


def address_text(actor: str) -> str:
    """Return the address of the person who did it: two may have one name. Empty for no person.

    Example:
        >>> address_text("Jonas Berg <jonas@fjellvik.example> (token script)")
        'jonas@fjellvik.example'

    """
    return actor.partition(" <")[2].partition(">")[0]


def ways_text(changes: Mapping[str, Any]) -> str:
    """Return in words by what somebody signed in, as far as the entry says."""
    ways = changes.get("by")
    return ", ".join(str(WAYS.get(way, way)) for way in ways) if isinstance(ways, list) else ""


def trail_story(
    entries: Iterable[Any],
    *,
    words: Mapping[str, Any] | None = None,
    more: Callable[[Any], str] = lambda _entry: "",
) -> Story:
    """Return entries of one thing as its story.

    Args:
        entries: of the trail, newest first.
        words: shorter words for some actions, where the page makes clear what they are about.
        more: what an entry says besides.

    """
    short = words or {}
    return Story(
        moments=tuple(
            Moment(
                at=entry.at,
                text=f"{short.get(entry.action) or deed_text(entry.action)}{more(entry)}",
                who=who_text(entry.actor),
            )
            for entry in entries
        )
    )
