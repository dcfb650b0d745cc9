from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client


@pytest.mark.django_db
def test_the_portal_is_well_when_it_reaches_its_database() -> None:
    response = Client().get("/zdrowie/")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_without_its_database_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(connection, "cursor", refuse)
    assert Client(raise_request_exception=False).get("/zdrowie/").status_code == 500
