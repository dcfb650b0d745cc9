"""Make the role and the database that the suite runs on, through whichever door the server leaves open."""

from __future__ import annotations

import getpass
import subprocess
import sys
from urllib.parse import urlsplit

import psycopg


def main() -> None:
    wanted = urlsplit(sys.argv[1])
    try:
        psycopg.connect(sys.argv[1]).close()
    except psycopg.OperationalError:
        _make(wanted.username or "", wanted.password or "", wanted.path.strip("/"))


def _make(role: str, password: str, database: str) -> None:
    statements = (
        f"CREATE ROLE {role} LOGIN SUPERUSER PASSWORD '{password}'",
        f"CREATE DATABASE {database} OWNER {role}",
    )
    for statement in statements:
        if not _run_over_tcp(statement):
            _run_as_postgres(statement)


def _run_over_tcp(statement: str) -> bool:
    """Where the server trusts local connections."""
    for user in ("postgres", getpass.getuser()):
        try:
            with psycopg.connect(
                f"postgresql://{user}@127.0.0.1:5432/postgres", autocommit=True, connect_timeout=5
            ) as connection:
                connection.execute(statement)  # type: ignore[call-overload]
        except (psycopg.errors.DuplicateObject, psycopg.errors.DuplicateDatabase):
            return True
        except psycopg.OperationalError:
            continue
        else:
            return True
    return False


def _run_as_postgres(statement: str) -> None:
    """Debian's own server trusts its administrator's socket."""
    subprocess.run(  # noqa: S603
        ["runuser", "-u", "postgres", "--", "psql", "-v", "ON_ERROR_STOP=0", "-c", statement],  # noqa: S607
        check=True,
    )


if __name__ == "__main__":
    main()
