"""What a page says when something went wrong: what happened, what is safe, what to do now."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from samsyn.kernel.disk import is_away, is_disk_failure, is_locked
from samsyn.kernel.errors import KeptDamaged
from samsyn.ui.components.base import Text


@dataclass(frozen=True, slots=True)
class ErrorText:
    """The texts of the page for one kind of error."""

    title: Text
    text: Text
    advice: Text
    leads_home: bool = True  # whether the page leads to the first page, where one signs in


TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
ERROR_TEXTS: dict[int, ErrorText] = {
    400: ErrorText(
        _("The question could not be read"),
        _("What was sent to Samsyn was damaged on the way, or too large."),
        _("Go back, reload the page and try again."),
    ),
    403: ErrorText(
        _("You may not do this"),
        _("Your role does not include it. Nothing has been changed."),
        _("Ask the person in charge of roles in your organisation if you need it."),
    ),
    404: ErrorText(
        _("There is nothing here"),
        _("The address is wrong, the page is gone, or you may not see it."),
        _("Check the address, search for it, or begin from the first page."),
    ),
    409: ErrorText(
        _("Somebody else was faster"),
        _("It was changed while you were looking at it. Nothing has been overwritten."),
        _("Go back, reload the page and see what has changed."),
    ),
    411: ErrorText(
        _("The length of what was sent is not known"),
        _("Samsyn takes only what says beforehand how large it is. Nothing has been changed."),
        _("Send it with the header Content-Length."),
    ),
    413: ErrorText(
        _("What was sent is too large"),
        _("It is larger than what is taken at this address. Nothing has been read or changed."),
        _("Send less at a time, or a smaller file."),
    ),
    422: ErrorText(
        _("This cannot be done now"),
        _("A rule prevents it. Nothing has been changed."),
        _("Go back, correct what the message says and try again."),
    ),
    429: ErrorText(
        _("Too many attempts in a short time"),
        _("To protect everyone, Samsyn waits a while before it answers again."),
        _("Wait a few minutes and try once more."),
    ),
    500: ErrorText(
        _("Something broke on our side"),
        _("It is on record and will be looked at. What you had saved before is safe."),
        _("Try once more in a minute. If it happens again, tell your administrator when it was."),
    ),
    503: ErrorText(
        _("An outside source does not answer"),
        _("Samsyn works, but another service that it needs does not answer at the moment."),
        _("Try once more in a few minutes."),
    ),
    507: ErrorText(
        _("The disk is full"),
        _(
            "Samsyn cannot write to its disk at the moment. Nothing was lost, "
            "and what you have just sent was not saved."
        ),
        _("Tell the administrator. When there is room again, go back and send it once more."),
    ),
}
BUSY = ErrorText(
    _("The database is busy"),
    _("Another piece of work, such as a large import, has it just now. Nothing was changed."),
    _("Go back and try again in a few minutes."),
)
AWAY = ErrorText(
    _("The database does not answer"),
    _("Samsyn runs, but cannot use its database at the moment. Nothing was changed."),
    _("Try once more in a few minutes. If it goes on, tell the administrator."),
)


OPEN_TOO_LONG = ErrorText(
    _("The page had been open too long"),
    _("It was sent after signing out or in again, or from another place. Nothing was changed."),
    _("Go back, reload the page and send it once more."),
)
# The same whatever the link was for, and whether it ever was one: it tells a stranger nothing.
DEAD_LINK = ErrorText(
    _("This link does not work"),
    _("It may have been closed or replaced by a new one, or a part of it is missing."),
    _("Ask whoever sent it to you for a new link."),
    leads_home=False,
)
DAMAGED = ErrorText(
    _("A stored file is missing or damaged"),
    _("Samsyn refuses to show or use it, so that nobody relies on something wrong."),
    _("Tell whoever runs Samsyn at your security centre. The health page there says what to do."),
)


def damaged_page(request: HttpRequest, error: KeptDamaged) -> HttpResponse:
    """Return the page that says which kept file cannot be used."""
    return error_page(request, error.http_status, str(error), error_text=DAMAGED)


def dead_link_page(request: HttpRequest, status: int = 404) -> HttpResponse:
    """Return the page for a link with a signature or a secret that opens nothing."""
    return error_page(request, status, error_text=DEAD_LINK)


def error_page(
    request: HttpRequest, status: int, detail: str = "", *, error_text: ErrorText | None = None
) -> HttpResponse:
    """Return the page for one kind of error, in the frame; ``detail`` is shown as it is."""
    error_text = error_text or ERROR_TEXTS[status]
    values = {
        "title": error_text.title,
        "error_text": error_text,
        "detail": detail,
        "status": status,
    }
    return render(request, "ui/error.html", values, status=status)


def bad_request(request: HttpRequest, exception: Any) -> HttpResponse:
    """Return the page for what could not be read, or was more than is taken."""
    return error_page(request, status_of_refused(exception))


def status_of_refused(exception: Any) -> int:
    """Return the status of what Django did not read to its end."""
    return 413 if isinstance(exception, TOO_MUCH) else 400


def not_allowed(request: HttpRequest, exception: Any) -> HttpResponse:  # noqa: ARG001  Django's signature
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Any) -> HttpResponse:  # noqa: ARG001  Django's signature
    return error_page(request, 404)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  Django's signature
    """Return the page for a form that was sent from elsewhere or after signing out."""
    return error_page(request, 403, error_text=OPEN_TOO_LONG)


def server_error(request: HttpRequest) -> HttpResponse:
    """Return the page for a fault of ours; it asks neither database nor frame for anything.

    Django calls this while it handles the exception, wherever that came from.
    """
    error = sys.exc_info()[1]
    if is_disk_failure(error):
        error_text, status = ERROR_TEXTS[507], 507
    elif is_locked(error):
        error_text, status = BUSY, 503
    elif is_away(error):
        error_text, status = AWAY, 503
    else:
        error_text, status = ERROR_TEXTS[500], 500
    values = {"title": error_text.title, "error_text": error_text, "status": status}
    return HttpResponse(_bare(request, values), status=status)


def _bare(_request: HttpRequest, values: dict[str, Any]) -> str:
    return render_to_string("ui/error_bare.html", values)
