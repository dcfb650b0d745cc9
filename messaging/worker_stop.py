"""Stopping a worker that is sending: what it has begun is finished, and nothing is begun any more.

Service managers send SIGTERM to all processes of a worker. Without this, one that is talking to the gateway would die
in the middle, and its messages would be uncertain until somebody asks about them.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType
from typing import Any

_requested = Event()
_can_wait = Event()


def install(**_signal: Any) -> None:
    """Answer SIGTERM in this process; connected to django-q2's signal of a new worker process."""
    signal.signal(signal.SIGTERM, _on_sigterm)


def is_requested() -> bool:
    """Whether this process should come to an end."""
    return _requested.is_set()


@contextmanager
def postponed() -> Iterator[None]:
    """Let the block end before the process does. It must look at `is_requested` and end within seconds."""
    _can_wait.set()
    try:
        yield
    finally:
        _can_wait.clear()
        if _requested.is_set():
            raise SystemExit(0)


def _on_sigterm(_number: int, _frame: FrameType | None) -> None:
    _requested.set()
    if not _can_wait.is_set():
        raise SystemExit(0)
