"""Dashboards, lists and look-ups ask the database few questions, however much they show."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Agency, User
from accounts.roles import Role
from accounts.tests.pages import browser, text_of
from billing.statement_import import import_statement
from billing.tests.payments import invoice_with_pdf
from billing.tests.statement_files import statement
from messaging.models import Campaign, Message
from messaging.tests.book import client_of, draft_for, messages_of, template_of
from messaging.tests.sender_cases import own_name, shared_name

pytestmark = pytest.mark.django_db

MOST = 6
# Pages of one thing with much about it: each kind of what is about it is one question, and none is asked twice.
MOST_OF_A_DRAFT = 13
MOST_OF_AN_AGENCY = 12

LINES = (":61:2603100310CN58,00NTRFNONREF//A{n}", ":86:020?20ZA SMS?32ANNA{n}")


@pytest.fixture
def message(agency: Agency, owner: User) -> Message:
    """The last of a list of more than a page, all sent."""
    rows = messages_of(agency, *["delivered"] * 60)
    now = timezone.now()
    Campaign.objects.update(state="finished", price=29, confirmed_at=now, leaves_at=now)
    return rows[-1]


@pytest.fixture
def other_rows(agency: Agency, owner: User) -> None:
    """Several of each of the other lists' rows."""
    for number in range(3):
        invoice_with_pdf(agency)
        own_name(agency, "submitted", f"Nazwa {number}")
        shared_name(f"Wspolna {number}")
        template_of(agency, name=f"Wzor {number}")
        lines = [line.format(n=number) for line in LINES]
        import_statement(statement(*lines).encode(), f"{number}.sta")


AGENTS = (
    "/pulpit/",
    "/pulpit/statystyki/",
    "/klienci/",
    "/klienci/?search=imie",
    "/klienci/rezygnacje/",
    "/klienci/grupy/",
    "/wzory/",
    "/wysylki/",
    "/wysylki/{campaign}/",
    "/wysylki/{campaign}/?state=delivered",
    "/wiadomosci/",
    "/wiadomosci/?state=delivered",
    "/wiadomosci/?before={message}",
    "/wiadomosci/{message}/",
    "/wiadomosci/odebrane/",
    "/ustawienia/podpisy/",
)
BOOKS = ("/pulpit/", "/pulpit/statystyki/", "/stan-konta/", "/stan-konta/doladuj/", "/faktury/")
OWNERS = ("/ustawienia/osoby/", "/ustawienia/zdarzenia/")
OPERATORS = (
    "/pulpit/",
    "/operator/agencje/",
    "/operator/bramki/",
    "/operator/cennik/",
    "/operator/faktury/",
    "/operator/podpisy/",
    "/operator/wplaty/",
    "/operator/wplaty/rachunki/",
    "/operator/wyciagi/",
    "/operator/zdarzenia/",
    "/operator/zwroty/",
)


@pytest.mark.parametrize(
    ("role", "address"),
    [
        *((Role.OWNER, address) for address in AGENTS + BOOKS[2:] + OWNERS),
        *((Role.EMPLOYEE, address) for address in AGENTS),
        *((Role.ACCOUNTANT, address) for address in BOOKS),
        *((Role.ADMIN, address) for address in OPERATORS),
    ],
)
def test_a_page_asks_little(
    role: Role,
    address: str,
    agency: Agency,
    message: Message,
    other_rows: None,
    django_assert_max_num_queries: Any,
) -> None:
    is_operator = role is Role.ADMIN
    person = User.objects.create_user(
        "ktos@walk.example",
        "haslo-na-spacer",
        full_name="Ktoś",
        role=role,
        agency=None if is_operator else agency,
        monthly_limit_parts=1000 if role is Role.EMPLOYEE else None,
    )
    client, path = browser(person), address.format(message=message.pk, campaign=message.campaign_id)
    assert client.get(path).status_code == 200
    with django_assert_max_num_queries(MOST):
        client.get(path)


def test_a_draft_is_composed_once_for_its_page(
    agency: Agency, owner: User, as_owner: Client, django_assert_max_num_queries: Any
) -> None:
    without_phone = client_of(agency, 1, phone="")
    draft = draft_for(agency, without_phone, client_of(agency, 2), client_of(agency, 3))
    as_owner.get(f"/wysylki/{draft.pk}/")
    with django_assert_max_num_queries(MOST_OF_A_DRAFT):
        page = as_owner.get(f"/wysylki/{draft.pk}/")
    # The phone shows the first who gets it, second of three.
    assert "2 of 3" in text_of(page)


def test_an_invoice_s_page_reads_its_corrections_once(
    agency: Agency, as_admin: Client, django_assert_max_num_queries: Any
) -> None:
    path = f"/operator/faktury/{invoice_with_pdf(agency).pk}/"
    as_admin.get(path)
    with django_assert_max_num_queries(MOST):
        as_admin.get(path)


def test_the_operator_s_page_of_an_agency_reads_no_messages(
    agency: Agency, message: Message, as_admin: Client, django_assert_max_num_queries: Any
) -> None:
    path = f"/operator/agencje/{agency.pk}/"
    as_admin.get(path)
    with django_assert_max_num_queries(MOST_OF_AN_AGENCY) as queries:
        assert "Delivered 60" in text_of(as_admin.get(path))
    assert not any('FROM "messaging_message"' in query["sql"] for query in queries)
