from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.actions import decision_selectors as selectors
from samsyn.actions.deciding import decision_record
from samsyn.actions.decision_forms import DecisionFilters, DecisionForm
from samsyn.actions.models import Decision
from samsyn.actions.pages import actions_panel, propose_url
from samsyn.actions.tables import DECISIONS
from samsyn.actions.wording import BOUND, OUTCOME_TONES, STANDING
from samsyn.documents.pages import evidence_panel
from samsyn.kernel.errors import NotFound
from samsyn.kernel.limits import id_read
from samsyn.kernel.refs import KINDS, Ref, ref_of, thing_at
from samsyn.ui.components import EmptyState, Fact, FactList, Panel, Tag
from samsyn.ui.components.base import joined
from samsyn.ui.deeds import who_text
from samsyn.ui.moments import day_text, moment_html
from samsyn.ui.navigation import Crumb
from samsyn.ui.screens import Button, DetailScreen, FormScreen, ListScreen

HOME = Crumb(label=_("Decisions"), url="/decisions/")


def list_buttons(*, actor: Actor) -> tuple[Button, ...]:
    """Return what can be done beside the list."""
    if not actor.may_anywhere(Permission.DECISIONS_RECORD):
        return ()
    url = reverse("decisions:create")
    return (Button(label=_("Record a decision"), url=url, is_primary=True),)


def decision_buttons(*, actor: Actor, subject: Decision) -> tuple[Button, ...]:
    """Return what this actor may do with a decision: follow it up, or replace it."""
    buttons = []
    if actor.may(Permission.ACTIONS_WORK, subject.organisation_id):
        buttons.append(Button(label=_("Make an action of it"), url=propose_url(subject)))
    may_replace = not hasattr(subject, "replaced_by")
    if may_replace and actor.may(Permission.DECISIONS_RECORD, subject.organisation_id):
        url = f"{reverse('decisions:create')}?replaces={subject.pk}"
        buttons.append(Button(label=_("Replace it"), url=url))
    return tuple(buttons)


def decision_page(*, actor: Actor, subject: Decision) -> dict[str, Any]:
    """Return what a decision's page shows."""
    standing = selectors.standing_of(subject, today=timezone.localdate())
    word, tone = STANDING[standing]
    return {
        "outcome": Tag(
            text=subject.get_outcome_display(),
            tone=OUTCOME_TONES[subject.outcome],  # type: ignore[index]  # the texts of choices are of the enumeration
        ),
        "standing": Tag(text=word, tone=tone),
        "is_replaced": standing == selectors.REPLACED,
        "is_run_out": standing == selectors.RUN_OUT,
        "newer": getattr(subject, "replaced_by", None),
        "subjects": _subjects(actor, subject),
        "actions": actions_panel(actor=actor, thing=subject),
        "facts": FactList(facts=_facts(subject)),
        "evidence": evidence_panel(actor=actor, thing=subject, title=gettext("Basis on file")),
    }


def _facts(decision: Decision) -> tuple[Fact, ...]:
    older = decision.replaces
    facts = (
        Fact(name=gettext("Decided on"), value=day_text(decision.decided_on)),
        Fact(name=gettext("Decided by"), value=decision.decided_by),
        Fact(name=gettext("Present"), value=_names(decision.present)),
        Fact(
            name=gettext("Valid until"),
            value=day_text(decision.valid_until)
            if decision.valid_until
            else gettext("further notice"),
        ),
        Fact(name=gettext("Replaces"), value=_link(older) if older else ""),
        Fact(name=gettext("Organisation"), value=decision.organisation.name),
        Fact(name=gettext("Recorded"), value=moment_html(decision.recorded_at)),
        Fact(name=gettext("By"), value=who_text(decision.recorded_by)),
    )
    return tuple(fact for fact in facts if fact.value)


def _names(names: list[str]) -> SafeString | str:
    if not names:
        return ""
    return format_html(
        '<ul class="names">{}</ul>', joined(format_html("<li>{}</li>", name) for name in names)
    )


def _link(decision: Decision) -> SafeString:
    return format_html('<a class="ds-link" href="{}">{}</a>', decision.get_absolute_url(), decision)


