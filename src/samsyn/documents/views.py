from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.access.http import ActorRequest
from samsyn.access.permissions import Permission
from samsyn.documents import forms, selectors, services
from samsyn.documents.models import Document, Link
from samsyn.documents.pages import document_buttons, document_page
from samsyn.documents.receiving import file_take, size_limit
from samsyn.documents.sending import file_taken
from samsyn.documents.tables import DOCUMENTS
from samsyn.kernel.errors import NotFound, RuleViolation, SourceUnavailable
from samsyn.kernel.refs import KINDS, Ref, thing_at
from samsyn.ui.components import EmptyState
from samsyn.ui.navigation import Crumb
from samsyn.ui.screens import ActionScreen, Button, DetailScreen, FormScreen, ListScreen, Screen

HOME = Crumb(label=_("Evidence"), url="/documents/")


def crumbs(subject: Any = None) -> tuple[Crumb, ...]:
    """Return the way to a page about a document, or about what it is attached to."""
    if isinstance(subject, Document):
        return (HOME, Crumb(label=subject.title, url=subject.get_absolute_url()))
    if subject is not None and hasattr(subject, "get_absolute_url"):
        return (Crumb(label=str(subject), url=subject.get_absolute_url()),)
    return (HOME,)


def list_buttons(*, actor: Actor) -> tuple[Button, ...]:
    """Return what can be done beside the list."""
    if not actor.may_anywhere(Permission.DOCUMENTS_ADD):
        return ()
    return (Button(label=_("Add a file"), url=reverse("documents:create"), is_primary=True),)


class FileUploadScreen(FormScreen):
    """A form with a file, which is taken in before anything is written down."""

    def run(self, subject: Any, **given: Any) -> Any:
        try:
            content = file_take(given.pop("file"))
        except SourceUnavailable as error:  # in the form, so that nothing typed is lost
            raise RuleViolation(str(error), field="file") from error
        return super().run(subject, content=content, **given)

    def upload_most(self) -> int:
        return size_limit()


class DocumentCreate(FileUploadScreen):
    """A new document; ``?for=`` names the thing it is evidence of."""

    form = forms.DocumentForm
    subject_name = "thing"
    same: Document | None = None  # what the file is already

    def get_subject(self, **url: Any) -> Any:
        del url
        return self.seen(thing_named(self.request))

    def for_form(self, subject: Any) -> dict[str, Any]:
        return {"thing": subject}

    def run(self, subject: Any, **given: Any) -> Any:
        if subject is not None:
            given["organisation"] = subject.organisation
        try:
            return super().run(subject, **given)
        except services.AlreadyHere as error:
            self.same = error.document
            raise

    def page(self, subject: Any, form: Any, status: int = 200, **more: Any) -> HttpResponse:
        if self.same is not None:
            form.offer_again(self.same)
        return super().page(subject, form, status, **more)

    def after(self, subject: Any, result: Any) -> HttpResponse:
        return super().after(subject, subject or result)


class Attach(FormScreen):
    """Chooses a document that is here already for the thing that ``?for=`` names."""

    form = forms.AttachForm
    subject_name = "thing"
    is_back_at_subject = True

    def get(self, request: ActorRequest, **url: Any) -> HttpResponse:
        if not request.GET.get("for"):  # nothing to attach to: choose that first
            return redirect(HOME.url)
        return super().get(request, **url)

    def get_subject(self, **url: Any) -> Any:
        del url
        thing = thing_named(self.request)
        if thing is None:
            raise NotFound(_("No such thing."))
        return self.seen(thing)

    def for_form(self, subject: Any) -> dict[str, Any]:
        return {"thing": subject}

    def run(self, subject: Any, **given: Any) -> Any:
        document = selectors.document_get(actor=self.request.actor, pk=int(given["document"]))
        return super().run(subject, document=document)


class Download(Screen):
    """Sends a file to be saved, never to be shown by the browser."""

    def get(self, request: ActorRequest, pk: int) -> HttpResponseBase:
        version = selectors.version_get(actor=request.actor, pk=pk)
        return file_taken(request.actor, version)


