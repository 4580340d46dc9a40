"""Rating alone, on a phone: no account, one area at a time, nothing said of who one is."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from samsyn.access.http import client_place
from samsyn.access.middleware import LANGUAGE_COOKIE
from samsyn.access.pace import count
from samsyn.access.rows import shown
from samsyn.kernel.errors import NotFound, RuleViolation
from samsyn.maturity.forms import RateForm
from samsyn.maturity.links import Seat, door_open, participant_actor, seat_open, seat_token
from samsyn.maturity.models import Dialogue, DialogueArea, DialogueStep, Group, Rating
from samsyn.maturity.pages import text_of
from samsyn.maturity.selectors import own_ratings
from samsyn.maturity.services.rating import rating_give, ratings_withdraw
from samsyn.ui.errors import dead_link_page, error_page

SEAT_COOKIE = f"{settings.PATH_COOKIE_PREFIX}samsyn_seat_%d"
SEAT_SECONDS = 30 * 24 * 3600
SEATS_MOST = 300  # from one address in ten minutes: a whole hall behind one router
WRONG_MOST = 60
View = Callable[..., HttpResponse]


def by_token(open_it: Callable[[str], Any]) -> Callable[[View], View]:
    """Open the link before the view, speak the reader's language, and fail without detail."""

    def decorate(view: View) -> View:
        @wraps(view)
        def run(request: HttpRequest, token: str, **url: Any) -> HttpResponse:
            try:
                opened = open_it(token)
                dialogue = opened.dialogue if isinstance(opened, Seat) else opened
                language = _language(request, dialogue)
                request.LANGUAGE_CODE = language
                with translation.override(language), shown([dialogue.organisation_id]):
                    response = view(request, opened, token=token, **url)
                response.headers["Content-Language"] = language
            except NotFound:
                response = _wrong(request)
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
            response.headers["Referrer-Policy"] = "same-origin"  # the address is a secret
            return response

        return never_cache(run)

    return decorate


@require_http_methods(["GET", "HEAD", "POST"])
@by_token(door_open)
def door(request: HttpRequest, dialogue: Dialogue, *, token: str) -> HttpResponse:
    """Say what this is, and give a seat to whoever says which side they sit on."""
    kept = request.COOKIES.get(SEAT_COOKIE % dialogue.pk, "")
    if kept and _is_seat_of(kept, dialogue):
        return redirect("rate:seat", kept)
    if dialogue.step == DialogueStep.CLOSED:
        return dead_link_page(request, 410)
    if request.method == "POST" and dialogue.is_open_for_rating:
        if _is_too_much(request, SEATS_MOST):
            return error_page(request, 429)
        return _seated(request, dialogue)
    context = {
        "title": dialogue.title,
        "dialogue": dialogue,
        "groups": Group.choices,
        "areas": list(dialogue.areas.all()),
        "token": token,
    }
    return render(request, "maturity/door.html", context)


