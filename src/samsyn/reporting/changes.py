"""What has changed since last time, and which questions are worth asking: each by a rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samsyn.access.permissions import Permission, Role
from samsyn.actions.decision_selectors import decision_list, decisions_running_out
from samsyn.actions.models import ActionState
from samsyn.actions.selectors import GONE, UNCLOSED_WORD, action_list, late, since
from samsyn.annual_wheel.models import OccurrenceState
from samsyn.annual_wheel.selectors import occurrence_list
from samsyn.reporting.rules import CRITICAL_DAYS, DIALOGUE_DAYS, SOON_DAYS, AreaLight
from samsyn.reporting.seen import Seen
from samsyn.reporting.selectors import leaders_of
from samsyn.ui.moments import day_text

ASKED_MOST = 7
SHOWN_MOST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedSentence:
    """A sentence, and the way to the rows behind it."""

    text: str
    url: str = ""


def changes_since(seen: Seen) -> list[LinkedSentence]:
    """Return what has happened since last time, a line each."""
    return [*_decided(seen), *_worked(seen), *_seen_outside(seen), *_talked(seen)]


def _decided(seen: Seen) -> Iterator[LinkedSentence]:
    if not seen.may(Permission.ACTIONS_VIEW):
        return
    count = decision_list(**seen.whose, decided_after=seen.since).count()
    if count:
        text = ngettext("%d decision was taken.", "%d decisions were taken.", count) % count
        yield LinkedSentence(
            text=text, url=seen.url("decisions:list", decided_after=seen.since.isoformat())
        )


def _worked(seen: Seen) -> Iterator[LinkedSentence]:
    if not seen.may(Permission.ACTIONS_VIEW):
        return
    newly = since("state_since", seen.since)
    counted = action_list(**seen.whose).order_by().aggregate(
        new=Count("pk", filter=since("created_at", seen.since)),
        done=Count("pk", filter=newly & Q(state=ActionState.DONE)),
        confirmed=Count("pk", filter=newly & Q(state=ActionState.CONFIRMED)),
    )  # fmt: skip
    url, day = seen.url, seen.since.isoformat()
    if n := counted["new"]:
        text = ngettext("%d action was proposed.", "%d actions were proposed.", n) % n
        yield LinkedSentence(text=text, url=url("actions:list", created_after=day))
    if n := counted["done"]:
        text = ngettext("%d action was done.", "%d actions were done.", n) % n
        yield LinkedSentence(
            text=text, url=url("actions:list", state=ActionState.DONE.value, changed_after=day)
        )
    if n := counted["confirmed"]:
        text = ngettext(
            "%d action was seen to have helped.", "%d actions were seen to have helped.", n
        )
        done = url("actions:list", state=ActionState.CONFIRMED.value, changed_after=day)
        yield LinkedSentence(text=text % n, url=done)


def _seen_outside(seen: Seen) -> Iterator[LinkedSentence]:
    if not seen.may(Permission.FINDINGS_VIEW) or not seen.has_resources:
        return
    found = seen.findings
    if found["new"] or found["closed"]:
        text = _("Critical and high findings: %(new)d new, %(closed)d closed.")
        yield LinkedSentence(
            text=text % {"new": found["new"], "closed": found["closed"]},
        )


def _talked(seen: Seen) -> Iterator[LinkedSentence]:
    dialogue = seen.dialogue
    if dialogue and dialogue.held_on >= seen.since:
        text = _("A maturity dialogue was held on %s.") % day_text(dialogue.held_on)
        yield LinkedSentence(text=text, url=dialogue.get_absolute_url())


def questions_worth_asking(seen: Seen, areas: list[tuple[str, str]]) -> list[LinkedSentence]:
    """Return the questions that the facts give cause for, then those of areas not in order.

    Args:
        seen: what is known.
        areas: the light and the pack's question of each area that is not in order.

    """
    derived = [
        *_own_late(seen),
        *_old_critical(seen),
        *_running_out(seen),
        *_unchecked(seen),
        *_ownerless(seen),
        *_own_turns(seen),
        *_no_dialogue(seen),
    ]
    order = (AreaLight.ACT, AreaLight.UNKNOWN, AreaLight.WATCH)
    usual = [LinkedSentence(text=text) for light in order
             for each, text in areas if each == light]  # fmt: skip
    return [*derived, *usual][:ASKED_MOST]


def _own_late(seen: Seen) -> Iterator[LinkedSentence]:
    """Ask management of what is its own and late."""
    if not seen.may(Permission.ACTIONS_VIEW):
        return
    mine = Q(owner_role=Role.LEADER) | Q(owner_person__in=leaders_of(seen.organisation))
    rows = action_list(**seen.whose).filter(mine & late(seen.today))
    for action in rows[:SHOWN_MOST]:
        text = _("“%s” is ours, and it is late. What stands in the way?") % action.title
        yield LinkedSentence(text=text, url=action.get_absolute_url())


def _old_critical(seen: Seen) -> Iterator[LinkedSentence]:
    if not seen.may(Permission.FINDINGS_VIEW) or not (n := seen.findings["old_critical"]):
        return
    text = ngettext(
        "Why has %(n)d critical finding been open for more than %(days)d days, and what would"
        " close it?",
        "Why have %(n)d critical findings been open for more than %(days)d days, and what would"
        " close them?",
        n,
    )
    url = seen.url("findings:list", state="unsolved", severity="4", order="first_seen_at")
    yield LinkedSentence(text=text % {"n": n, "days": CRITICAL_DAYS}, url=url)


def _running_out(seen: Seen) -> Iterator[LinkedSentence]:
    if not seen.may(Permission.ACTIONS_VIEW):
        return
    until = seen.today + timedelta(days=SOON_DAYS)
    for decision in decisions_running_out(**seen.whose, since=seen.today, until=until)[:SHOWN_MOST]:
        day = day_text(decision.valid_until or seen.today)
        text = _("The decision “%(title)s” runs out on %(day)s. Shall it go on?")
        yield LinkedSentence(
            text=text % {"title": decision.title, "day": day}, url=decision.get_absolute_url()
        )


def _unchecked(seen: Seen) -> Iterator[LinkedSentence]:
    if not seen.may(Permission.ACTIONS_VIEW):
        return
    rows = action_list(**seen.whose, state=ActionState.DONE).filter(late(seen.today))
    if n := rows.count():
        text = ngettext(
            "%d action is done, but nobody has looked whether it helped. Did it?",
            "%d actions are done, but nobody has looked whether they helped. Did they?",
            n,
        )
        url = seen.url("actions:list", state=ActionState.DONE.value, overdue="on")
        yield LinkedSentence(text=text % n, url=url)


def _ownerless(seen: Seen) -> Iterator[LinkedSentence]:
    if not seen.may(Permission.ACTIONS_VIEW):
        return
    if n := action_list(**seen.whose, state=UNCLOSED_WORD, owner=GONE).count():
        text = ngettext(
            "%d action belongs to somebody who has left. Who takes over?",
            "%d actions belong to somebody who has left. Who takes over?",
            n,
        )
        url = seen.url("actions:list", state=UNCLOSED_WORD, owner=GONE)
        yield LinkedSentence(text=text % n, url=url)


def _own_turns(seen: Seen) -> Iterator[LinkedSentence]:
    """Ask of the year's activities that are management's own and late."""
    if not seen.may(Permission.WHEEL_VIEW):
        return
    rows = occurrence_list(**seen.whose, today=seen.today, role=Role.LEADER)
    for turn in rows.filter(state=OccurrenceState.AHEAD, due_on__lt=seen.today)[:1]:
        text = _("“%s” is ours in the annual wheel, and it is late. When do we do it?")
        yield LinkedSentence(text=text % turn.activity.title, url=turn.get_absolute_url())


def _no_dialogue(seen: Seen) -> Iterator[LinkedSentence]:
    if not seen.may(Permission.MATURITY_VIEW):
        return
    oldest = seen.today - timedelta(days=DIALOGUE_DAYS)
    if seen.dialogue is None:
        yield LinkedSentence(
            text=_("When do we hold our first maturity dialogue?"), url="/maturity/"
        )
    elif seen.dialogue.held_on < oldest:
        text = _("The last maturity dialogue was on %s. When is the next?")
        yield LinkedSentence(
            text=text % day_text(seen.dialogue.held_on), url=seen.dialogue.get_absolute_url()
        )
