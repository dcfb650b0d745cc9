"""The running programs, for tests that drive them in a browser, and everybody who visits the pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from accounts.tests.agencies import anna, jan
from mps_portal.tests.demo_process import DemoProcess
from mps_portal.tests.everybody import Walk, browsers_of_everybody, ids_of_everything


@pytest.fixture(scope="session")
def full_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoProcess]:
    """bin/run with the demo's data, for tests that look at it and spoil nothing for each other."""
    with DemoProcess(tmp_path_factory.mktemp("demo"), empty=False) as running:
        yield running


@pytest.fixture(scope="module")
def walk(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Walk]:
    """Made once, since it takes longer than a visit, each of which is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        agency = anna()
        browsers = browsers_of_everybody(agency, jan())
        yield Walk(browsers, ids_of_everything(agency))
        transaction.set_rollback(True)
