"""The mails about a question: to the CISO, and back to who asked."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from samsyn.access.models import Person
from samsyn.messages.models import MessageKind
from samsyn.messages.rules import clean_line, linkless
from samsyn.messages.services import Draft
from samsyn.reporting.models import Question


def question_letter(question: Question, person: Person) -> Draft:
    """Return the mail that tells the CISO of a question, in their own language."""
    with translation.override(person.language):
        asker = question.asked_by.name if question.asked_by else _("Management")
        subject = _("A question from management – %s") % question.organisation.name
        text = _("%s asks:") % linkless(asker)
        return _draft(question, person, subject, (text, linkless(question.text)))


def answer_letter(question: Question, person: Person) -> Draft:
    """Return the mail with the answer to who asked, in their own language."""
    with translation.override(person.language):
        subject = _("An answer to your question – %s") % question.organisation.name
        asked = _("You asked: %s") % linkless(question.text)
        answer = linkless(question.answer)
        return _draft(question, person, subject, (asked, _("The answer:"), answer))


def _draft(question: Question, person: Person, subject: str, parts: tuple[str, ...]) -> Draft:
    url = f"{settings.BASE_URL}{question.get_absolute_url()}"
    hello = _("Hello %s,") % linkless(person.name.partition(" ")[0])
    return Draft(
        kind=MessageKind.REMINDER,
        to=person.email,
        language=person.language,
        subject=clean_line(subject),
        text="\n\n".join((hello, *parts, url)) + "\n",
    )
