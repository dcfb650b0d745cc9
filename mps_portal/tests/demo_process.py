"""The running demo as a tool for browser tests: starts bin/run itself, in a folder and a database of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

import psycopg

from sandbox.testing import free_port, wait_for

RUN = Path(__file__).resolve().parents[2] / "bin" / "run"
# Seconds: a fresh start migrates an empty database and collects static files.
START_LIMIT = 240
STOP_LIMIT = 30
# bin/run gives the sandbox's mail server this port above the sandbox's own.
SMTP_OFFSET = 24


class DemoProcess:
    """`bin/run` on free ports. `database_url` is a server to make a database on; empty means SQLite."""

    def __init__(self, folder: Path, database_url: str = "", *, empty: bool = True) -> None:
        self.folder = folder
        self.options = ["--empty"] if empty else []
        self.port = free_port()
        self.sandbox_port = _free_pair()
        self.url = f"http://localhost:{self.port}"
        self.sandbox_url = f"http://127.0.0.1:{self.sandbox_port}"
        self._server = database_url
        self._database = f"mps_demo_{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> DemoProcess:
        self._run_sql("CREATE")
        log = (self.folder / "run.log").open("wb")
        ports = ["--port", str(self.port), "--sandbox-port", str(self.sandbox_port)]
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            [str(RUN), *self.options, *ports], env=self._environment(), stdout=log, stderr=log
        )
        try:
            wait_for(self._has_started, START_LIMIT)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> int:
        """Stop it as Ctrl-C does; returns the exit code."""
        if self._process is None:
            return 0
        self._process.send_signal(signal.SIGINT)
        code = self._process.wait(STOP_LIMIT)
        self._process = None
        self._run_sql("DROP")
        return code

    def log(self) -> str:
        """What bin/run printed."""
        return (self.folder / "run.log").read_text()

    def _has_started(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            raise RuntimeError(f"bin/run ended instead of starting:\n{self.log()}")
        return "Ctrl-C stops everything" in self.log()

    def _environment(self) -> dict[str, str]:
        # Of the test run's environment only what a newcomer has; the rest bin/run sets.
        kept = {key: os.environ[key] for key in ("HOME", "PATH") if key in os.environ}
        kept["MPS_DATA_DIR"] = str(self.folder)
        # Nobody in the tests changes their mind, so none of them waits for that.
        kept["SEND_UNDO_SECONDS"] = "2"
        if self._server:
            server = urlsplit(self._server)
            kept["DATABASE_URL"] = server._replace(path=f"/{self._database}").geturl()
        return kept

    def _run_sql(self, verb: str) -> None:
        if not self._server:
            return
        suffix = " WITH (FORCE)" if verb == "DROP" else ""
        server = urlsplit(self._server)._replace(path="/postgres").geturl()
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"{verb} DATABASE {self._database}{suffix}")


def _free_pair() -> int:
    """A free port whose SMTP neighbour is free too."""
    while True:
        port = free_port()
        if port + SMTP_OFFSET < 65536 and _is_free(port + SMTP_OFFSET):
            return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
