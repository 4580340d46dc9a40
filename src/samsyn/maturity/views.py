from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.access.http import ActorRequest
from samsyn.access.permissions import Permission
from samsyn.kernel.errors import NotFound
from samsyn.kernel.limits import id_read
from samsyn.maturity import forms, links, selectors
from samsyn.maturity.deck import dialogue_slides
from samsyn.maturity.models import Dialogue, DialogueStep, Proposal
from samsyn.maturity.pages import dialogue_buttons, dialogue_content
from samsyn.maturity.printed import dialogue_pdf, paper_pdf
from samsyn.maturity.services import preparing, rating
from samsyn.maturity.tables import DIALOGUES
from samsyn.organisations.selectors import organisation_list
from samsyn.printing.slides import PPTX
from samsyn.ui.components import EmptyState
from samsyn.ui.navigation import Crumb
from samsyn.ui.screens import (
    ActionScreen,
    Button,
    DetailScreen,
    FileScreen,
    FormScreen,
    ListScreen,
    Screen,
)

HOME = Crumb(label=_("Maturity"), url="/maturity/")


def crumbs(thing: Any = None) -> tuple[Crumb, ...]:
    """Return the way to a page about a dialogue or something in one."""
    dialogue = dialogue_of(thing) if thing is not None else None
    if dialogue is None:
        return (HOME,)
    return (HOME, Crumb(label=dialogue.title, url=dialogue.get_absolute_url()))


def dialogue_of(thing: Any) -> Dialogue:
    """Return the dialogue that something belongs to."""
    if isinstance(thing, Proposal):
        return thing.area.dialogue
    return thing if isinstance(thing, Dialogue) else thing.dialogue


def page_of(thing: Any) -> str:
    """Return the address of the dialogue that something belongs to."""
    return dialogue_of(thing).get_absolute_url()


def list_buttons(*, actor: Actor) -> tuple[Button, ...]:
    """Return what can be done beside the list."""
    if not actor.may_anywhere(Permission.MATURITY_LEAD):
        return ()
    return (Button(label=_("Prepare a dialogue"), url=reverse("maturity:new"), is_primary=True),)


class NewDialogueScreen(FormScreen):
    """A new dialogue, of an organisation that the actor may lead it for."""

    def get(self, request: ActorRequest, **url: Any) -> HttpResponse:
        previous = self.last_time()
        self.initial = lambda _subject: {
            "organisation": previous.organisation_id if previous else self.only_one(),
            "previous": previous.pk if previous else None,
            "held_on": timezone.localdate(),
            "facilitator": request.user.name,
            "language": previous.language if previous else request.user.language,
            "title": gettext("Maturity dialogue %d") % timezone.localdate().year,
        }
        return super().get(request, **url)

    def page(
        self, subject: Any, form: django_forms.Form, status: int = 200, **more: Any
    ) -> HttpResponse:
        lead = self.request.actor.organisations_with(Permission.MATURITY_LEAD)
        rows = organisation_list(actor=self.request.actor).filter(pk__in=lead)
        form.fields["organisation"].queryset = rows  # type: ignore[attr-defined]  # a model's choice field, which the stubs do not know
        return super().page(subject, form, status, **more)

    def last_time(self) -> Dialogue | None:
        """Return the dialogue that the address says this one follows on."""
        given = id_read(self.request.GET.get("previous", ""))
        if given is None:
            return None
        return selectors.dialogue_get(actor=self.request.actor, pk=given)

    def only_one(self) -> int | None:
        """Return the organisation when there is no choice."""
        lead = self.request.actor.organisation_ids(Permission.MATURITY_LEAD)
        return next(iter(lead)) if len(lead) == 1 else None


class DialogueStepScreen(ActionScreen):
    """Takes the dialogue to another step."""

    step = ""

    def run(self, subject: Any, **given: Any) -> Any:
        return super().run(subject, step=self.step, **given)


