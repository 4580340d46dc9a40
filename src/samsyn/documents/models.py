from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.access.naming import LineField
from samsyn.access.permissions import Permission
from samsyn.access.scoping import OrganisationOwned, ScopedManager
from samsyn.access.versions import Versioned
from samsyn.documents.rules import TYPES


class DocumentKind(models.TextChoices):
    """What evidence is, to those who look for it."""

    MINUTES = "minutes", _("minutes")
    REPORT = "report", _("report")
    POLICY = "policy", _("policy or routine")
    AGREEMENT = "agreement", _("agreement")
    PROOF = "proof", _("picture or log")
    TEMPLATE = "template", _("template for our slides (PowerPoint)")
    OTHER = "other", _("other")


class Label(models.TextChoices):
    """Who may be shown it, by TLP 2.0. RED, for named readers only, is not kept here."""

    CLEAR = "CLEAR", "TLP:CLEAR"
    GREEN = "GREEN", "TLP:GREEN"
    AMBER = "AMBER", "TLP:AMBER"
    STRICT = "AMBER+STRICT", "TLP:AMBER+STRICT"


class Document(Versioned, OrganisationOwned):
    """Something that shows how it is: a file with its versions, attached to what it proves.

    ``effective_on`` is the day that it tells of (the meeting, the test), which is not the
    day it was put here. ``latest`` is its newest version.
    """

    title = LineField(_("title"), max_length=200)
    kind = models.CharField(
        _("kind"), max_length=12, choices=DocumentKind.choices, default=DocumentKind.OTHER
    )
    sharing_label = models.CharField(
        _("sharing label"), max_length=12, choices=Label.choices, default=Label.AMBER
    )
    effective_on = models.DateField(_("tells of"), null=True, blank=True)
    retained_until = models.DateField(_("kept until"), null=True, blank=True)
    created_at = models.DateTimeField(_("added at"), default=timezone.now)
    latest = models.ForeignKey(
        "DocumentVersion",
        verbose_name=_("newest version"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = ScopedManager(Permission.DOCUMENTS_VIEW)

    class Meta(OrganisationOwned.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["organisation", "-created_at"], name="document_by_time"),
            models.Index(
                fields=["retained_until"],
                name="document_kept_until",
                condition=Q(retained_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("documents:detail", args=[self.pk])


class DocumentVersion(models.Model):
    """One content of a document. The file itself is kept once under its SHA-256."""

    document = models.ForeignKey(
        Document, verbose_name=_("document"), on_delete=models.CASCADE, related_name="versions"
    )
    number = models.PositiveIntegerField(_("version"))
    sha256 = models.CharField(_("SHA-256"), max_length=64, db_index=True)
    size = models.PositiveBigIntegerField(_("bytes"))
    media_type = models.CharField(_("kind of file"), max_length=100)
    file_name = LineField(_("file name"), max_length=120)
    is_scanned = models.BooleanField(_("looked through for viruses"), default=False)
    note = LineField(_("note"), max_length=500, blank=True)
    uploaded_at = models.DateTimeField(_("put here at"), default=timezone.now)
    uploaded_by = models.CharField(_("put here by"), max_length=200)

    objects = ScopedManager(Permission.DOCUMENTS_VIEW, path="document__organisation")
    unscoped = models.Manager()

    class Meta:
        verbose_name = _("version of a document")
        verbose_name_plural = _("versions of documents")
        ordering = ["-number"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="version_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.number})"

    def get_absolute_url(self) -> str:
        return reverse("documents:detail", args=[self.document_id])

    @property
    def owner_id(self) -> int:
        """The organisation whose document it is."""
        return self.document.organisation_id

    @property
    def type_word(self) -> str:
        """What people call this kind of file."""
        found = TYPES.get(self.media_type)
        return found.word if found else self.media_type


class Link(models.Model):
    """That a document stands as evidence at a thing of any room."""

    document = models.ForeignKey(
        Document, verbose_name=_("document"), on_delete=models.CASCADE, related_name="links"
    )
    kind = models.CharField(_("kind of thing"), max_length=80)
    object_id = models.PositiveBigIntegerField(_("id of the thing"))
    attached_at = models.DateTimeField(_("attached at"), default=timezone.now)
    attached_by = models.CharField(_("attached by"), max_length=200)

    objects = ScopedManager(Permission.DOCUMENTS_VIEW, path="document__organisation")
    unscoped = models.Manager()

    class Meta:
        verbose_name = _("evidence at a thing")
        verbose_name_plural = _("evidence at things")
        ordering = ["-attached_at", "-pk"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["document", "kind", "object_id"],
                name="evidence_once",
                violation_error_message=_("It is attached there already."),
            )
        ]
        indexes = [models.Index(fields=["kind", "object_id"], name="evidence_by_thing")]

    def __str__(self) -> str:
        return str(self.document)

    @property
    def owner_id(self) -> int:
        """The organisation whose document it is."""
        return self.document.organisation_id
