"""Signed links: they let the reader of one letter answer its findings without an account.

The link names the letter by its key and is signed with a time. What it opens is looked up
when it is used: only findings of that letter, only while the address is still a technical
contact, and only those that still belong to whom the letter was written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.access.rows import beyond_scope
from samsyn.findings.models import Finding
from samsyn.kernel.errors import NotFound
from samsyn.messages.models import Message
from samsyn.messages.selectors import message_by_key
from samsyn.organisations.models import Contact, Lineage, Purpose

SALT = "samsyn.findings.answer"
VALID = timedelta(days=60)
ABOUT = "findings.Finding"
READ_BY = (Purpose.TECHNICAL, Purpose.AROUND_THE_CLOCK)  # whom letters about findings go to
IDS_IN_ONE_QUERY = 500


class LinkExpired(NotFound):
    """The link was good once: it is older than 60 days, or its reader is no contact any more."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link opens: the letter, and the findings in it that may still be answered by it."""

    letter: Message
    findings: tuple[Finding, ...]

    def finding(self, pk: int) -> Finding:
        """Return one of the findings.

        Raises:
            NotFound: it is not among them.

        """
        for each in self.findings:
            if each.pk == pk:
                return each
        raise NotFound(_("No such finding."))


def answer_token(key: str) -> str:
    """Return the token for the letter with this key."""
    return _signer().sign(key)


def answer_url(key: str, finding: Finding | None = None) -> str:
    """Return the address that a letter gives for answering, of all its findings or of one."""
    token = answer_token(key)
    if finding is None:
        return settings.BASE_URL + reverse("answer:letter", args=[token])
    return settings.BASE_URL + reverse("answer:finding", args=[token, finding.pk])


@beyond_scope("the signature names the letter, and the letter its findings")
def link_open(token: str) -> Opened:
    """Return what a token opens.

    Raises:
        NotFound: the token is not one of ours, or its letter is gone.
        LinkExpired: it is too old, or its reader is no technical contact any more.

    """
    try:
        key = _signer().unsign(token, max_age=VALID)
    except SignatureExpired as error:
        raise LinkExpired(_("The link is too old.")) from error
    except BadSignature as error:
        raise NotFound(_("No such link.")) from error
    letter = message_by_key(key)
    if letter is None or letter.about.get("type") != ABOUT:
        raise NotFound(_("No such link."))
    if not _is_contact(letter):
        raise LinkExpired(_("The reader is no contact any more."))
    return Opened(letter, _findings_of(letter))


def contact_actor(letter: Message) -> Actor:
    """Return the actor that the reader of a letter is, for answering and nothing else.

    A contact is an address, not a person with memberships, so no membership can allow
    the answer. The signature has, for the findings that ``link_open`` gave; therefore the
    actor acts as a named job does, narrowed to the one permission.
    """
    only = frozenset({Permission.FINDINGS_ANSWER})
    label = f"contact {letter.to}"
    return Actor(label, is_system=True, only=only, language=letter.language)


def _signer() -> TimestampSigner:
    return TimestampSigner(salt=SALT, sep=".")


def _is_contact(letter: Message) -> bool:
    contacts = Contact.unscoped.filter(  # scope: the signature names the letter
        organisation=letter.organisation_id, purpose__in=READ_BY, email__iexact=letter.to
    )
    return contacts.exists()


def _findings_of(letter: Message) -> tuple[Finding, ...]:
    """Return the letter's findings that still belong to its receiver or are run by it."""
    inside = Lineage.objects.filter(ancestor=letter.organisation_id, same_entity=True)
    its_own = Q(organisation__in=inside.values("descendant")) | Q(
        operated_by__in=inside.values("descendant")
    )
    ids = list(letter.about.get("ids", ()))
    rows = Finding.unscoped.filter(its_own).select_related(  # scope: the signature names them
        "organisation", "operated_by"
    )
    found: list[Finding] = []
    for start in range(0, len(ids), IDS_IN_ONE_QUERY):
        found += rows.filter(pk__in=ids[start : start + IDS_IN_ONE_QUERY])
    order = {pk: place for place, pk in enumerate(ids)}
    return tuple(sorted(found, key=lambda finding: order[finding.pk]))
