"""The standing people and agencies of the tests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.test import Client, override_settings
from hypothesis import HealthCheck
from hypothesis import settings as property_tests
from playwright.sync_api import Browser, sync_playwright

from accounts.models import Agency, User
from accounts.roles import Role
from accounts.tests.agencies import anna, jan
from accounts.tests.pages import browser
from billing.models import PartPrice
from messaging.migrations._first_reserved_names import add_words

# How long an example takes says something about the machine only.
property_tests.register_profile(
    "portal", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
property_tests.load_profile("portal")


@receiver(post_migrate, sender=apps.get_app_config("messaging"))
def _keep_what_migrations_wrote(using: str, **kwargs: object) -> None:
    """Tests with transactions of their own empty every table afterwards; whoever comes next finds what is always there.

    Without a price no page shows.
    """
    prices = PartPrice.objects.using(using)
    prices.get_or_create(agency=None, valid_from=date(2026, 1, 1), price=29)
    add_words(apps)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's tests first: their files take minutes, and at the end one core would wait for the other."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)


@pytest.fixture(scope="session", autouse=True)
def _test_settings() -> Iterator[None]:
    """The real hasher is slow on purpose; the real static files' names carry hashes that only collectstatic makes."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STORAGES={**settings.STORAGES, "staticfiles": plain},
    ):
        yield


@pytest.fixture(autouse=True)
def _own_redis() -> None:
    """With Redis, limits that are counted there and jobs that wait there outlive a test's rolled back data."""
    if settings.REDIS_URL:
        cache.clear()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file, as in use: in memory its threads would not wait for each other.

    No test is about power cuts; a disk that is slow to promise that it survives one holds up all the others.
    """
    if connection.vendor == "sqlite":
        name = tmp_path_factory.mktemp("database") / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(name)
        options = connection.settings_dict["OPTIONS"]
        options["init_command"] += " PRAGMA synchronous=OFF;"


@pytest.fixture
def agency(db: None) -> Agency:
    """A firm with a NIP, in Polish."""
    return anna()


@pytest.fixture
def other_agency(db: None) -> Agency:
    """A natural person without NIP, in English: must never meet the first one's data."""
    return jan()


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


@pytest.fixture
def admin(db: None) -> User:
    """The operator's administrator."""
    return User.objects.create_user(
        "admin@mps.example", "haslo-olgi-1", full_name="Olga Admin", role=Role.ADMIN
    )


@pytest.fixture
def as_visitor(db: None) -> Client:
    """A browser of somebody who is not logged in; like the next ones, in English."""
    return browser()


@pytest.fixture
def as_owner(owner: User) -> Client:
    return browser(owner)


@pytest.fixture
def as_accountant(accountant: User) -> Client:
    return browser(accountant)


@pytest.fixture
def as_clerk(billing_clerk: User) -> Client:
    return browser(billing_clerk)


@pytest.fixture
def as_support(db: None) -> Client:
    """The operator's person who may look and not touch."""
    return browser(
        User.objects.create_user(
            "pomoc@mps.example", "haslo-zofii", full_name="Zofia Pomoc", role=Role.SUPPORT
        )
    )


@pytest.fixture
def as_admin(admin: User) -> Client:
    return browser(admin)


@pytest.fixture
def as_stranger(other_agency: Agency) -> Client:
    """The owner of the other agency."""
    return browser(
        User.objects.create_user(
            "jan@lecki.example",
            "haslo-jana-1",
            full_name="Jan Łęcki",
            role=Role.OWNER,
            agency=other_agency,
        )
    )


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium. It ends with the module: while Playwright runs, Django refuses its database."""
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        yield started
        started.close()