@require_http_methods(["GET", "HEAD"])
@by_token(seat_open)
def seat(request: HttpRequest, seat: Seat, *, token: str) -> HttpResponse:
    """Show the areas, which of them one has rated, and which comes next."""
    given = own_ratings(dialogue=seat.dialogue, rater=seat.rater)
    areas = list(seat.dialogue.areas.all())
    left = [a for a in areas if a.pk not in given and not a.is_revealed]
    context = {
        "title": seat.dialogue.title,
        "dialogue": seat.dialogue,
        "rows": [(area, given.get(area.pk)) for area in areas],
        "rated": len(given),
        "total": len(areas),
        "next": left[0] if left and seat.dialogue.is_open_for_rating else None,
        "token": token,
    }
    return render(request, "maturity/seat.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@by_token(seat_open)
def area(request: HttpRequest, seat: Seat, *, token: str, area: int) -> HttpResponse:
    """Show one area with its levels, and take the rating."""
    found = seat.dialogue.areas.filter(pk=area).first()
    if found is None:
        raise NotFound(_("No such area."))
    if found.is_revealed or not seat.dialogue.is_open_for_rating:
        return redirect("rate:seat", token)
    given = own_ratings(dialogue=seat.dialogue, rater=seat.rater).get(found.pk)
    by_aspect = seat.dialogue.is_by_aspect
    if request.method != "POST":
        form = RateForm(initial=_filled(given), is_by_aspect=by_aspect)
        return _area_page(request, seat, token, found, form)
    form = RateForm(request.POST, is_by_aspect=by_aspect)
    is_asked = "asked" in request.POST
    if form.is_valid() and form.asks_for_evidence() and not is_asked:
        return _area_page(request, seat, token, found, form, asks=True)
    if form.is_valid() and _rated(seat, found, form):
        return redirect("rate:seat", token)
    return _area_page(request, seat, token, found, form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@by_token(seat_open)
def withdraw(request: HttpRequest, seat: Seat, *, token: str) -> HttpResponse:
    """Ask whether one's ratings shall be taken back, and do it."""
    if request.method == "POST":
        actor = participant_actor(seat.dialogue)
        ratings_withdraw(actor=actor, dialogue=seat.dialogue, rater=seat.rater)
        return redirect("rate:seat", token)
    context = {"title": _("Take back what you rated?"), "dialogue": seat.dialogue, "token": token}
    return render(request, "maturity/withdraw.html", context)


def _seated(request: HttpRequest, dialogue: Dialogue) -> HttpResponse:
    group = request.POST.get("group", "")
    chosen = group if group in Group.values else Group.STAFF
    token = seat_token(dialogue, chosen)
    response = redirect("rate:seat", token)
    response.set_cookie(
        SEAT_COOKIE % dialogue.pk,
        token,
        max_age=SEAT_SECONDS,
        path="/rate/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _is_seat_of(token: str, dialogue: Dialogue) -> bool:
    try:
        return seat_open(token).dialogue.pk == dialogue.pk
    except NotFound:
        return False


def _rated(seat: Seat, area: DialogueArea, form: RateForm) -> bool:
    try:
        rating_give(
            actor=participant_actor(seat.dialogue),
            dialogue=seat.dialogue,
            area=area.pk,
            rater=seat.rater,
            group=seat.group,
            given=form.given(),
        )
    except RuleViolation as error:
        form.add_error(None, str(error))
        return False
    return True


def _filled(given: Rating | None) -> dict[str, Any]:
    if given is None:
        return {}
    aspects = {f"aspect-{key}": level for key, level in given.aspects.items()}
    return {"level": given.level, "reason": given.reason, "evidence": given.evidence, **aspects}


def _area_page(
    request: HttpRequest,
    seat: Seat,
    token: str,
    area: DialogueArea,
    form: RateForm,
    *,
    asks: bool = False,
    status: int = 200,
) -> HttpResponse:
    areas = list(seat.dialogue.areas.all())
    context = {
        "title": area.name,
        "dialogue": seat.dialogue,
        "area": area,
        "text": text_of(area),
        "form": form,
        "level": str(form["level"].value() or ""),
        "aspect_fields": [form[f"aspect-{key}"] for key in form.aspects],
        "asks": asks,
        "place": 1 + [a.pk for a in areas].index(area.pk),
        "total": len(areas),
        "before": _before(seat.dialogue, area),
        "token": token,
    }
    return render(request, "maturity/rate.html", context, status=status)


def _before(dialogue: Dialogue, area: DialogueArea) -> DialogueArea | None:
    """Return the same area last time, whose words stand beside the new ones."""
    if dialogue.previous is None:
        return None
    return dialogue.previous.areas.filter(key=area.key, agreed__isnull=False).first()


def _language(request: HttpRequest, dialogue: Dialogue) -> str:
    chosen = request.COOKIES.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in dict(settings.LANGUAGES) else dialogue.language


def _wrong(request: HttpRequest) -> HttpResponse:
    """Answer a link that opens nothing; many of them from one place are guesses."""
    is_guessing = _is_too_much(request, WRONG_MOST)
    return error_page(request, 429) if is_guessing else dead_link_page(request)


def _is_too_much(request: HttpRequest, most: int) -> bool:
    """Count one more from this place in ten minutes and return whether it is over the limit."""
    return count(f"seat:{most}:{client_place(request)}") > most
