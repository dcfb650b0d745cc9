"""SQLite's write lock: asked for in short steps, and not for ever."""

from __future__ import annotations

import sqlite3
import threading
from time import sleep

import pytest
from django.db import OperationalError, connection, transaction

from accounts.models import Agency

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="locks of SQLite"),
]


@pytest.fixture
def somebody() -> sqlite3.Connection:
    """Another process's connection, which holds the write lock."""
    other = sqlite3.connect(
        connection.settings_dict["NAME"], isolation_level=None, check_same_thread=False
    )
    other.execute("BEGIN IMMEDIATE")
    return other


def test_a_transaction_begins_once_the_lock_is_free(
    agency: Agency, somebody: sqlite3.Connection
) -> None:
    def let_go() -> None:
        sleep(0.05)
        somebody.execute("COMMIT")

    thread = threading.Thread(target=let_go)
    thread.start()
    with transaction.atomic():
        Agency.objects.filter(pk=agency.pk).update(city="Opole Nowe")
    thread.join()
    agency.refresh_from_db()
    assert agency.city == "Opole Nowe"


def test_it_gives_up_after_the_timeout(agency: Agency, somebody: sqlite3.Connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 10")
    with pytest.raises(OperationalError, match="locked"), transaction.atomic():
        Agency.objects.filter(pk=agency.pk).update(city="Opole Nowe")
    somebody.execute("ROLLBACK")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone() == (10,)
        cursor.execute("PRAGMA busy_timeout = 30000")
    with transaction.atomic():
        Agency.objects.filter(pk=agency.pk).update(city="Opole Nowe")
    agency.refresh_from_db()
    assert agency.city == "Opole Nowe"
