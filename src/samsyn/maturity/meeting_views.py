"""The meeting: what is on the screen, and what is done in it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.access.http import ActorRequest
from samsyn.access.permissions import Permission
from samsyn.maturity import forms, selectors
from samsyn.maturity.models import DialogueArea, DialogueStep, Proposal
from samsyn.maturity.pages import now_content
from samsyn.maturity.services import meeting
from samsyn.maturity.views import crumbs, dialogue_of, page_of
from samsyn.ui.screens import ActionScreen, FormScreen, Screen


def meeting_of(thing: Any) -> str:
    """Return the meeting's page, at the area that something belongs to."""
    area = thing.area if isinstance(thing, Proposal) else thing
    url = reverse("maturity:meet", args=[dialogue_of(thing).pk])
    return f"{url}?area={area.key}" if isinstance(area, DialogueArea) else url


class Meet(Screen):
    """The meeting: what is on the screen, and for the facilitator what can be done."""

    template_name = "maturity/meet.html"
    subject = staticmethod(selectors.dialogue_get)
    is_wide = True

    def get(self, request: ActorRequest, **url: Any) -> HttpResponse:
        dialogue = self.get_subject(**url)
        if dialogue.step not in {DialogueStep.MEETING, DialogueStep.CLOSED}:
            return redirect(dialogue)
        is_screen = "screen" in request.GET
        content = now_content(
            actor=request.actor,
            dialogue=dialogue,
            key="" if is_screen else request.GET.get("area", ""),
            mark=selectors.standing_mark(dialogue),
            is_screen=is_screen,
        )
        return self.show(**content, **self.forms(content), crumbs=crumbs(dialogue))

    def forms(self, content: dict[str, Any]) -> dict[str, Any]:
        """Return the facilitator's forms, filled with what was written before."""
        actor, row = self.request.actor, content["row"]
        dialogue = content["object"]
        may_lead = actor.may(Permission.MATURITY_LEAD, dialogue.organisation_id)
        if content["is_screen"] or not may_lead or dialogue.step != DialogueStep.MEETING:
            return {"may_lead": False}
        given = {
            "agreed": row.area.agreed,
            "reasons": row.area.reasons,
            "dissent": row.area.dissent,
        }
        return {
            "may_lead": True,
            "agree": forms.AgreeForm(actor=actor, initial=given),
            "propose": forms.AreaProposalForm(actor=actor),
        }


class MeetNow(Meet):
    """What changes in the meeting, asked for every second; nothing when nothing has."""

    template_name = "maturity/now.html"
    is_part = True

    def get(self, request: ActorRequest, **url: Any) -> HttpResponse:
        dialogue = self.get_subject(**url)
        mark = selectors.standing_mark(dialogue)
        if request.GET.get("seen") == mark:
            return HttpResponse(status=204)
        is_screen = "screen" in request.GET
        content = now_content(
            actor=request.actor,
            dialogue=dialogue,
            key="" if is_screen else request.GET.get("area", ""),
            mark=mark,
            is_screen=is_screen,
        )
        return self.show(**content)


meet = Meet.as_view()
meet_now = MeetNow.as_view()
area_show = ActionScreen.as_view(
    question=_("Put it on the screen?"), subject=selectors.area_get, subject_name="area",
    service=meeting.area_show, done_url=lambda d: reverse("maturity:meet", args=[d.pk]),
    back_url=meeting_of, crumbs=crumbs,
)  # fmt: skip
area_reveal = ActionScreen.as_view(
    question=_("Show where the ratings fell?"),
    consequence=_("From then on nobody can rate this area."),
    subject=selectors.area_get, subject_name="area", service=meeting.area_reveal,
    done_url=lambda d: reverse("maturity:meet", args=[d.pk]), back_url=meeting_of, crumbs=crumbs,
)  # fmt: skip
area_agree = FormScreen.as_view(
    title=_("What we agree on"),
    subject=selectors.area_get, subject_name="area", form=forms.AgreeForm,
    service=meeting.area_agree, done=_("It is agreed."), done_url=meeting_of,
    back_url=meeting_of, crumbs=crumbs,
    initial=lambda a: {"agreed": a.agreed, "reasons": a.reasons, "dissent": a.dissent},
    intro=_("One level, and why."),
)  # fmt: skip
proposal_add = FormScreen.as_view(
    title=_("Propose"), subject=selectors.area_get, subject_name="area",
    form=forms.AreaProposalForm, service=meeting.proposal_add, done_url=meeting_of,
    back_url=meeting_of, crumbs=crumbs,
)  # fmt: skip
proposal_change = FormScreen.as_view(
    title=_("Change the proposal"), subject=selectors.proposal_get, subject_name="proposal",
    form=forms.AreaProposalForm, service=meeting.proposal_change, done_url=page_of,
    back_url=page_of, crumbs=crumbs,
    initial=lambda p: {"what": p.what, "how": p.how, "who": p.who, "horizon": p.horizon},
)  # fmt: skip
proposal_decline = ActionScreen.as_view(
    question=_("Leave this proposal out of the plan, or take it back in?"),
    subject=selectors.proposal_get, subject_name="proposal",
    service=meeting.proposal_decline, done_url=page_of, back_url=page_of, crumbs=crumbs,
)  # fmt: skip
timer = FormScreen.as_view(
    title=_("Start the clock"), subject=selectors.dialogue_get, subject_name="dialogue",
    form=forms.TimerForm, service=meeting.timer_start, button=_("Start"),
    done_url=lambda d: reverse("maturity:meet", args=[d.pk]), crumbs=crumbs,
    initial=lambda _subject: {"minutes": 10},
)  # fmt: skip
decide = FormScreen.as_view(
    title=_("Decide the plan"),
    intro=_("The proposals that were not left out become actions, by one decision."),
    subject=selectors.dialogue_get, subject_name="dialogue", form=forms.PlanDecisionForm,
    service=meeting.plan_decide, button=_("Decide"), crumbs=crumbs,
    initial=lambda _subject: {"decided_on": timezone.localdate()},
    done=_("The plan is decided, and its actions are under Actions."),
)  # fmt: skip
