"""The standing people and agencies of the tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from playwright.sync_api import Browser, sync_playwright
from pytest_django import Settings

from accounts.models import Agency, User
from accounts.roles import Role


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Settings) -> None:
    """The real hasher is slow on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """SQLite in a file, as in use: in memory its threads would not wait for each other."""
    if connection.vendor == "sqlite":
        name = tmp_path_factory.mktemp("database") / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(name)


@pytest.fixture
def agency(db: None) -> Agency:
    """A firm with a NIP, in Polish."""
    return Agency.objects.create(
        name="Ubezpieczenia Anna Żółć",
        nip="1111111111",
        street="ul. Świętej Jadwigi 12/4",
        postal_code="45-221",
        city="Opole",
        email="anna@zolc.example",
        phone="+48601000001",
        registration_code="7K3M9QW3",
    )


@pytest.fixture
def other_agency(db: None) -> Agency:
    """A natural person without NIP, in English: must never meet the first one's data."""
    return Agency.objects.create(
        name="Jan Łęcki",
        street="ul. Długa 3",
        postal_code="50-001",
        city="Wrocław",
        email="jan@lecki.example",
        phone="+48601000002",
        registration_code="4H2T08RG",
        language="en",
    )


@pytest.fixture
def owner(agency: Agency) -> User:
    return User.objects.create_user(
        "anna@zolc.example", "haslo-anny-1", full_name="Anna Żółć", role=Role.OWNER, agency=agency
    )


@pytest.fixture
def accountant(agency: Agency) -> User:
    """Sees the agency's money, no contacts and no messages."""
    return User.objects.create_user(
        "ksiegowa@zolc.example",
        "haslo-ewy-12",
        full_name="Ewa Rachunek",
        role=Role.ACCOUNTANT,
        agency=agency,
    )


@pytest.fixture
def billing_clerk(db: None) -> User:
    """The operator's person who books payments."""
    return User.objects.create_user(
        "ksiegowosc@mps.example", "haslo-piotra", full_name="Piotr Bank", role=Role.BILLING
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. It ends with the module: while Playwright runs, Django refuses its database."""
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        yield chromium
        chromium.close()
