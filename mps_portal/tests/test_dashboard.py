from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_q.models import Task

from accounts.models import Agency, OutgoingMail, User
from accounts.tests.pages import text_of
from billing import ledger
from billing.models import BankLine, InvoiceEmail
from billing.statement_import import import_statement
from billing.tests.payments import pay
from billing.tests.statement_files import statement
from messaging.models import GatewayState, IncomingMessage
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
    assert "Payments waiting 1 58,00 zł, the oldest for 0" in text
    assert "Invoices to be mailed 1" in text
    assert "Agencies 1 registered" in text


def test_the_operator_sees_how_many_replies_are_nobodys(agency: Agency, as_clerk: Client) -> None:
    assert "Replies to nobody" not in text_of(as_clerk.get("/pulpit/"))
    for number, whose in enumerate([None, None, agency]):
        IncomingMessage.objects.create(agency=whose, phone="1", to="2", digest=str(number))
    assert "Replies to nobody 2 they answer" in text_of(as_clerk.get("/pulpit/"))


def test_the_visitor_is_told_what_the_portal_is(as_visitor: Client) -> None:
    assert "No policy ends unnoticed." in text_of(as_visitor.get("/"))


def test_the_morning_is_told_yesterday_and_what_comes(agency: Agency, as_owner: Client) -> None:
    campaign = messages_of(agency, "delivered", "undelivered", "expired")[0].campaign
    campaign.leaves_at = timezone.now() - timedelta(days=1)
    campaign.save()
    client = client_of(agency, 50)
    client.next_inspection_on = timezone.localdate() + timedelta(days=3)
    client.save()
    response = as_owner.get("/pulpit/")
    text = text_of(response)
    assert "Yesterday 3 messages, delivered: 1." in text
    assert "Badania 0: 2 not delivered. Look and send again" in text
    assert f'href="/wysylki/{campaign.pk}/"' in response.content.decode()
    assert "In the next 14 days 1 client with an inspection Write to them" in text


def test_the_button_leads_to_a_campaign_for_those_clients(agency: Agency, as_owner: Client) -> None:
    client = client_of(agency, 50)
    client.next_inspection_on = timezone.localdate() + timedelta(days=3)
    client.save()
    client_of(agency, 51)
    chosen = as_owner.post("/wysylki/nowa/", {"all": "1", "inspection": "14"})
    assert chosen.context["count"] == 1


def test_the_balance_is_told_in_days(agency: Agency, as_owner: Client) -> None:
    pay(agency, 10000)
    ledger.debit(agency=agency, amount=5000, reference="campaign:1")
    text = text_of(as_owner.get("/pulpit/"))
    assert "lasts 30 days at the pace of the last 30" in text
    assert "latest payment 100,00 zł" in text


def test_the_accountants_dashboard_tells_nothing_of_messages(
    agency: Agency, owner: User, as_accountant: Client
) -> None:
    messages_of(agency, "delivered")
    text = text_of(as_accountant.get("/pulpit/"))
    assert "In the next 14 days" not in text
    assert "Messages of the last 14 days" not in text


def test_the_dashboard_takes_few_queries_however_much_was_sent(
    agency: Agency, as_owner: Client
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            as_owner.get("/pulpit/")
        return len(queries)

    messages_of(agency, "delivered")
    few = count()
    for _campaign in range(4):
        messages_of(agency, "delivered", "sent")
    assert count() == few


def test_support_sees_how_the_gateways_do(agency: Agency, owner: User, as_support: Client) -> None:
    messages_of(agency, "queued", "uncertain")
    text = text_of(as_support.get("/pulpit/"))
    assert "Gateways smsapi Works 1 wait, 1 uncertain" in text
    GatewayState.objects.create(name="smsapi", halt="funds", halted_at=timezone.now())
    assert "smsapi Halted" in text_of(as_support.get("/pulpit/"))


def test_the_clerk_sees_no_gateways(as_clerk: Client) -> None:
    assert "Gateways" not in text_of(as_clerk.get("/pulpit/"))


def test_failures_of_the_day_are_listed_and_older_ones_are_not(
    agency: Agency, as_clerk: Client
) -> None:
    assert "Nothing failed in the last 24 hours." in text_of(as_clerk.get("/pulpit/"))
    now = timezone.now()
    invoice = pay(agency, 10000).invoice
    InvoiceEmail.objects.filter(invoice=invoice).update(state="failed")
    for age in (1, 40):
        moment = now - timedelta(hours=age)
        OutgoingMail.objects.create(function="x", arguments=[], given_up_at=moment)
        Task.objects.create(
            id=f"{age:032}", name=str(age), func="x", started=moment, stopped=moment, success=False
        )
    text = text_of(as_clerk.get("/pulpit/"))
    assert "1 invoice could not be mailed" in text
    assert "1 mail was given up after three days" in text
    assert "1 background job failed in the last 24 hours" in text


def test_a_payment_that_waits_too_long_is_marked(agency: Agency, as_clerk: Client) -> None:
    import_statement(statement(*WITHOUT_CODE).encode(), "a.sta")
    assert "The promise is 24 hours" not in text_of(as_clerk.get("/pulpit/"))
    BankLine.objects.update(imported_at=timezone.now() - timedelta(hours=21))
    assert "The promise is 24 hours" in text_of(as_clerk.get("/pulpit/"))
