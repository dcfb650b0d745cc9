"""Closing an account, what is left of it, and opening it again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import closing
from accounts.closing import AgencyClosed, CannotReopen
from accounts.models import Agency, Event, OutgoingMail, User
from accounts.outbox import deliver
from accounts.roles import Role
from accounts.tests.pages import browser, text_of
from accounts.tests.races import run_together
from billing import ledger
from billing.models import PartPrice
from billing.tests.payments import invoice_with_pdf
from messaging import campaigns
from messaging.closing import MessagesUnderWay, close_account
from messaging.models import Campaign
from messaging.tests.book import client_of, draft_for, messages_of

pytestmark = pytest.mark.django_db

PATH = "/ustawienia/zamkniecie/"
LATER = {"erase": "later", "code": "7k3m-9qw3"}


def closed(agency: Agency, *, at_once: bool = False) -> Agency:
    close_account(agency=agency, at_once=at_once)
    agency.refresh_from_db()
    return agency


# --- the page -------------------------------------------------------------------------------------


def test_it_says_what_happens_and_where_the_money_goes(agency: Agency, as_owner: Client) -> None:
    ledger.credit(agency=agency, amount=4321, reference="payment:1")
    text = text_of(as_owner.get(PATH))
    assert "nothing is sent" in text
    assert "Invoices, payments and the movements of the balance stay" in text
    assert "You have 43,21 zł. Write to mps@mps.example" in text
    assert "Your balance is zero" not in text


def test_an_empty_balance_is_not_asked_for(as_owner: Client) -> None:
    assert "Your balance is zero" in text_of(as_owner.get(PATH))


def test_closing_stores_tells_and_leads_to_the_dashboard(agency: Agency, as_owner: Client) -> None:
    page = as_owner.post(PATH, LATER, follow=True)
    assert page.redirect_chain == [("/pulpit/", 302)]
    agency.refresh_from_db()
    assert agency.erase_at - agency.closed_at == timedelta(days=30)
    event = Event.objects.get()
    day = timezone.localtime(agency.erase_at)
    assert (event.kind, event.subject) == ("account_closed", f"{day:%d.%m.%Y}")
    assert event.person.full_name == "Anna Żółć"
    text = text_of(page)
    assert "The account is closed since" in text
    assert f"will be erased on {day:%d.%m.%Y}" in text
    assert "Open the account again" in text


def test_at_once_means_now_and_without_return(agency: Agency, as_owner: Client) -> None:
    page = as_owner.post(PATH, LATER | {"erase": "at_once"}, follow=True)
    agency.refresh_from_db()
    assert agency.erase_at == agency.closed_at
    assert "are being erased" in text_of(page)
    assert "Open the account again" not in text_of(page)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"erase": "later"}, "This field is required."),
        ({"erase": "later", "code": "4H2T-08RG"}, "This is not the registration code"),
        ({"erase": "later", "code": "\0"}, "Null characters are not allowed."),
        ({"code": "7K3M-9QW3"}, "This field is required."),
        ({"erase": "x", "code": "7K3M-9QW3"}, "Select a valid choice."),
    ],
)
def test_without_the_code_nothing_is_closed(
    typed: dict[str, str], told: str, agency: Agency, as_owner: Client
) -> None:
    page = as_owner.post(PATH, typed)
    assert page.status_code == 422
    assert told in text_of(page)
    agency.refresh_from_db()
    assert not agency.is_closed


@pytest.mark.parametrize("state", ["queued", "sending", "uncertain"])
def test_messages_under_way_are_in_the_way(state: str, agency: Agency, as_owner: Client) -> None:
    messages_of(agency, state)
    for page in (as_owner.get(PATH), as_owner.post(PATH, LATER)):
        assert "Messages are still on their way" in text_of(page)
        assert "registration code" not in text_of(page)
    agency.refresh_from_db()
    assert not agency.is_closed


def test_all_owners_and_nobody_else_get_a_mail(
    agency: Agency, owner: User, accountant: User, as_owner: Client
) -> None:
    User.objects.create_user("druga@zolc.example", role=Role.OWNER, agency=agency)
    User.objects.create_user("b@zolc.example", role=Role.OWNER, agency=agency, is_active=False)
    as_owner.post(PATH, LATER)
    for one in OutgoingMail.objects.order_by("pk"):
        assert deliver(one.pk)
    assert [message.to for message in mail.outbox] == [[owner.email], ["druga@zolc.example"]]
    first = mail.outbox[0]
    assert first.subject
    assert "http://testserver/ustawienia/zamkniecie/" in first.body


def test_the_mail_is_not_sent_for_an_account_that_is_open_again(
    agency: Agency, owner: User
) -> None:
    closed(agency)
    closing.reopen(agency_id=agency.pk)
    assert deliver(OutgoingMail.objects.get().pk)
    assert mail.outbox == []


# --- what is left of a closed account -----------------------------------------------------------------


def test_the_owner_finds_invoices_export_and_settings(agency: Agency, as_owner: Client) -> None:
    invoice = invoice_with_pdf(agency)
    closed(agency)
    for path in (
        "/pulpit/",
        "/stan-konta/",
        "/faktury/",
        f"/faktury/{invoice.pk}/pdf/",
        "/ustawienia/agencja/",
        "/ustawienia/dane/",
        PATH,
    ):
        assert as_owner.get(path).status_code == 200, path
    for path in ("/klienci/", "/wzory/", "/wysylki/", "/wiadomosci/"):
        assert as_owner.get(path).status_code == 403, path


def test_nobody_is_asked_to_transfer_money_to_it(agency: Agency, as_owner: Client) -> None:
    assert "Top up by bank transfer" in text_of(as_owner.get("/stan-konta/"))
    closed(agency)
    assert "Top up by bank transfer" not in text_of(as_owner.get("/stan-konta/"))


def test_the_accountant_learns_it_and_cannot_undo_it(
    agency: Agency, as_accountant: Client, as_owner: Client
) -> None:
    closed(agency)
    text = text_of(as_accountant.get("/pulpit/"))
    assert "The account is closed since" in text
    assert "Open the account again" not in text
    assert as_accountant.post(f"{PATH}cofnij/").status_code == 403


def test_a_draft_cannot_be_sent_any_more(agency: Agency, owner: User) -> None:
    ledger.credit(agency=agency, amount=1000, reference="payment:1")
    draft = draft_for(agency, client_of(agency))
    closed(agency)
    with pytest.raises(AgencyClosed):
        campaigns.confirm(draft, expected_cost=29, confirmed_by=owner)
    assert ledger.balance_of(agency) == 1000


def test_a_page_that_was_open_during_the_closing_says_so(
    agency: Agency, as_owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = draft_for(agency, client_of(agency))
    real = campaigns.quote

    def quote(campaign: Campaign) -> Any:
        # Closed by the other owner in this very moment.
        priced = real(campaign)
        closing.close(agency_id=agency.pk, at_once=False)
        return priced

    monkeypatch.setattr(campaigns, "quote", quote)
    page = as_owner.post(f"/wysylki/{draft.pk}/wyslij/", {"cost": "29"}, follow=True)
    assert "The account is closed: nothing can be sent from it." in text_of(page)


def test_closing_twice_changes_nothing(agency: Agency, as_owner: Client) -> None:
    closed(agency)
    page = as_owner.post(PATH, LATER)
    assert "The account is closed since" in text_of(page)
    with pytest.raises(AgencyClosed):
        close_account(agency=agency, at_once=True)
    assert Event.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_a_campaign_and_a_closing_at_once_one_wins(agency: Agency, owner: User) -> None:
    # Tests with real transactions empty all tables at their end, also of what migrations put there.
    PartPrice.objects.get_or_create(agency=None, valid_from=date(2026, 1, 1), price=29)
    for number in range(5):
        ledger.credit(agency=agency, amount=29, reference=f"payment:{number}")
        draft = draft_for(agency, client_of(agency, number))
        do: list[Callable[[], Any]] = [
            lambda draft=draft: campaigns.confirm(draft, expected_cost=29, confirmed_by=owner),
            lambda: close_account(agency=agency, at_once=False),
        ]

        outcomes = run_together(2, lambda n, do=do: do[n]())

        agency.refresh_from_db()
        draft.refresh_from_db()
        if agency.is_closed:
            assert isinstance(outcomes[0], AgencyClosed)
            assert draft.state == "draft"
            closing.reopen(agency_id=agency.pk)
        else:
            assert (outcomes[0], type(outcomes[1])) == (True, MessagesUnderWay)
            Campaign.objects.filter(pk=draft.pk).update(state="finished")


# --- the way back -----------------------------------------------------------------------------------


def test_until_the_erasing_an_owner_opens_it_again(agency: Agency, as_owner: Client) -> None:
    closed(agency)
    page = as_owner.post(f"{PATH}cofnij/", follow=True)
    assert "The account is open again." in text_of(page)
    agency.refresh_from_db()
    assert (agency.closed_at, agency.erase_at) == (None, None)
    assert list(Event.objects.order_by("pk").values_list("kind", flat=True)) == [
        "account_closed",
        "account_reopened",
    ]
    assert as_owner.get("/klienci/").status_code == 200


@pytest.mark.parametrize("days", [30, 31])
def test_when_the_time_is_over_nobody_can(days: int, agency: Agency, owner: User) -> None:
    closed(agency)
    with time_machine.travel(agency.closed_at + timedelta(days=days)):
        page = browser(owner).post(f"{PATH}cofnij/", follow=True)
        assert "The account cannot be opened again." in text_of(page)
        with pytest.raises(CannotReopen):
            closing.reopen(agency_id=agency.pk)
    agency.refresh_from_db()
    assert agency.is_closed


def test_an_open_account_cannot_be_opened(agency: Agency, as_owner: Client) -> None:
    page = as_owner.post(f"{PATH}cofnij/", follow=True)
    assert "The account cannot be opened again." in text_of(page)


def test_after_the_erasing_the_pages_say_when(agency: Agency, as_owner: Client) -> None:
    closed(agency, at_once=True)
    closing.finish_erasure(agency.pk)
    assert "were erased on" in text_of(as_owner.get("/pulpit/"))
    assert "were erased on" in text_of(as_owner.get(PATH))


@pytest.mark.parametrize("person", ["as_accountant", "as_support", "as_clerk"])
def test_others_may_not(person: str, agency: Agency, request: pytest.FixtureRequest) -> None:
    client = request.getfixturevalue(person)
    assert client.get(PATH).status_code == 403
    assert client.post(PATH, LATER).status_code == 403
    agency.refresh_from_db()
    assert not agency.is_closed


def test_a_stranger_closes_their_own_only(agency: Agency, as_stranger: Client) -> None:
    assert as_stranger.post(PATH, LATER).status_code == 422
    agency.refresh_from_db()
    assert not agency.is_closed
