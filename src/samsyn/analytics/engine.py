"""The query engine: DuckDB in memory, one connection for each piece of work."""

from __future__ import annotations

import atexit
import csv
import re
import shutil
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from importlib import resources
from itertools import chain
from pathlib import Path
from tempfile import mkdtemp
from types import TracebackType
from typing import Any, Self

import duckdb
from django.utils.translation import gettext as _

from samsyn.kernel.disk import is_disk_failure
from samsyn.kernel.errors import KeptDamaged, SamsynError

THREADS = 2
MEMORY_MB = 1024
_FETCH = 20_000
_local = threading.local()
_open: weakref.WeakSet[ScratchDatabase] = weakref.WeakSet()
# What the engine says of a Parquet file that is missing, cut off or overwritten.
_OF_PARQUET = re.compile(
    r"parquet|magic bytes|decompression|out of buffer|no files found|thrift"
    r"|TProtocol|invalid data|snappy|zstd|corrupt",
    re.IGNORECASE,
)


class EngineRefused(SamsynError):
    """The engine could not read a file or run a query; the cause is in ``__cause__``."""


class ScratchDatabase:
    """A private in-memory connection with a folder for what it spills and exchanges.

    Use it as a context manager. Tables made on it are gone when it closes.
    """

    def __init__(
        self,
        *,
        memory_mb: int = MEMORY_MB,
        folder: Path | None = None,
        threads: int = THREADS,
        connection: duckdb.DuckDBPyConnection | None = None,
    ) -> None:
        self.folder = Path(mkdtemp(prefix="samsyn-scratch-", dir=folder))
        # A thread that dies takes its database with it: the folder goes then, without a warning.
        self._removal = weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        self._connection = connection or _connect(memory_mb, self.folder, threads)
        _open.add(self)
        self._count = 0

    def beside(self) -> ScratchDatabase:
        """Return a second connection to the same tables, for another thread.

        Temporary tables stay each connection's own; both share memory and threads. Close
        it before this one.
        """
        return ScratchDatabase(folder=self.folder, connection=self._connection.cursor())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection and remove the folder."""
        self._connection.close()
        self._removal()

    def run(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] | None = None) -> None:
        """Run statements that answer nothing.

        Raises:
            EngineRefused: the engine could not.

        """
        self._execute(sql, parameters)

    def rows(
        self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] | None = None
    ) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        return _fetched(self._execute(sql, parameters).fetchall)

    def stream(
        self,
        sql: str,
        parameters: Sequence[Any] | Mapping[str, Any] | None = None,
        *,
        most: int = _FETCH,
    ) -> Iterator[list[tuple[Any, ...]]]:
        """Yield the rows of a query in lists of so many at most, so that memory stays bounded."""
        found = self._execute(sql, parameters)
        while chunk := _fetched(lambda: found.fetchmany(most)):
            yield chunk

    def table(
        self,
        name: str,
        columns: Mapping[str, str],
        rows: Iterable[Sequence[Any]],
        *,
        is_shared: bool = False,
    ) -> None:
        """Make a table from Python rows; None and the empty text become null.

        It goes through a file, since binding rows one by one is a hundred times slower.
        ``is_shared`` lets scratch databases beside this one read it.
        """
        kind, coming = "" if is_shared else "temp", iter(rows)
        first = next(coming, None)
        if first is None:
            self._empty(name, columns, kind)
            return
        path = self.scratch("csv")
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, quoting=csv.QUOTE_ALL).writerows(chain([first], coming))
        quoted = "quote='\"', escape='\"', nullstr='', allow_quoted_nulls=true"
        self._take(name, columns, path, f"{quoted}, max_line_size=10000000", kind)

    def lines(self, name: str, columns: Mapping[str, str], lines: Iterable[str]) -> None:
        """Make a temporary table from lines whose cells hold no comma and no quote."""
        text = "\n".join(lines)
        if not text:
            self._empty(name, columns)
            return
        path = self.scratch("csv")
        path.write_text(text, encoding="utf-8")
        self._take(name, columns, path, "quote='', escape=''")

    def _empty(self, name: str, columns: Mapping[str, str], kind: str = "temp") -> None:
        shape = ", ".join(f'"{each}" {held}' for each, held in columns.items())
        self.run(f"create or replace {kind} table {name} ({shape})")

    def _take(
        self, name: str, columns: Mapping[str, str], path: Path, options: str, kind: str = "temp"
    ) -> None:
        shape = ", ".join(f"{literal(each)}: {literal(held)}" for each, held in columns.items())
        self.run(
            f"create or replace {kind} table {name} as from read_csv({literal(path)}, "
            f"header=false, delim=',', auto_detect=false, {options}, columns={{{shape}}})"
        )
        path.unlink()

    def drop(self, relation: str) -> None:
        """Forget a table or view, if there is one."""
        try:
            self.run(f"drop view if exists {relation}")
        except EngineRefused:  # it is a table; to look it up first takes longer
            self.run(f"drop table {relation}")
        else:
            self.run(f"drop table if exists {relation}")

    def scratch(self, ending: str) -> Path:
        """Return a path, not yet used, in the folder of this scratch database."""
        self._count += 1
        return self.folder / f"{self._count}.{ending}"

    def _execute(
        self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] | None
    ) -> duckdb.DuckDBPyConnection:
        try:
            return self._connection.execute(sql, parameters)
        except duckdb.Error as error:
            raise _refusal(error) from error


def scratch_database(
    *, memory_mb: int = MEMORY_MB, folder: Path | None = None, threads: int = THREADS
) -> ScratchDatabase:
    """Return a new private scratch database.

    Args:
        memory_mb: what it may take before it spills to the folder.
        folder: where its own folder is made; the system's place for such if none is given.
        threads: how many share one query; 1 where those who ask are as many as the cores.

    """
    return ScratchDatabase(memory_mb=memory_mb, folder=folder, threads=threads)


@contextmanager
def reading() -> Iterator[ScratchDatabase]:
    """Give this thread's own scratch database for reading; made once and kept."""
    db: ScratchDatabase | None = getattr(_local, "db", None)
    if db is None:
        db = _local.db = ScratchDatabase(memory_mb=MEMORY_MB)
    yield db


