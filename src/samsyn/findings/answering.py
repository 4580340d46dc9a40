"""The pages behind the links in letters: what it is, what to do, and an answer in one tap.

Nobody signs in here; the signature in the address is the key (``answer_links``). Looking
changes nothing, since mail programs open links on their own. A wrong link is not told
apart from a link to nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from samsyn.access.http import client_place
from samsyn.access.middleware import LANGUAGE_COOKIE
from samsyn.access.pace import count
from samsyn.findings.answer_forms import LetterAnswerForm
from samsyn.findings.answer_links import LinkExpired, Opened, contact_actor, link_open
from samsyn.findings.evidence import explained_tags, seen_facts
from samsyn.findings.letters import in_the_words_of, place_of
from samsyn.findings.models import AnswerKind, Finding
from samsyn.findings.services import finding_answer
from samsyn.findings.texts import advice, answer_by, report_title
from samsyn.kernel.errors import Conflict, NotFound, RuleViolation
from samsyn.ui.errors import dead_link_page, error_page

WRONG_MOST = 30  # wrong links from one address in ten minutes
ANSWERS_MOST = 200  # answers through one letter in ten minutes
LISTED_MOST = 200
NO_HURRY = timedelta(days=90)  # what a plan has where its severity sets no day
View = Callable[..., HttpResponse]


def by_link(view: View) -> View:
    """Open the link before the view, speak its reader's language, and fail without detail."""

    @wraps(view)
    def run(request: HttpRequest, token: str, **url: Any) -> HttpResponse:
        try:
            opened = link_open(token)
            language = _language(request, opened)
            request.LANGUAGE_CODE = language
            with in_the_words_of(language):
                response = view(request, opened=opened, token=token, **url)
            response.headers["Content-Language"] = language
        except LinkExpired:
            response = render(request, "findings/answer_gone.html", _gone(), status=410)
        except NotFound:
            response = _wrong(request)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        # The address is a secret, so it goes to nobody else. Not "no-referrer": a browser
        # then sends the form with "Origin: null", which the CSRF check rightly refuses.
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return never_cache(run)


@require_http_methods(["GET", "HEAD"])
@by_link
def letter(request: HttpRequest, *, opened: Opened, token: str) -> HttpResponse:
    """Show the findings of a letter; one alone is shown at once."""
    if len(opened.findings) == 1:
        return redirect("answer:finding", token, opened.findings[0].pk)
    listed = opened.findings[:LISTED_MOST]
    context = {
        "title": _("Findings to answer"),
        "letter": opened.letter,
        "rows": [(f, report_title(f.report), place_of(f)) for f in listed],
        "more": len(opened.findings) - len(listed),
        "token": token,
    }
    return render(request, "findings/answer_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def finding(request: HttpRequest, *, opened: Opened, token: str, pk: int) -> HttpResponse:
    """Show one finding with the answers to it, and take the answer."""
    subject = opened.finding(pk)
    if request.method != "POST":
        today = timezone.localdate()
        usual = answer_by(subject.severity, today) or today + NO_HURRY
        form = LetterAnswerForm(initial={"until": usual})
        return _page(request, opened, token, subject, form)
    if count(f"answer:{opened.letter.key}") > ANSWERS_MOST:
        return error_page(request, 429)
    form = LetterAnswerForm(request.POST)
    if form.is_valid() and _answered(opened, subject, form):
        return redirect("answer:thanks", token, subject.pk)
    return _page(request, opened, token, subject, form, status=422)


@require_http_methods(["GET", "HEAD"])
@by_link
def thanks(request: HttpRequest, *, opened: Opened, token: str, pk: int) -> HttpResponse:
    """Say what was answered, what happens next, and how to answer otherwise."""
    subject = opened.finding(pk)
    if not subject.answer_kind:
        return redirect("answer:finding", token, pk)
    left = [f for f in opened.findings if f.is_unsolved and not f.answer_kind and f.pk != pk]
    context = {
        "title": _("Thank you, the answer has arrived"),
        "finding": subject,
        "operator": opened.letter.operator,
        "token": token,
        "next": left[0] if left else None,
        "left": len(left),
        "has_list": len(opened.findings) > 1,
    }
    return render(request, "findings/answer_thanks.html", context)


def _answered(opened: Opened, subject: Finding, form: LetterAnswerForm) -> bool:
    """Record the answer; a rule it breaks, or a change meanwhile, becomes an error of the form."""
    given = form.cleaned_data
    is_plan = given["answer"] == AnswerKind.PLANNED
    try:
        finding_answer(
            actor=contact_actor(opened.letter),
            finding=subject,
            answer=given["answer"],
            at=timezone.now(),
            until=given["until"] if is_plan else None,
            note=given["note"],
        )
    except RuleViolation as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return False
    except Conflict as error:  # the page is shown anew, with what was typed
        form.add_error(None, str(error))
        return False
    return True


def _page(
    request: HttpRequest,
    opened: Opened,
    token: str,
    subject: Finding,
    form: LetterAnswerForm,
    *,
    status: int = 200,
) -> HttpResponse:
    words = advice(subject.report, taxonomy=subject.taxonomy, rsit_type=subject.rsit_type)
    context = {
        "title": words.title,
        "finding": subject,
        "advice": words,
        "place": place_of(subject),
        "explained": explained_tags(subject),
        "seen": seen_facts(subject),
        "operator": opened.letter.operator,
        "form": form,
        "token": token,
        "has_list": len(opened.findings) > 1,
        "today": timezone.localdate(),
    }
    return render(request, "findings/answer.html", context, status=status)


def _language(request: HttpRequest, opened: Opened) -> str:
    """Return the contact's language, unless another was chosen on this device."""
    chosen = request.COOKIES.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in dict(settings.LANGUAGES) else opened.letter.language


def _gone() -> dict[str, Any]:
    return {"title": _("This link does not work any more")}


def _wrong(request: HttpRequest) -> HttpResponse:
    """Answer a link that opens nothing; many of them from one place are guesses."""
    is_guessing = count(f"wrong-link:{client_place(request)}") > WRONG_MOST
    return error_page(request, 429) if is_guessing else dead_link_page(request)