class _ByArea(FormScreen):
    """A form with one field for each area of the dialogue."""

    def for_form(self, subject: Any) -> dict[str, Any]:
        return {"areas": list(subject.areas.all())}


class Targets(_ByArea):
    """Where one wants to be."""

    def get(self, request: ActorRequest, **url: Any) -> HttpResponse:
        self.initial = lambda dialogue: {
            f"area-{area.pk}": area.target for area in dialogue.areas.all()
        }
        return super().get(request, **url)

    def run(self, subject: Any, **given: Any) -> Any:
        targets = {int(name.split("-")[1]): level for name, level in given.items()}
        return self.service(actor=self.request.actor, dialogue=subject, targets=targets)


class Paper(_ByArea):
    """One paper form after the other."""

    def run(self, subject: Any, **given: Any) -> Any:
        group = given.pop("group")
        said = {
            int(name.split("-")[1]): rating.RatingGiven(level=level)
            for name, level in given.items()
            if level
        }
        return self.service(actor=self.request.actor, dialogue=subject, group=group, given=said)


class File(FileScreen):
    """The result as a file."""

    subject = staticmethod(selectors.dialogue_get)
    name = staticmethod(lambda dialogue: f"{dialogue.organisation} {dialogue.title}")


def _as(make: Any) -> Any:
    """Return a maker of files that takes the dialogue under the name it has there."""

    def made(*, actor: Actor, subject: Dialogue, language: str) -> bytes:
        return bytes(make(actor=actor, dialogue=subject, language=language))

    return made


class Wall(Screen):
    """The way in, large enough for the wall."""

    template_name = "maturity/wall.html"
    subject = staticmethod(selectors.dialogue_get)

    def get(self, request: ActorRequest, **url: Any) -> HttpResponse:
        dialogue = self.get_subject(**url)
        request.actor.require(Permission.MATURITY_LEAD, dialogue.organisation_id)
        if not dialogue.is_open_for_rating:
            raise NotFound(_("It is not open for rating."))
        return self.show(
            object=dialogue,
            qr=links.door_svg(dialogue),
            url=links.door_url(dialogue),
            crumbs=crumbs(dialogue),
        )


