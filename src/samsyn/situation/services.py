from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.permissions import Permission
from samsyn.access.rows import beyond_scope
from samsyn.access.versions import keep
from samsyn.findings.selectors import episodes
from samsyn.kernel.errors import RuleViolation
from samsyn.kernel.periods import Period
from samsyn.organisations.models import Organisation
from samsyn.organisations.selectors import member_list
from samsyn.situation.measures import SECTOR, figures_of_all, freeze
from samsyn.situation.models import Audience, Edition, EditionState, editions_folder
from samsyn.situation.rules import digest
from samsyn.situation.selectors import editions_of

WORDS_MOST = 5000
BATCH = 200
DRAWN = ("figures", "digest", "frozen", "built_at", "version")


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did."""

    period: str
    members: int
    built: int
    kept: int  # published already, so left as they are

    def for_trail(self) -> dict[str, Any]:
        """Return what the trail keeps of the build."""
        return asdict(self)


@command(Permission.SITUATION_BUILD)
@beyond_scope("one act draws the picture of the sector and of each member")
def situation_build(*, actor: Actor, operator: Organisation, period: Period) -> Built:
    """Draw the drafts of a period: for the sector and each member, for both audiences.

    Drafts are drawn anew; what is published stays as it was. The words are kept.

    Raises:
        RuleViolation: the period has not begun.

    """
    if period.begins_on > timezone.localdate():
        raise RuleViolation(_("The period has not begun."), field="period")
    members = {o.pk: o.name for o in member_list(actor=actor, operator=operator)}
    path = _frozen(actor, operator, members, period)
    found = figures_of_all(path, members=members, period=period)
    known = editions_of(period, owners=[operator.pk, *members])
    fresh: list[Edition] = []
    changed: list[Edition] = []
    kept = 0
    for pk, figures in found.items():
        plain = figures.to_json()
        owner = operator.pk if pk == SECTOR else pk
        for audience in Audience.values:
            edition = known.get((owner, audience)) or _draft(owner, audience, period)
            if edition.is_published:
                kept += 1
                continue
            _draw(edition, plain, path)
            (changed if edition.pk else fresh).append(edition)
    Edition.objects.none().bulk_create(fresh, batch_size=BATCH)
    # Not what somebody has published meanwhile: its figures are sealed.
    drafts = Edition.unscoped.filter(state=EditionState.DRAFT)  # scope: the gate has checked it
    drafts.bulk_update(changed, DRAWN, batch_size=BATCH)
    return Built(str(period), len(members), len(fresh) + len(changed), kept)


@command(Permission.SITUATION_BUILD)
def edition_write(
    *, actor: Actor, edition: Edition, words: str, language: str, seen: int | None = None
) -> Edition:
    """Write the analyst's words in one language, on a draft.

    Raises:
        RuleViolation: it is published, or the words are too many.
        Conflict: somebody else has changed it since the version that was ``seen``.

    """
    if edition.is_published:
        raise RuleViolation(_("A published edition does not change."))
    if len(words) > WORDS_MOST:
        raise RuleViolation(_("At most %d characters.") % WORDS_MOST, field="words")
    edition.words = {**edition.words, language: words.strip()}
    edition.full_clean(exclude=["figures"])
    keep(edition, ["words"], seen=seen, state=EditionState.DRAFT)
    return edition


@command(Permission.SITUATION_BUILD)
def edition_publish(*, actor: Actor, edition: Edition) -> Edition:
    """Publish an edition: its figures and words are frozen, and its readers see it.

    Raises:
        RuleViolation: it is published already, or its period has not ended.

    """
    _publish(actor, edition)
    return edition


@command(Permission.SITUATION_BUILD)
def editions_publish(*, actor: Actor, editions: list[Edition]) -> None:
    """Publish several editions, all or none; those already published are passed over."""
    for edition in editions:
        if not edition.is_published:
            _publish(actor, edition)


def _publish(actor: Actor, edition: Edition) -> None:
    if edition.is_published:
        raise RuleViolation(_("It is already published."))
    if edition.period.ends_on >= timezone.localdate():
        raise RuleViolation(_("The period has not ended; publish it when it has."))
    edition.state = EditionState.PUBLISHED
    edition.published_at = timezone.now()
    edition.published_by = actor.label[:200]
    edition.digest = digest({"figures": edition.figures, "words": edition.words})
    names = ["state", "published_at", "published_by", "digest"]
    keep(edition, names, state=EditionState.DRAFT)  # what is digested is what is there


def _frozen(actor: Actor, operator: Organisation, members: Iterable[int], period: Period) -> Path:
    """Write the episodes of the period, under the digest of what they hold."""
    folder = editions_folder()
    draft = freeze(
        episodes(actor=actor),
        members=members,
        period=period,
        path=folder / f".{operator.pk}-{period}.draft",
    )
    content = hashlib.sha256(draft.read_bytes()).hexdigest()[:16]
    return draft.replace(folder / f"{period}-{operator.pk}-{content}.parquet")


def _draft(owner: int, audience: str, period: Period) -> Edition:
    return Edition(
        organisation_id=owner,
        audience=audience,
        begins_on=period.begins_on,
        months=period.months,
    )


def _draw(edition: Edition, plain: dict[str, Any], path: Path) -> None:
    edition.figures = plain
    edition.digest = digest({"figures": plain, "words": edition.words})
    edition.frozen = path.name
    edition.built_at = timezone.now()
    if edition.pk:  # who publishes what they read before is told: they would seal other figures
        edition.version = F("version") + 1
