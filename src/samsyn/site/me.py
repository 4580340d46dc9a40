"""One's own page: one's roles, those that are offered, and the API tokens."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from samsyn.access import offering
from samsyn.access.actor import Actor
from samsyn.access.http import ActorRequest
from samsyn.access.letters import as_read
from samsyn.access.models import ApiToken, Membership, RoleOffer
from samsyn.access.permission_words import WORDS
from samsyn.access.permissions import Permission
from samsyn.access.selectors import own_memberships, role_offers_to, token_list
from samsyn.access.services import membership_leave, token_create, token_revoke
from samsyn.kernel.errors import NotFound, RuleViolation
from samsyn.messages.sealing import seal_text, unseal_text
from samsyn.ui.components import Fact, FactList
from samsyn.ui.screens import ActionScreen, ActorForm, Screen
from samsyn.webhooks.selectors import webhooks_by_token

FRESH = "new_token"  # in the session, sealed, until the page has shown it


class TokenForm(ActorForm):
    """A new API token."""

    name = forms.CharField(
        label=_("What it is for"), max_length=80, help_text=_("So that you recognise it.")
    )
    days = forms.IntegerField(label=_("Days until it ends"), min_value=1, max_value=366, initial=90)
    only = forms.MultipleChoiceField(
        label=_("What it may do"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Choose only what the program needs. If you choose nothing, it may do all that you may."
        ),
    )

    def __init__(self, *args: Any, actor: Actor, **more: Any) -> None:
        super().__init__(*args, actor=actor, **more)
        known = [(each.value, words) for each, words in WORDS.items() if actor.may_anywhere(each)]
        self.fields["only"].choices = sorted(known, key=lambda each: as_read(str(each[1])))  # type: ignore[attr-defined]  # it is such a field


class Me(Screen):
    """One's own page."""

    template_name = "site/me.html"
    title = _("Settings and API tokens")

    def get(self, request: ActorRequest) -> HttpResponse:
        sealed = request.session.pop(FRESH, "")
        form = TokenForm(actor=request.actor)
        return self.page(request, form, secret=_opened(sealed))

    def post(self, request: ActorRequest) -> HttpResponse:
        form = TokenForm(request.POST, actor=request.actor)
        if not form.is_valid():
            return self.page(request, form, status=422)
        try:
            token = token_create(actor=request.actor, person=request.user, **form.cleaned_data)
        except RuleViolation as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            return self.page(request, form, status=422)
        # The page is fetched anew, so that reloading it makes no second token.
        request.session[FRESH] = seal_text(token.secret)  # type: ignore[attr-defined]  # token_create puts it there, this once
        return redirect("site:me")

    def page(
        self, request: ActorRequest, form: TokenForm, status: int = 200, secret: str = ""
    ) -> HttpResponse:
        """Show the page; ``secret`` is a new token's, shown this once."""
        response = self.show(
            status=status,
            form=form,
            secret=secret,
            tokens=[(each, may_text(each)) for each in token_list(actor=request.actor)],
            memberships=own_memberships(request.user.pk),
            offers=list(role_offers_to(actor=request.actor)),
        )
        response["Cache-Control"] = "no-store"
        return response


def may_text(token: ApiToken) -> str:
    """Return what a token may do, in words."""
    if token.only is None:
        return gettext("may do all that you may")
    known = (str(WORDS[Permission(name)]) for name in token.only)
    return gettext("may %(what)s") % {"what": ", ".join(sorted(known))}


def _opened(sealed: str) -> str:
    """Return the secret that the session holds; nothing if the installation's has been replaced."""
    try:
        return unseal_text(sealed) if sealed else ""
    except ValueError:
        return ""


def token_of(*, actor: Any, pk: int) -> Any:
    """Return one of the actor's own tokens."""
    found = token_list(actor=actor).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("No such token."))
    return found


def role_of(*, actor: Any, pk: int) -> Membership:
    """Return one of the actor's own roles."""
    found = next((one for one in own_memberships(actor.person_id or 0) if one.pk == pk), None)
    if found is None:
        raise NotFound(_("No such role."))
    return found


def offer_of(*, actor: Any, pk: int) -> RoleOffer:
    """Return one of the roles that are offered to the actor."""
    found = role_offers_to(actor=actor).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("No such role."))
    return found


class OwnRole(ActionScreen):
    """One press about a role of one's own, or one that is offered; says whose, and by whom."""

    done_url = back_url = "/me/"

    def words(self, subject: Membership | RoleOffer) -> dict[str, Any]:
        by = subject.offered_by if isinstance(subject, RoleOffer) else None
        facts = (
            Fact(name=gettext("Organisation"), value=subject.organisation.name),
            Fact(name=gettext("Role"), value=subject.get_role_display()),
            Fact(name=gettext("Offered by"), value=f"{by.name}, {by.email}" if by else ""),
        )
        return {"facts": FactList(facts=tuple(fact for fact in facts if fact.value))}


me = Me.as_view()
role_end = OwnRole.as_view(
    title=_("End your role"),
    question=_("End your role today?"),
    consequence=_("You no longer see what it shows. What you did stays on record."),
    subject=role_of,
    subject_name="membership",
    service=membership_leave,
    is_dangerous=True,
    done=_("The role has ended."),
)
role_accept = OwnRole.as_view(
    title=_("Accept the role"),
    question=_("Accept this role?"),
    consequence=_(
        "The organisation's people then see your name, and in the change log when you sign in."
        " You can end the role at any time."
    ),
    subject=offer_of,
    subject_name="offer",
    service=offering.role_accept,
    done=_("You have the role."),
)
role_decline = OwnRole.as_view(
    title=_("Decline the role"),
    question=_("Decline this role?"),
    consequence=_("The organisation learns that it is declined, and nothing else about you."),
    subject=offer_of,
    subject_name="offer",
    service=offering.role_decline,
    button=_("Yes, decline"),
    done=_("The role is declined."),
)


class TokenEnd(ActionScreen):
    """Ends a token; says beforehand which webhooks end with it."""

    def words(self, subject: Any) -> dict[str, Any]:
        found = webhooks_by_token(actor=self.request.actor, token=subject.pk)
        if not found:
            return {}
        named = ", ".join(f"{each.name} ({each.organisation.name})" for each in found)
        said = gettext("These webhooks, last saved by it, are switched off: %s.") % named
        return {"consequence": f"{self.consequence} {said}"}


token_end = TokenEnd.as_view(
    title=_("End the token"),
    question=_("End this token now?"),
    consequence=_("Programs that use it are refused from this moment."),
    subject=token_of,
    subject_name="token",
    service=token_revoke,
    is_dangerous=True,
    button=_("End it"),
    done=_("The token is ended."),
    done_url="/me/",
    back_url="/me/",
)