dialogue_list = ListScreen.as_view(
    title=_("Maturity dialogues"),
    intro=_(
        "A shared view of how well we work with security, in one meeting, and what to do "
        "next."
    ),
    selector=selectors.dialogue_list,
    filters=forms.DialogueFilters,
    columns=DIALOGUES,
    order="-held_on",
    buttons=list_buttons,
    empty=EmptyState(
        title=_("No dialogue yet"),
        text=_(
            "Six areas, four levels: everyone rates alone, then you agree together and "
            "decide what to do. It takes one meeting, and no figures are needed "
            "beforehand."
        ),
        action=_("Prepare a dialogue"),
        permission=Permission.MATURITY_LEAD,
        url="/maturity/new/",
    ),
)  # fmt: skip
dialogue_new = NewDialogueScreen.as_view(
    title=_("Prepare a dialogue"),
    form=forms.PrepareForm,
    service=preparing.dialogue_prepare,
    button=_("Prepare"),
    done=_("The dialogue is prepared."),
    back_url="/maturity/",
    crumbs=(HOME,),
)
dialogue_detail = DetailScreen.as_view(
    subject=selectors.dialogue_get,
    template_name="maturity/dialogue.html",
    content=dialogue_content,
    buttons=dialogue_buttons,
    crumbs=crumbs,
    label="AMBER",
)
dialogue_change = FormScreen.as_view(
    title=_("Change the dialogue"),
    subject=selectors.dialogue_get,
    subject_name="dialogue",
    form=forms.ChangeForm,
    service=preparing.dialogue_change,
    initial=lambda d: {name: getattr(d, name) for name in sorted(preparing.CHANGEABLE)},
    done=_("It is changed."),
    crumbs=crumbs,
)
dialogue_open = DialogueStepScreen.as_view(
    question=_("Open it for rating?"),
    consequence=_("Whoever has the link can rate from now on."),
    subject=selectors.dialogue_get, subject_name="dialogue",
    service=preparing.dialogue_move, step=DialogueStep.RATING,
    done=_("It is open for rating."), crumbs=crumbs,
)  # fmt: skip
dialogue_begin = DialogueStepScreen.as_view(
    question=_("Begin the meeting?"),
    consequence=_("People can go on rating an area until it is shown."),
    subject=selectors.dialogue_get, subject_name="dialogue",
    service=preparing.dialogue_move, step=DialogueStep.MEETING,
    done_url=lambda d: reverse("maturity:meet", args=[d.pk]), crumbs=crumbs,
)  # fmt: skip
dialogue_close = DialogueStepScreen.as_view(
    question=_("Close the dialogue?"),
    consequence=_("Nothing in it can be changed after that, unless the meeting is opened again."),
    subject=selectors.dialogue_get, subject_name="dialogue",
    service=preparing.dialogue_move, step=DialogueStep.CLOSED,
    done=_("The dialogue is closed."), crumbs=crumbs,
)  # fmt: skip
dialogue_reopen = DialogueStepScreen.as_view(
    question=_("Open the meeting again?"),
    subject=selectors.dialogue_get, subject_name="dialogue",
    service=preparing.dialogue_move, step=DialogueStep.MEETING,
    done=_("The meeting is open again."), crumbs=crumbs,
)  # fmt: skip
links_renew = ActionScreen.as_view(
    question=_("Make new links?"),
    consequence=_(
        "The old ones stop working at once, the one on the wall too. What has been rated "
        "stays."
    ),
    subject=selectors.dialogue_get, subject_name="dialogue",
    service=preparing.links_renew, done=_("There are new links."), crumbs=crumbs,
)  # fmt: skip
invite = FormScreen.as_view(
    title=_("Invite"),
    intro=_("Each gets a letter with the way in. Nothing in it leads to what they answer."),
    subject=selectors.dialogue_get, subject_name="dialogue",
    form=forms.InviteForm, service=preparing.participants_invite,
    button=_("Send the invitations"), done=_("The invitations are on their way."),
    is_back_at_subject=True, crumbs=crumbs,
)  # fmt: skip
targets = Targets.as_view(
    title=_("Where do we want to be?"),
    subject=selectors.dialogue_get, subject_name="dialogue",
    form=forms.TargetsForm, service=preparing.targets_set, crumbs=crumbs,
    done=_("The targets are set."),
)  # fmt: skip
area_add = FormScreen.as_view(
    title=_("Add an own area"),
    intro=_("Beside the six. It is rated on the same four levels."),
    subject=selectors.dialogue_get, subject_name="dialogue",
    form=forms.AreaForm, service=preparing.area_add, done_url=page_of, crumbs=crumbs,
)  # fmt: skip
area_remove = ActionScreen.as_view(
    question=_("Take the area out?"), is_dangerous=True,
    subject=selectors.area_get, subject_name="area",
    service=preparing.area_remove, done_url=page_of, back_url=page_of, is_back_at_subject=True,
    crumbs=crumbs,
)  # fmt: skip
paper = Paper.as_view(
    title=_("Type in a paper form"),
    intro=_("One form at a time. Nothing tells afterwards whose it was."),
    subject=selectors.dialogue_get, subject_name="dialogue",
    form=forms.PaperForm, service=rating.paper_enter, button=_("Keep, and the next one"),
    done=_("The form is kept."), crumbs=crumbs,
    done_url="", back_url=page_of,
)  # fmt: skip
wall = Wall.as_view(title=_("The way in"))
slides = File.as_view(make=_as(dialogue_slides), ending="pptx", content_type=PPTX)
pdf = File.as_view(make=_as(dialogue_pdf), ending="pdf", content_type="application/pdf")
paper_form = File.as_view(make=_as(paper_pdf), ending="pdf", content_type="application/pdf")
