from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.permissions import Permission
from samsyn.access.rows import beyond_scope
from samsyn.content.packs import SHIPPED, pack, packs_changed
from samsyn.jobs.registry import quiet
from samsyn.kernel.errors import NotFound, RuleViolation
from samsyn.monitoring import collect, import_run, reattribute, schema_files, serial
from samsyn.monitoring.files import found_files, is_settled
from samsyn.monitoring.models import inbox_folder
from samsyn.monitoring.outcome import ImportOutcome
from samsyn.monitoring.rebuild import rebuild, rebuild_anew
from samsyn.monitoring.schema import differences
from samsyn.monitoring.stored import PACK
from samsyn.monitoring.turns import import_turn
from samsyn.organisations.selectors import operator_list

INBOX_WAIT_SECONDS = 60  # other jobs wait behind it, and it comes again in five minutes
FOR_ALL = "reports tell of everybody, and findings follow for each"


@command(Permission.OBSERVATIONS_IMPORT, atomic=False)
@beyond_scope(FOR_ALL)
def observation_import(
    *,
    actor: Actor,
    operator: Any,
    paths: Sequence[Path],
    progress: import_run.Progress = quiet,
    wait_seconds: float = import_run.WAIT_SECONDS,
    is_tried: bool = False,
    is_serial: bool = False,
) -> dict[str, Any]:
    """Import reports and return how many batches, rows, observations and findings came of them.

    A file that is no report is refused with its reason; the others are taken.

    Args:
        operator: who received them.
        paths: files and folders.
        progress: is told how far it has come.
        wait_seconds: how long to wait for another import to end.
        is_tried: read the files in a process of its own first, which may die of them.
        is_serial: do one thing after the other in one thread, whatever the setting says.

    Raises:
        Conflict: another import has not ended within the time.
        NotFound: a path is neither a file nor a folder.

    """
    try:
        outcome = import_run.import_files(
            _work(is_serial=is_serial),
            actor=actor,
            operator=operator,
            paths=[Path(p) for p in paths],
            progress=progress,
            wait_seconds=wait_seconds,
            is_tried=is_tried,
        )
    except FileNotFoundError as error:
        raise NotFound(_("There is no file or folder %s.") % error) from error
    return outcome.as_dict()


def _work(*, is_serial: bool) -> Callable[[import_run.ImportRun, Sequence[Path]], None]:
    """Return how an import works: in one thread if it is told so, else as the setting says."""
    if is_serial or settings.IS_IMPORT_SERIAL:
        return serial.import_in_order
    return collect.import_in_threads


@command(Permission.OBSERVATIONS_IMPORT, atomic=False)
@beyond_scope(FOR_ALL)
def inbox_collect(
    *, actor: Actor, operator: Any, progress: import_run.Progress = quiet
) -> dict[str, Any]:
    """Import what lies in the operator's watched folder; what has been taken is removed.

    Raises:
        Conflict: another import is under way; the files stay until the next time.

    """
    inbox = inbox_folder(operator.pk, is_alone=len(operator_list(actor=actor)) == 1)
    inbox.mkdir(parents=True, exist_ok=True)
    settled = [path for path in found_files([inbox]) if is_settled(path)]
    if not settled:
        return ImportOutcome().as_dict()
    outcome = import_run.import_files(
        _work(is_serial=False),
        actor=actor,
        operator=operator,
        paths=settled,
        progress=progress,
        wait_seconds=INBOX_WAIT_SECONDS,
    )
    for path in settled:
        path.unlink(missing_ok=True)  # it is kept as received, also when refused
    return outcome.as_dict()


@command(Permission.OBSERVATIONS_IMPORT, atomic=False)
@beyond_scope(FOR_ALL)
def observation_attribute(
    *, actor: Actor, operator: Any, progress: import_run.Progress = quiet
) -> dict[str, Any]:
    """Attribute the operator's history anew by the register as it is now; findings follow."""
    return reattribute.attribute_history(actor=actor, operator=operator.pk, progress=progress)


@command(Permission.OBSERVATIONS_IMPORT, atomic=False)
def store_rebuild(
    *,
    actor: Actor,
    operators: list[Any],
    is_anew: bool = False,
    progress: import_run.Progress = quiet,
) -> dict[str, Any]:
    """Make the analytical store anew from the files as received; findings stay as they are.

    Args:
        operators: whose received files are read.
        is_anew: read and attribute by the report facts and the register as they are now,
            where that differs from what was read when the files came; findings follow.

    Raises:
        KeptDamaged: a received file is missing or altered; nothing of it is written.
        Conflict: an import has not ended within an hour; or what is read differs from what
            the database says, and not ``is_anew``.

    """
    work = partial(rebuild_anew, actor=actor) if is_anew else rebuild
    pks = [operator.pk for operator in operators]
    with import_turn(wait_seconds=import_run.WAIT_SECONDS, progress=progress):
        return work(operators=pks, progress=progress)


@command(Permission.OBSERVATIONS_IMPORT, atomic=False)
def schema_install(
    *, actor: Actor, operator: Any, path: Path, dry_run: bool = False
) -> dict[str, Any]:
    """Build the pack of report facts from Shadowserver's own files, and use it from now on.

    Returns what it changes of the pack in use, and which reports were left out, and why.

    Args:
        path: a folder or a zip with ``reports.json`` and ``intelmq.json``, and where
            there are ``types.md`` and ``severity.md``; or a finished pack.
        dry_run: only say what it would change.

    Raises:
        RuleViolation: the files are not a report schema.

    """
    corrections = json.loads((SHIPPED / "reports/corrections.json").read_text(encoding="utf-8"))
    used = pack(PACK)
    skipped: dict[str, str] = {}
    try:
        made = schema_files.pack_from(
            Path(path), corrections, known=used["reports"], skipped=skipped
        )
    except (schema_files.SchemaError, OSError, ValueError) as error:
        raise RuleViolation(
            _("These files are not a report schema: %s") % error, field="path"
        ) from error
    changes = differences(used, made)
    if not dry_run:
        schema_files.install(made, Path(settings.SAMSYN_HOME) / "packs" / PACK)
        packs_changed()
    counts = {"version": made["version"], "reports": len(made["reports"])}
    return {**counts, **changes, "skipped": skipped}