def thing_named(request: ActorRequest) -> Any:
    """Return the thing that ``?for=`` names, or None.

    Raises:
        NotFound: there is none, or the actor may not see it.

    """
    text = request.GET.get("for", "")
    if not text:
        return None
    thing = thing_at(Ref.read(text), actor=request.actor)
    if not hasattr(thing, "organisation"):
        raise NotFound(_("Nothing can be attached to it."))
    return thing


def place_of(link: Link) -> str:
    """Return the page of what a document was attached to."""
    kind = KINDS.get(link.kind)
    if kind is None:
        return link.document.get_absolute_url()
    return f"{reverse('documents:place')}?for={Ref(link.kind, link.object_id)}"


class ThingRedirect(Screen):
    """Goes on to the thing that ``?for=`` names."""

    def get(self, request: ActorRequest) -> HttpResponse:
        thing = thing_named(request)
        target = thing.get_absolute_url() if thing is not None else HOME.url
        return redirect(target)


class Detach(ActionScreen):
    """Takes evidence away, and goes back to where it stood."""

    def after(self, subject: Any, result: Any) -> HttpResponse:
        del result
        self.done_url = place_of(subject)
        return super().after(None, None)

    def way_back(self, subject: Any) -> str:
        return place_of(subject)


document_list = ListScreen.as_view(
    title=_("Evidence"),
    intro=_("Files that show how it is: minutes, reports, policies, pictures, logs."),
    selector=selectors.document_list,
    filters=forms.DocumentFilters,
    columns=DOCUMENTS,
    order="-created_at",
    buttons=list_buttons,
    empty=EmptyState(
        title=_("No evidence yet"),
        text=_(
            "When management asks how we know, the answer stands here. Begin with the minutes of "
            "the last meeting, or the record of a restore test."
        ),
        action=_("Add a file"),
        url="new/",
        permission=Permission.DOCUMENTS_ADD,
    ),
)
document_detail = DetailScreen.as_view(
    subject=selectors.document_get,
    template_name="documents/detail.html",
    content=document_page,
    buttons=document_buttons,
    crumbs=(HOME,),
)
document_create = DocumentCreate.as_view(
    title=_("Add a file"),
    service=services.document_add,
    button=_("Add it"),
    done=_("The file is here."),
    crumbs=crumbs,
    back_url=lambda subject: subject.get_absolute_url() if subject else "/documents/",
)
document_change = FormScreen.as_view(
    title=_("Change what is said of it"),
    subject=selectors.document_get,
    subject_name="document",
    form=forms.FactsForm,
    initial=lambda d: {n: getattr(d, n) for n in forms.FactsForm.base_fields},
    service=services.document_change,
    done=_("The change is saved."),
    crumbs=crumbs,
)
document_remove = ActionScreen.as_view(
    title=_("Remove the document"),
    question=_("Remove it with all its versions?"),
    consequence=_("The files are gone tomorrow. The trail keeps that they were here."),
    subject=selectors.document_get,
    subject_name="document",
    service=services.document_remove,
    is_dangerous=True,
    done=_("The document is removed."),
    done_url="/documents/",
    crumbs=crumbs,
)
version_add = FileUploadScreen.as_view(
    title=_("Add a newer version"),
    intro=_("The older versions stay and can still be read."),
    subject=selectors.document_get,
    subject_name="document",
    form=forms.VersionForm,
    service=services.version_add,
    button=_("Add it"),
    done=_("The newer version is here."),
    crumbs=crumbs,
)
attach = Attach.as_view(
    title=_("Choose evidence that is here"),
    service=services.document_attach,
    button=_("Attach it"),
    done=_("It is attached."),
    crumbs=crumbs,
)
detach = Detach.as_view(
    title=_("Take evidence away"),
    question=_("Take this document away from where it stands?"),
    consequence=_("The document itself stays. The trail keeps that it was attached."),
    subject=selectors.link_get,
    subject_name="link",
    service=services.document_detach,
    button=_("Take it away"),
    done=_("It is taken away."),
)
download = Download.as_view()
place = ThingRedirect.as_view()
