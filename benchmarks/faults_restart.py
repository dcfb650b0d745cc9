"""5,000 messages while their PostgreSQL restarts five times. Run by bin/bench faults, with the server's folder."""

from __future__ import annotations

import sys
from time import sleep
from typing import Any

from benchmarks.bench_database import bench_database
from benchmarks.faults import BATCH, NUM_MESSAGES, QUIET, World, attempt, new_world
from benchmarks.throw_away_postgres import ThrowAwayPostgres

NUM_RESTARTS = 5


def main() -> None:
    """Print a line; exit with 1 if a promise was broken."""
    server = ThrowAwayPostgres(sys.argv[1])
    with bench_database():
        is_broken = attempt("the database restarts", lambda: _restart(server))
    sys.exit(1 if is_broken else 0)


def _restart(server: ThrowAwayPostgres) -> str:
    from django.db import connection

    with new_world() as here:
        # As slowly as leaves something for the last of them.
        here.sandbox.faults(**QUIET | {"delay_ms": 1000})
        here.sender.confirm(here.sender.draft(here.client_ids))
        with here.worker(threads=2, batch=BATCH // 5):
            for _restart in range(NUM_RESTARTS):
                before = len(here.sandbox.phones())
                here.wait_for(lambda before=before: _moves(here, before))
                server.restart()
                # This program's own one is as dead as the worker's.
                connection.close()
            here.sandbox.faults(report_mode="none")
            here.wait_until_promised({"sent": NUM_MESSAGES})
    return f"{NUM_RESTARTS} times, each message arrived once"


def _moves(here: World, before: int) -> Any:
    """Whether messages leave again; what was lost with the last connection is taken up meanwhile."""
    from django.db import Error, connection

    try:
        here.let_time_pass()
    except Error:
        connection.close()
        sleep(0.5)
    return len(here.sandbox.phones()) > before


if __name__ == "__main__":
    main()
