"""A database for a benchmark, with all tables and nothing in them; gone when it is over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.conf import settings


@contextmanager
def bench_database() -> Iterator[None]:
    """A file on SQLite, as in use; on PostgreSQL a database beside the one of DATABASE_URL."""
    django.setup()
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(settings.DATA_DIR / "bench.sqlite3")
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
