"""A PostgreSQL server of one's own, to be restarted at will: on a free port, in a temporary folder."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType

# Servers refuse to run as root; this account is there wherever Debian's PostgreSQL is.
PERSON = "postgres"


class ThrowAwayPostgres:
    """Runs while the block does; nothing of it is left. `url` is its database, `folder` where it lies."""

    def __init__(self, folder: str = "") -> None:
        self.folder = folder
        self._port = int(Path(folder, "port").read_text()) if folder else _free_port()
        self.url = f"postgres://{PERSON}:none@127.0.0.1:{self._port}/postgres"

    @staticmethod
    def missing() -> str:
        """Why there can be none; empty if there can."""
        if _programs() is None:
            return "no PostgreSQL server is installed"
        if os.geteuid() == 0 and not any(one.pw_name == PERSON for one in pwd.getpwall()):
            return f"root may not run a server and there is no account {PERSON}"
        return ""

    def __enter__(self) -> ThrowAwayPostgres:
        self.folder = tempfile.mkdtemp(prefix="mps-postgres-")
        Path(self.folder, "port").write_text(str(self._port))
        if os.geteuid() == 0:
            shutil.chown(self.folder, PERSON)
        self._run("initdb", "-D", self._data, "-U", PERSON, "--auth=trust", "--locale=C.UTF-8")
        self._start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder)

    def restart(self) -> None:
        """At once, as after a crash: whoever is connected loses what was not committed."""
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")
        self._start()

    @property
    def _data(self) -> str:
        return f"{self.folder}/data"

    def _start(self) -> None:
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -k {self.folder}"
        self._run(
            "pg_ctl", "-D", self._data, "-l", f"{self.folder}/log", "-o", options, "-w", "start"
        )

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(Path(_programs() or "", program)), *arguments]
        subprocess.run(  # noqa: S603
            command,
            user=PERSON if os.geteuid() == 0 else None,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            check=True,
        )


def _programs() -> Path | None:
    """The folder of the newest server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
