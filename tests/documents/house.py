"""What this room gives the laws of the house."""

from __future__ import annotations

from itertools import count

from samsyn.documents.models import Document
from samsyn.documents.receiving import pieces_take
from samsyn.documents.services import document_add, document_attach
from tests.cast import (
    make_action,
    make_document,
)
from tests.house.parts import FORMS, Parts, none

number = count(1)


def attach(cast):
    found = Document.unscoped.first() or make_document(cast.fjellvik)
    document_attach(actor=cast.ingvild, document=found, thing=make_action(cast.fjellvik))


def attached(cast):
    return make_document(cast.fjellvik, thing=make_action(cast.fjellvik)).links.get()


def documents(cast, n):
    make_document(cast.fjellvik, title=f"Minutes {n}")


def evidence_for(cast):
    make_document(cast.fjellvik)
    return f"?for=actions.Action-{make_action(cast.fjellvik).pk}"


def one_more_document(cast):
    content = f"{next(number)}".encode() * 600_000
    taken = pieces_take([content[:600_000]], name="a.txt")
    document_add(actor=cast.ingvild, organisation=cast.fjellvik, content=taken)


PARTS = Parts(
    bodies={
        "/api/documents/{pk}": {"kind": "other"},
        "/api/documents/{pk}/attach": {"evidence_of": "actions.Action-1"},
        "/api/documents/{pk}/detach": {"evidence_of": "actions.Action-1"},
    },
    made={
        "documents": lambda cast: make_document(cast.fjellvik),
        "documents:download": lambda cast: make_document(cast.fjellvik).latest,
        "documents:detach": attached,
    },
    queries={
        "documents:attach": evidence_for,
        "documents:add": evidence_for,
    },
    filled=(lambda cast: make_document(cast.fjellvik),),
    lists={
        "/documents/": documents,
    },
    own_lists=("/documents/",),
    lists_of_all=("/documents/",),
    lists_of_one=("/documents/",),
    unrecorded={
        "documents:create": FORMS,
        "documents:attach": "leads to the list when nothing is named",
        "documents:place": "says where a document belongs, of a thing that is named",
    },
    limits={
        "documents": (none, one_more_document),
        "documents_mb": (none, one_more_document),
        "links": (none, attach),
    },
)