def _subjects(actor: Actor, decision: Decision) -> Panel | None:
    rows = [_subject(bound) for bound in selectors.subjects_of(actor=actor, decision=decision)]
    if not rows:
        return None
    body = format_html('<ul class="rows">{}</ul>', joined(rows))
    return Panel(title=gettext("What it is about"), body=body)


def _subject(bound: selectors.Bound) -> SafeString:
    word, tone = BOUND[bound.state]
    name: object = bound.name
    if bound.url:
        name = format_html('<a class="ds-link" href="{}">{}</a>', bound.url, bound.name)
    return format_html(
        '<li><span>{}<span class="sub">{}</span></span><span class="row-end">{}</span></li>',
        name,
        bound.kind,
        Tag(text=word, tone=tone),
    )


class DecisionCreate(FormScreen):
    """Records a decision; ``?for=`` names what it is about, ``?replaces=`` the older one."""

    form = DecisionForm

    def get_subject(self, **url: Any) -> Any:
        del url
        text = self.request.GET.get("for", "")
        thing = thing_at(Ref.read(text), actor=self.request.actor) if text else self.older()
        if thing is not None and not hasattr(thing, "organisation"):
            raise NotFound(_("Nothing is decided about it."))
        return self.seen(thing)

    def for_form(self, subject: Any) -> dict[str, Any]:
        return {"thing": subject}

    def older(self) -> Decision | None:
        """Return the decision that is to be replaced, if the address names one."""
        asked = self.request.GET.get("replaces", "")
        if not asked:
            return None
        pk = id_read(asked)
        if pk is None:
            raise NotFound(_("No such decision."))
        return selectors.decision_get(actor=self.request.actor, pk=pk)

    def run(self, subject: Any, **given: Any) -> Any:
        is_about = subject is not None and bool(self.request.GET.get("for"))
        older = given.pop("replaces", "")
        actor = self.request.actor
        organisation = subject.organisation if subject is not None else given.pop("organisation")
        return decision_record(
            actor=actor,
            organisation=organisation,
            subjects=[subject] if is_about else [],
            replaces=selectors.decision_get(actor=actor, pk=int(older)) if older else None,
            now=timezone.now(),
            **given,
        )

    def after(self, subject: Any, result: Any) -> HttpResponse:
        del subject
        return super().after(None, result)


def of_subject(subject: Any) -> dict[str, Any]:
    """Return what the form begins with: today, and what is known of the matter."""
    begin: dict[str, Any] = {"decided_on": timezone.localdate()}
    if isinstance(subject, Decision):
        names = ("title", "decided_by", "basis")
        begin |= {name: getattr(subject, name) for name in names}
        begin |= {"replaces": str(subject.pk), "present": "\n".join(subject.present)}
    elif subject is not None:
        kind = KINDS.get(ref_of(subject).kind)
        begin["title"] = (kind.title(subject) if kind else str(subject))[:200]
        begin["basis"] = getattr(subject, "why", "")
    return begin


def crumbs(subject: Any = None) -> tuple[Crumb, ...]:
    """Return the way to recording a decision."""
    if subject is None:
        return (HOME,)
    return (HOME, Crumb(label=str(subject), url=subject.get_absolute_url()))


decision_list = ListScreen.as_view(
    title=_("Decisions"),
    intro=_("Who decided what, when and on what basis. Recorded once, never changed."),
    selector=selectors.decision_list,
    filters=DecisionFilters,
    columns=DECISIONS,
    order="-decided_on",
    buttons=list_buttons,
    empty=EmptyState(
        title=_("No decision yet"),
        text=_(
            "Here stands what management has decided: which actions are done, which risks are "
            "accepted and until when, what is put off. Begin with the last meeting's minutes."
        ),
        action=_("Record a decision"),
        url="new/",
        permission=Permission.DECISIONS_RECORD,
    ),
)
decision_detail = DetailScreen.as_view(
    subject=selectors.decision_get,
    template_name="actions/decision.html",
    content=decision_page,
    buttons=decision_buttons,
    crumbs=(HOME,),
    label="AMBER",
)
decision_create = DecisionCreate.as_view(
    title=_("Record a decision"),
    intro=_("It cannot be changed afterwards; a newer decision can replace it."),
    service=decision_record,
    initial=of_subject,
    button=_("Record it"),
    done=_("The decision is recorded."),
    crumbs=crumbs,
    back_url=lambda thing: thing.get_absolute_url() if thing else "/decisions/",
)
