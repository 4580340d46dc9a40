#!/usr/bin/env python3
"""Run a command beside a PostgreSQL server of its own, thrown away afterwards.

script/postgresql.py COMMAND…          with one role, which owns everything
script/postgresql.py --roles COMMAND…  with an owner and a role for the application
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def as_postgres(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root: become its own user then."""
    return ["runuser", "-u", "postgres", "--", *command] if os.getuid() == 0 else command


def main() -> int:
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    place = Path(tempfile.mkdtemp(prefix="samsyn-pg-"))
    password, port = secrets.token_urlsafe(12), free_port()
    secret = place / "password"
    secret.write_text(password)
    if os.getuid() == 0:
        shutil.chown(place, "postgres")
        shutil.chown(secret, "postgres")
    cluster = place / "cluster"
    initdb = [f"{programs}/initdb", "-D", f"{cluster}", "-A", "scram-sha-256", "-E", "UTF8",
              "-U", "samsyn", "--locale=C.UTF-8", f"--pwfile={secret}"]  # fmt: skip
    subprocess.run(as_postgres(initdb), check=True, stdout=subprocess.DEVNULL, cwd=place)
    options = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={place} "
        "-c fsync=off -c full_page_writes=off -c synchronous_commit=off "
        # Small tables, and tests that undo their rows: nothing to compile, much to clear away.
        "-c jit=off -c autovacuum_naptime=10s -c wal_level=minimal -c max_wal_senders=0"
    )
    control = [f"{programs}/pg_ctl", "-D", f"{cluster}", "-w", "-l", f"{place}/log"]
    subprocess.run(
        as_postgres([*control, "-o", options, "start"]),
        check=True, stdout=subprocess.DEVNULL, cwd=place,
    )  # fmt: skip
    try:
        command = sys.argv[1:]
        with_roles = command[0] == "--roles"
        url = f"postgresql://samsyn:{password}@127.0.0.1:{port}/postgres"
        named = {"SAMSYN_DATABASE_URL": url}
        if with_roles:
            its_own = url.replace("//samsyn:", "//samsyn_app:")
            named = {"SAMSYN_DATABASE_URL": its_own, "SAMSYN_DATABASE_OWNER_URL": url}
        return subprocess.run(
            command[with_roles:], env={**os.environ, **named}, check=False
        ).returncode
    finally:
        subprocess.run(
            as_postgres([*control, "-m", "immediate", "stop"]),
            check=False, stdout=subprocess.DEVNULL, cwd=place,
        )  # fmt: skip
        shutil.rmtree(place, ignore_errors=True)


sys.exit(main())
