"""What this room tells the rest of the house about itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.access.permissions import Permission
from samsyn.kernel.rooms import ApiMount, Limit, NavigationPage, Room, Searched

ROOM = Room(
    addresses={"documents/": "urls"},
    searched=(Searched(80, _("Evidence"), "selectors.document_list"),),
    upload_limits=("receiving.size_limit",),
    pages=(
        NavigationPage(
            part="plan",
            place=40,
            label=_("Evidence"),
            url_name="documents:list",
            permission=Permission.DOCUMENTS_VIEW,
            key="e",
        ),
    ),
    api=(ApiMount("documents", _("Documents")),),
    limits={
        "documents": Limit(
            20_000,
            "versions of documents of an organisation",
            _("An organisation keeps at most %(most)d files. Remove what need not be kept."),
        ),
        "documents_mb": Limit(
            50_000,
            "MB of documents of an organisation",
            _("An organisation keeps at most %(most)d MB of files. Remove what need not be kept."),
        ),
        "links": Limit(
            500,
            "things that one document is evidence of",
            _("A document is evidence of at most %(most)d things. Take one away first."),
        ),
    },
    deeds={
        "documents.document_add": pgettext_lazy("deed", "Added a document"),
        "documents.document_attach": pgettext_lazy("deed", "Attached a document"),
        "documents.document_change": pgettext_lazy("deed", "Changed the facts about a document"),
        "documents.document_detach": pgettext_lazy("deed", "Detached a document"),
        "documents.document_remove": pgettext_lazy("deed", "Removed a document"),
        "documents.version_add": pgettext_lazy("deed", "Added a newer version of a document"),
    },
)
