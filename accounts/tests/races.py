"""Several workers at the same thing at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections


def run_together(count: int, action: Callable[[int], Any]) -> list[Any]:
    """Call action(0), action(1)... in threads that start as one; give what each returned or raised.

    Each thread has a database connection of its own, so the test needs `transaction=True`.
    """
    start = Barrier(count)

    def run(number: int) -> Any:
        try:
            start.wait(timeout=30)
            return action(number)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))
