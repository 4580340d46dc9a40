from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.access.models import LANGUAGES
from samsyn.access.naming import AddressField
from samsyn.access.permissions import Permission
from samsyn.access.scoping import OrganisationOwned, ScopedManager


class MessageState(models.TextChoices):
    """How far a message has come."""

    WAITING = "waiting", _("waiting")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    KEPT = "kept", _("kept here, not sent")
    FAILED = "failed", _("refused")
    GIVEN_UP = "given_up", _("given up")
    RETURNED = "returned", _("came back")


NOT_ARRIVED = (MessageState.FAILED, MessageState.GIVEN_UP, MessageState.RETURNED)


class MessageKind(models.TextChoices):
    """What sort of message it is, which also decides who may read it."""

    DIGEST = "digest", _("digest")
    URGENT = "urgent", _("urgent")
    ACCOUNT = "account", _("about an account")
    REMINDER = "reminder", _("reminder")
    INVITATION = "invitation", _("invitation")


LETTERS = (MessageKind.DIGEST, MessageKind.URGENT)  # about findings


class Problem(models.TextChoices):
    """Why the last try failed, in words of ours: a server's own may hold secrets."""

    NO_CONNECTION = "no_connection", _("The mail server cannot be reached.")
    SIGN_IN_REFUSED = "sign_in_refused", _("The mail server does not let us sign in.")
    CONNECTION_LOST = "connection_lost", _("The connection was lost while sending.")
    SENDER_REFUSED = "sender_refused", _("The mail server refused our own address.")
    RECIPIENT_REFUSED = "recipient_refused", _("The mail server refused the receiver's address.")
    CONTENT_REFUSED = "content_refused", _("The mail server refused the message.")
    UNREADABLE = "unreadable", _("The message could not be written as mail.")
    RETURNED = "returned", _("The message came back from the receiver's mail server.")


def new_key() -> str:
    """Return a name for a message that nobody can guess."""
    return uuid4().hex


class PasswordRequest(models.Model):
    """Somebody asked for a new password; kept until the worker has looked up who has the address.

    ``sealed`` is the address, encrypted: people type passwords into the wrong field.
    """

    WITHOUT_POLICY = "is recorded before anybody is known; readable with the installation's secret"

    sealed = models.TextField(_("sealed address"))
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)

    class Meta:
        verbose_name = _("request for a new password")
        verbose_name_plural = _("requests for a new password")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"


class Message(OrganisationOwned):
    """One mail to one address about one member, and what became of it.

    ``organisation`` is the member it concerns, ``operator`` who sends it. ``key`` names
    it in its Message-ID and in signed links; ``about`` points to what it tells of, as
    ``{"type": "findings.Finding", "ids": [...]}``.
    """

    AUDIT_HIDDEN = frozenset({"text", "html", "sealed", "key", "about", "file_text"})

    operator = models.ForeignKey(
        "organisations.Organisation",
        verbose_name=_("operator"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    kind = models.CharField(_("kind"), max_length=10, choices=MessageKind.choices)
    key = models.CharField(_("key"), max_length=32, unique=True, default=new_key)
    dedupe_key = models.CharField(_("sent once as"), max_length=120, unique=True)
    to = AddressField(_("to"))
    reply_to = AddressField(_("answers go to"), blank=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    html = models.TextField(_("as a page"), blank=True)
    sealed = models.TextField(_("sealed links"), blank=True)  # see sealing.py
    file_name = models.CharField(
        _("attached file"), max_length=120, blank=True, default="", db_default=""
    )
    file_text = models.TextField(_("text of the file"), blank=True, default="", db_default="")
    about = models.JSONField(_("about"), default=dict, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=MessageState.choices, default=MessageState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try at"), null=True, blank=True)
    lease = models.CharField(_("lease"), max_length=32, blank=True)
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    problem = models.CharField(_("problem"), max_length=20, choices=Problem.choices, blank=True)
    problem_code = models.PositiveSmallIntegerField(_("code of the problem"), default=0)
    message_id = models.CharField(_("message id"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("written at"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    # What it told does not count as told since then: it did not arrive.
    undone_at = models.DateTimeField(_("not counted as told since"), null=True, blank=True)
    # No further letter goes to its address until a person says so.
    blocks_address = models.BooleanField(_("address not used"), default=False, db_default=False)

    # Only by member: an analyst who is not assigned to it does not read its mail.
    objects = ScopedManager(Permission.MESSAGES_VIEW)

    class Meta(OrganisationOwned.Meta):
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="message_sent_has_time", condition=~Q(state="sent") | Q(sent_at__isnull=False)
            )
        ]
        indexes = [
            models.Index(fields=["-created_at"], name="message_by_time"),
            models.Index(
                fields=["next_try_at"],
                name="message_to_send",
                condition=Q(state__in=["waiting", "sending"]),
            ),
            models.Index(
                fields=["state"],
                name="message_not_arrived",
                condition=Q(state__in=["failed", "given_up", "returned"]),
            ),
            models.Index(
                fields=["undone_at"], name="message_undone", condition=Q(undone_at__isnull=False)
            ),
            models.Index(fields=["to"], name="message_blocking", condition=Q(blocks_address=True)),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("messages:message", args=[self.pk])

    @property
    def can_be_resent(self) -> bool:
        """Whether trying again by hand makes sense; one that came back has lost its links."""
        return self.state in {MessageState.FAILED, MessageState.GIVEN_UP}

    @property
    def file_bytes(self) -> bytes:
        """The attached file as it is sent: UTF-8 with the mark that spreadsheets look for."""
        return self.file_text.encode("utf-8-sig") if self.file_text else b""

    @property
    def can_come_back(self) -> bool:
        """Whether it was handed over, so that a mail server may have sent it back."""
        return self.state == MessageState.SENT
