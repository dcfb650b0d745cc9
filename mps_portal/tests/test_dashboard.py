from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Agency, User
from accounts.tests.pages import text_of
from billing.statement_import import import_statement
from billing.tests.payments import pay
from billing.tests.statement_files import statement
from messaging.models import IncomingMessage
from messaging.tests.book import client_of, draft_for, messages_of

WITHOUT_CODE = (":61:2603100310CN58,00NTRFNONREF//A1", ":86:020?20ZA SMS?32ANNA")


def test_a_new_agency_finds_its_first_steps(as_owner: Client) -> None:
    response = as_owner.get("/pulpit/")
    text = text_of(response)
    assert "Good day, Anna Żółć" in text
    assert "Balance 0,00 zł enough for 0 SMS parts at 0,29 zł" in text
    assert "Registration code 7K3M-9QW3" in text
    assert "First steps" in text
    assert response.content.decode().count('class="is-done"') == 0


def test_the_steps_that_are_done_are_ticked(agency: Agency, as_owner: Client) -> None:
    pay(agency, 10000)
    client_of(agency)
    page = as_owner.get("/pulpit/").content.decode()
    assert page.count('class="is-done"') == 2


def test_with_all_done_come_campaigns_and_invoices(agency: Agency, as_owner: Client) -> None:
    invoice = pay(agency, 10000).invoice
    draft_for(agency, client_of(agency))
    text = text_of(as_owner.get("/pulpit/"))
    assert "First steps" not in text
    assert "Latest campaigns" in text
    assert "Badania 0" in text
    assert invoice.number in text


@pytest.mark.parametrize("person", ["as_accountant", "as_stranger"])
def test_the_campaigns_are_for_the_agencys_agents_only(
    person: str, agency: Agency, owner: User, request: pytest.FixtureRequest
) -> None:
    client = request.getfixturevalue(person)
    draft_for(agency, client_of(agency))
    assert "Badania 0" not in text_of(client.get("/pulpit/"))


def test_the_accountant_sees_money_and_no_steps(agency: Agency, as_accountant: Client) -> None:
    invoice = pay(agency, 10000).invoice
    text = text_of(as_accountant.get("/pulpit/"))
    assert "Balance 100,00 zł enough for 344 SMS parts at 0,29 zł" in text
    assert invoice.number in text
    assert "First steps" not in text
    assert "clients in your book" not in text


def test_uncertain_messages_are_explained(agency: Agency, as_owner: Client) -> None:
    messages_of(agency, "uncertain", "uncertain", "sent")
    text = text_of(as_owner.get("/pulpit/"))
    assert "2 messages have an uncertain status." in text
    assert "they will not be sent twice" in text


def test_the_operator_sees_what_waits(agency: Agency, as_clerk: Client) -> None:
    assert "Payments waiting 0 everything is booked" in text_of(as_clerk.get("/pulpit/"))
    import_statement(statement(*WITHOUT_CODE).encode(), "a.sta")
    pay(agency, 10000)
    text = text_of(as_clerk.get("/pulpit/"))
    assert "Payments waiting 1 58,00 zł, the oldest of 10.03.2026" in text
    assert "Invoices to be mailed 1" in text
    assert "Agencies 1 registered" in text


def test_the_operator_sees_how_many_replies_are_nobodys(agency: Agency, as_clerk: Client) -> None:
    assert "Replies to nobody" not in text_of(as_clerk.get("/pulpit/"))
    for number, whose in enumerate([None, None, agency]):
        IncomingMessage.objects.create(agency=whose, phone="1", to="2", digest=str(number))
    assert "Replies to nobody 2 they answer" in text_of(as_clerk.get("/pulpit/"))


def test_the_visitor_is_told_what_the_portal_is(as_visitor: Client) -> None:
    assert "No policy ends unnoticed." in text_of(as_visitor.get("/"))
