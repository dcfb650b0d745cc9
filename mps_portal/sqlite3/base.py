"""Django's SQLite backend, with transactions that wait for the write lock in short steps.

SQLite asks for a lock at pauses that grow to 100 ms, and so misses the short gaps that long work leaves on purpose
between its transactions. Asked for every millisecond, a small write waits no longer than one of those (bin/bench
campaigns).
"""

from __future__ import annotations

import sqlite3
from time import sleep

from django.db.backends.sqlite3 import base

# Seconds between two attempts.
STEP = 0.001


class DatabaseWrapper(base.DatabaseWrapper):
    def _start_transaction_under_autocommit(self) -> None:
        # As long as SQLite itself would: messaging/report_inbox.py waits less for a while.
        patience = self.connection.execute("PRAGMA busy_timeout").fetchone()[0]
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            # In attempts, as SQLite counts: to a machine that stood still for a minute nobody has refused anything.
            for _millisecond in range(patience):
                if self._has_begun():
                    return
                sleep(STEP)
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        finally:
            # Statements outside of a transaction still wait in SQLite's way.
            self.connection.execute(f"PRAGMA busy_timeout = {patience}")

    def _has_begun(self) -> bool:
        """Past Django's cursor, whose care for errors costs ten times the attempt."""
        try:
            self.connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            return False
        return True
