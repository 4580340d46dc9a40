from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from samsyn.reporting.models import DecisionProposal, Meeting, MeetingState, ProposalState
from samsyn.ui.components import Tag, Tone
from samsyn.ui.deeds import who_text
from samsyn.ui.screens import Column

PROPOSAL_TONES = {
    ProposalState.WAITING: Tone.WARNING,
    ProposalState.APPROVED: Tone.SUCCESS,
    ProposalState.DECLINED: Tone.DANGER,
    ProposalState.WITHDRAWN: Tone.NEUTRAL,
}
MEETING_TONES = {MeetingState.PREPARED: Tone.INFO, MeetingState.FROZEN: Tone.SUCCESS}


def proposal_tag(proposal: DecisionProposal) -> Tag:
    """Return how far a proposal has come, as a mark."""
    tone = PROPOSAL_TONES[ProposalState(proposal.state)]
    return Tag(text=proposal.get_state_display(), tone=tone)


def meeting_tag(meeting: Meeting) -> Tag:
    """Return how far a meeting has come, as a mark."""
    return Tag(text=meeting.get_state_display(), tone=MEETING_TONES[MeetingState(meeting.state)])


PROPOSALS = (
    Column(
        name="title",
        label=_("What is to be decided"),
        url=DecisionProposal.get_absolute_url,
        sort=("title",),
        is_fixed=True,
    ),
    Column(
        name="organisation",
        label=_("Organisation"),
        value=lambda p: p.organisation.name,
        sort=("organisation__name",),
    ),
    Column(
        name="state",
        label=_("State"),
        value=lambda p: p.get_state_display(),
        cell=proposal_tag,
        sort=("state",),
    ),
    Column(name="needed_by", label=_("Needed by"), sort=("needed_by",)),
    Column(name="cost", label=_("Cost"), sort=("cost",), is_shown=False),
    Column(name="asked_by", label=_("Asked by"), value=lambda p: who_text(p.asked_by)),
)
MEETINGS = (
    Column(
        name="title",
        label=_("Meeting"),
        url=Meeting.get_absolute_url,
        sort=("title",),
        is_fixed=True,
    ),
    Column(
        name="organisation",
        label=_("Organisation"),
        value=lambda m: m.organisation.name,
        sort=("organisation__name",),
    ),
    Column(name="held_on", label=_("Day of the meeting"), sort=("held_on",)),
    Column(
        name="state",
        label=_("State"),
        value=lambda m: m.get_state_display(),
        cell=meeting_tag,
        sort=("state",),
    ),
    Column(name="decided", label=_("Decisions"), value=lambda m: m.decided, sort=("decided",)),
    Column(name="chair", label=_("Chair"), sort=("chair",), is_shown=False),
)
