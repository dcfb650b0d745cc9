"""Make the role and the database that the suite runs on, through whichever door the server leaves open."""

from __future__ import annotations

import getpass
import subprocess
import sys
from urllib.parse import SplitResult, urlsplit

import psycopg

EXISTS = (psycopg.errors.DuplicateObject, psycopg.errors.DuplicateDatabase)


def main() -> None:
    wanted = urlsplit(sys.argv[1])
    try:
        psycopg.connect(sys.argv[1]).close()
    except psycopg.OperationalError:
        for statement in _statements(wanted):
            if not _run_over_tcp(wanted, statement):
                _run_as_postgres(wanted, statement)


def _statements(wanted: SplitResult) -> tuple[str, str]:
    return (
        f"CREATE ROLE {wanted.username} LOGIN SUPERUSER PASSWORD '{wanted.password}'",
        f"CREATE DATABASE {wanted.path.strip('/')} OWNER {wanted.username}",
    )


def _run_over_tcp(wanted: SplitResult, statement: str) -> bool:
    """Where the server trusts local connections. False where it does not."""
    for user in ("postgres", getpass.getuser()):
        server = wanted._replace(netloc=f"{user}@{wanted.hostname}:{wanted.port}", path="/postgres")
        try:
            with psycopg.connect(server.geturl(), autocommit=True, connect_timeout=5) as connection:
                connection.execute(statement)
        except EXISTS:
            return True
        except psycopg.OperationalError:
            continue
        else:
            return True
    return False


def _run_as_postgres(wanted: SplitResult, statement: str) -> None:
    """Debian's own server lets its administrator in through the socket."""
    psql = ["psql", "-p", str(wanted.port), "-d", "postgres", "-c", statement]
    become = (
        ["runuser", "-u", "postgres", "--"]
        if getpass.getuser() == "root"
        else ["sudo", "-n", "-u", "postgres"]
    )
    subprocess.run([*become, *psql], check=True)  # noqa: S603


if __name__ == "__main__":
    main()