def literal(value: object) -> str:
    """Return a value as an SQL text literal."""
    return "'" + str(value).replace("'", "''") + "'"


def name(column: str) -> str:
    """Return a column name as an SQL identifier."""
    return '"' + column.replace('"', '""') + '"'


def paths(files: Iterable[Path]) -> str:
    """Return files as an SQL list."""
    return "[" + ", ".join(literal(path) for path in files) + "]"


@lru_cache(maxsize=64)
def sql_file(package: str, file: str) -> str:
    """Return the text of a measure: ``sql_file("samsyn.ROOM.measures", "name.sql")``."""
    return resources.files(package).joinpath(file).read_text(encoding="utf-8")


def _fetched(fetch: Callable[[], list[tuple[Any, ...]]]) -> list[tuple[Any, ...]]:
    try:
        return fetch()
    except duckdb.Error as error:
        raise _refusal(error) from error


def _refusal(error: duckdb.Error) -> SamsynError:
    """Return what the engine's error means: a file of the store is damaged, or anything else."""
    # What does not fit on a full disk is no damage to what lies there.
    if _OF_PARQUET.search(str(error)) and not is_disk_failure(error):
        return store_damaged()
    return EngineRefused(type(error).__name__)


def store_damaged(names: Iterable[str] = ()) -> KeptDamaged:
    """Return the refusal to count with a store that lacks something.

    Args:
        names: files that are missing; the first of them is told.

    """
    known = list(names)
    if not known:
        return KeptDamaged(
            _(
                "A file in the analytical store cannot be read. Nothing was counted or changed. "
                "Whoever runs the server makes it anew with samsyn store_rebuild."
            )
        )
    return KeptDamaged(
        _(
            "A file is missing in the analytical store (%s). Nothing was counted or changed. "
            "Whoever runs the server sees with samsyn doctor what is missing and what to do."
        )
        % known[0]
    )


def _connect(memory_mb: int, folder: Path, threads: int) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(
        ":memory:",
        config={
            "threads": threads,
            "memory_limit": f"{memory_mb}MB",
            "temp_directory": str(folder / "spill"),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "preserve_insertion_order": "true",
        },
    )


@atexit.register
def close_all() -> None:
    """Close what threads keep open: the engine complains at length of what it finds at the end."""
    for db in list(_open):
        db.close()
