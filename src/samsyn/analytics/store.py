"""Where data sets lie, how a file gets there whole, and what an actor may read of them.

A data set is a folder of Parquet files under SAMSYN_HOME/store, with one folder for
each day where days matter. A file is written under another name and renamed, so that
a reader sees all of it or nothing, also after a kill.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.analytics.engine import ScratchDatabase, literal, paths, store_damaged

# A dictionary is for columns of few words: to look for one in a million addresses costs
# more than all the rest of writing them.
FORMAT = (
    "format parquet, compression zstd, compression_level 1, parquet_version v2, "
    "dictionary_size_limit 1000"
)


@dataclass(frozen=True, slots=True)
class Dataset:
    """A named set of Parquet files.

    ``columns`` gives each column its type, so that an empty data set still has a shape.
    ``scoped_by`` names the columns that say whose a row is. ``later`` names columns that
    files written by earlier versions lack: there they are empty.
    """

    name: str
    columns: dict[str, str]
    permission: Permission
    scoped_by: tuple[str, ...] = ("organisation_id",)
    later: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """The folder of the data set."""
        return Path(settings.SAMSYN_HOME) / "store" / self.name

    def day(self, on: date) -> Path:
        """Return the folder of one day."""
        return self.folder / f"day={on.isoformat()}"


def write(db: ScratchDatabase, sql: str, path: Path) -> Path:
    """Write the answer of a query as one Parquet file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        db.run(f"copy ({sql}) to {literal(unfinished)} ({FORMAT})")
        unfinished.replace(path)
    finally:  # what did not fit on the disk must not take room there
        unfinished.unlink(missing_ok=True)
    return path


def every_row(dataset: Dataset, files: Iterable[Path]) -> str:
    """Return SQL for all rows of some files; for jobs that work on behalf of nobody.

    Every file must be there: to count fewer rows than there were would close findings
    and delete history. Leave out files that never held a row.

    Raises:
        KeptDamaged: a file is missing, as when an installation was restored without its store.

    """
    present = require_files(files)
    if not present:
        nulls = ", ".join(f"null::{kind} as {column}" for column, kind in dataset.columns.items())
        return f"(select {nulls} where false)"
    wanted = ", ".join(dataset.columns)
    kept = f"from read_parquet({paths(present)}, union_by_name=true)"
    if dataset.later:
        columns = dataset.columns
        nulls = ", ".join(f"null::{columns[name]} as {name}" for name in dataset.later)
        kept = f"from (({kept}) union all by name (select {nulls} where false))"
    return f"(select {wanted} {kept})"


def require_files(files: Iterable[Path]) -> list[Path]:
    """Return these files of the store, once all are seen to be there.

    Raises:
        KeptDamaged: a file is missing.

    """
    listed = list(files)
    missing = [path for path in listed if not path.is_file()]
    if missing:
        raise store_damaged(path.name for path in missing)
    return listed


def visible_rows(dataset: Dataset, files: Iterable[Path], *, actor: Actor) -> str:
    """Return SQL for the rows of some files that the actor may see."""
    condition = visible_where(dataset, actor=actor)
    return f"(select * from {every_row(dataset, files)} where {condition})"


def visible_where(dataset: Dataset, *, actor: Actor, alias: str = "") -> str:
    """Return the SQL condition for rows of a data set that the actor may see.

    A row that belongs to nobody is not among them: whoever may see those asks for them
    among the files that are their operator's own.
    """
    if actor.is_system and actor.only is None:
        return "true"
    ids = ", ".join(map(str, sorted(actor.organisation_ids(dataset.permission)))) or "null"
    before = f"{alias}." if alias else ""
    return "(" + " or ".join(f"{before}{c} in ({ids})" for c in dataset.scoped_by) + ")"


def parquet_rows(db: ScratchDatabase, path: Path) -> int:
    """Return how many rows a file has, after reading all of it.

    Raises:
        KeptDamaged: it cannot be read to its end.

    """
    # Counting alone reads no columns: a digest of each row does.
    whole = f"select count(*), bit_xor(hash(t)) from read_parquet({literal(path)}) t"
    return int(db.rows(whole)[0][0])
