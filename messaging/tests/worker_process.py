"""The real worker process, on the database of the test."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from time import monotonic
from types import TracebackType
from urllib.parse import quote

from django.db import connection

from sandbox.testing import wait_for

MANAGE = Path(__file__).resolve().parents[2] / "manage.py"


class WorkerProcess:
    """`manage.py qcluster` while the block runs; killed at its end, as if the machine had lost power."""

    def __init__(self, **environment: str) -> None:
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> WorkerProcess:
        self._process = subprocess.Popen(
            [sys.executable, str(MANAGE), "qcluster"],
            env={**os.environ, "DATABASE_URL": database_url(), **self._environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # A process group of its own, for its children die with it.
            start_new_session=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self, *, everybody: bool) -> float:
        """End it as service managers do: SIGTERM to all of its processes, or to the first one alone.

        Returns the seconds until the last of them has ended. Raises TimeoutError after a minute.
        """
        assert self._process
        start = monotonic()
        group = self._process.pid
        (os.killpg if everybody else os.kill)(group, signal.SIGTERM)
        wait_for(lambda: self._process and self._process.poll() is not None, seconds=60)
        wait_for(lambda: not _is_alive(group), seconds=60)
        return monotonic() - start


def _is_alive(group: int) -> bool:
    """Whether a process of the group still runs. Those that nobody has asked about since their end do not."""
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _parent, found, *_rest = status.read_text().rpartition(")")[2].split()
            if int(found) == group and state != "Z":
                return True
    return False


def database_url() -> str:
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    person = f"{quote(database['USER'])}:{quote(database['PASSWORD'])}"
    return f"postgres://{person}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
