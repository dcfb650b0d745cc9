"""The navigation, which is kept for everybody of a role: it says where one is, and offers what one may open."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.models import Agency
from messaging.closing import close_account
from mps_portal.templatetags.navigation import section

pytestmark = pytest.mark.django_db


def current(client: Client, path: str) -> list[str]:
    """The words of the entry that is marked as the current one."""
    page = client.get(path).content.decode()
    navigation = page[page.index('id="navigation"') : page.index("</nav>")]
    return re.findall(r'title="([^"]+)"\s+aria-current="page"', navigation)


def test_each_page_marks_its_own_entry(as_owner: Client) -> None:
    for _twice in range(2):
        assert current(as_owner, "/pulpit/") == ["Dashboard"]
        assert current(as_owner, "/klienci/nowy/") == ["Clients"]
        assert current(as_owner, "/wiadomosci/odebrane/") == ["Messages"]
        assert current(as_owner, "/ustawienia/konto/") == ["Settings"]


def test_it_is_in_the_language_of_each(as_owner: Client) -> None:
    assert current(as_owner, "/klienci/") == ["Clients"]
    as_owner.cookies["django_language"] = "pl"
    assert current(as_owner, "/klienci/") == ["Klienci"]


def test_each_role_has_its_own(as_owner: Client, as_accountant: Client, as_admin: Client) -> None:
    assert 'href="/klienci/"' in as_owner.get("/pulpit/").content.decode()
    assert 'href="/klienci/"' not in as_accountant.get("/pulpit/").content.decode()
    assert 'href="/operator/agencje/"' in as_admin.get("/pulpit/").content.decode()


def test_a_closed_agency_has_less(agency: Agency, as_owner: Client) -> None:
    as_owner.get("/pulpit/")
    close_account(agency=agency, at_once=False)
    assert 'href="/wysylki/"' not in as_owner.get("/pulpit/").content.decode()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/wysylki/", "wysylki"),
        ("/wysylki/123/", "wysylki"),
        ("/operator/wplaty/5/przypisz/", "operator/wplaty"),
        ("/", ""),
    ],
)
def test_pages_of_one_section_share_a_navigation(path: str, expected: str) -> None:
    assert section(path) == expected
