from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from samsyn.access.actor import Actor
from samsyn.documents.models import Document
from samsyn.documents.rules import may_be_removed
from samsyn.documents.selectors import contents_named, document_list
from samsyn.documents.services import document_remove
from samsyn.documents.storage import Storage, files_folder, storage
from samsyn.jobs.registry import ProgressCallback, job
from samsyn.jobs.rules import Daily

UNTOUCHED = timedelta(days=1)  # so long a content stays that nothing names; an upload may need it
AT_ONCE = 500


def removable(*, actor: Actor, today: date) -> list[Document]:
    """Return the documents that have served their time and that nothing leans on."""
    rows = document_list(actor=actor, kept_until=today, unattached=True)
    return [
        document
        for document in rows
        if may_be_removed(retained_until=document.retained_until, is_linked=False, today=today)
    ]


@job(
    "documents_retire",
    title=_("Remove evidence that has served its time"),
    schedule=Daily(time(3, 40)),
)
def retire(*, actor: Actor, progress: ProgressCallback, is_dry: bool = False) -> dict[str, Any]:
    """Remove what is past its date and attached to nothing, each with a trail entry; then sweep.

    With ``is_dry`` it only says what it would remove.
    """
    today = timezone.localdate()
    found = removable(actor=actor, today=today)
    names = [f"{document.pk}: {document.title}" for document in found]
    if is_dry:
        return {"would_remove": names}
    for number, document in enumerate(found, 1):
        progress(gettext_noop("removing"), number, len(found))
        document_remove(actor=actor, document=document, today=today)
    return {"removed": names, "swept": sweep(storage(), now=timezone.now())}


def sweep(place: Storage, *, now: datetime) -> int:
    """Remove contents that no version names and that are a day old; return how many."""
    before = now - UNTOUCHED
    old = (sha256 for sha256, put_at in place.kept() if put_at < before)
    swept = 0
    while some := list(islice(old, AT_ONCE)):
        named = contents_named(some)
        for sha256 in some:
            if sha256 not in named:
                place.remove(sha256)
                swept += 1
    for left in (files_folder() / "incoming").glob("*"):  # of a process that was killed
        if left.stat().st_mtime < before.timestamp():
            left.unlink(missing_ok=True)
    return swept
