"""Erasing: the texts of old messages, and everything of clients of closed agencies. What money rests on stays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from time import monotonic

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts import closing
from accounts.models import Agency, DataExport, DataExportPart, Event, User
from accounts.tests.jobs import forget_jobs, queued_jobs
from accounts.tests.pages import text_of
from billing.ledger import find_differences
from billing.tests.payments import invoice_with_pdf
from messaging import campaigns, erasure, tasks
from messaging.closing import MessagesUnderWay, close_account
from messaging.consent_wordings import write_wording
from messaging.consents import Kind, opt_out_numbers, record_said
from messaging.delivery_reports import apply_reports
from messaging.erasure import erase_closed_agencies, erase_old_texts, months_before
from messaging.gateways.base import StatusReport
from messaging.models import (
    Campaign,
    Contact,
    ContactConsent,
    ContactGroup,
    ContactNumber,
    IncomingMessage,
    Instalment,
    Message,
    MessageTemplate,
    Policy,
    SearchWord,
    SenderNameFile,
    Vehicle,
)
from messaging.opt_outs import Said
from messaging.tests.book import (
    client_of,
    draft_for,
    messages_of,
    template_of,
    whole_client_of,
)
from messaging.tests.sender_cases import own_name
from messaging.tests.sending_cases import Sender

pytestmark = pytest.mark.django_db

FINAL = ("delivered", "undelivered", "expired", "unknown", "rejected", "cancelled")
MOVING = ("queued", "sending", "uncertain", "sent")


def in_time() -> float:
    return monotonic() + 60


def aged(agency: Agency, *states: str, days: int) -> list[Message]:
    """Messages of so many days ago."""
    rows = messages_of(agency, *states)
    ids = [row.pk for row in rows]
    day = timezone.now() - timedelta(days=days)
    Message.objects.filter(pk__in=ids).update(created_at=day)
    confirmed_on(rows[0].campaign, day)
    return list(Message.objects.filter(pk__in=ids).order_by("pk"))


def confirmed_on(campaign: Campaign, day: datetime) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(
        state="finished", price=29, confirmed_at=day, leaves_at=day
    )


def keep_for(agency: Agency, months: int) -> None:
    agency.message_text_months = months
    agency.save()


# --- old texts ------------------------------------------------------------------------------------


def test_old_texts_go_and_everything_else_stays(agency: Agency, owner: User) -> None:
    keep_for(agency, 1)
    before = aged(agency, *FINAL, days=40)
    assert erase_old_texts(in_time())
    for old in before:
        now = Message.objects.get(pk=old.pk)
        assert (now.text, now.text_erased_at is None) == ("", False)
        for name in ("phone", "state", "parts", "price", "sender", "created_at", "contact_id"):
            assert getattr(now, name) == getattr(old, name)


def test_younger_texts_stay(agency: Agency, owner: User) -> None:
    keep_for(agency, 1)
    aged(agency, *FINAL, days=27)
    assert erase_old_texts(in_time())
    assert not Message.objects.filter(text="").exists()


def test_what_is_not_final_keeps_its_text_however_old(agency: Agency, owner: User) -> None:
    keep_for(agency, 1)
    aged(agency, *MOVING, days=400)
    erase_old_texts(in_time())
    assert not Message.objects.filter(text="").exists()


def test_each_agency_has_its_own_time(
    agency: Agency, other_agency: Agency, owner: User, as_stranger: Client
) -> None:
    keep_for(agency, 3)
    keep_for(other_agency, 6)
    aged(agency, "delivered", days=120)
    aged(other_agency, "delivered", days=120)
    erase_old_texts(in_time())
    assert list(Message.objects.filter(text="").values_list("agency", flat=True)) == [agency.pk]


def test_erasing_again_changes_nothing(agency: Agency, owner: User) -> None:
    keep_for(agency, 1)
    aged(agency, *FINAL, days=40)
    erase_old_texts(in_time())
    first = list(Message.objects.values_list("pk", "text_erased_at"))
    erase_old_texts(in_time())
    assert list(Message.objects.values_list("pk", "text_erased_at")) == first


def test_a_month_ends_at_midnight_in_warsaw(agency: Agency, owner: User) -> None:
    keep_for(agency, 1)
    early, late = messages_of(agency, "delivered", "delivered")
    # Midnight of 22 October in Warsaw is 22:00 UTC of the day before (summer time).
    midnight = datetime(2026, 10, 21, 22, tzinfo=UTC)
    Message.objects.filter(pk=early.pk).update(created_at=midnight - timedelta(seconds=1))
    Message.objects.filter(pk=late.pk).update(created_at=midnight)
    confirmed_on(early.campaign, midnight - timedelta(minutes=1))
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC)):
        erase_old_texts(in_time())
    assert list(Message.objects.filter(text="")) == [early]


def test_a_campaign_without_texts_is_not_looked_through_again(agency: Agency, owner: User) -> None:
    keep_for(agency, 1)
    done, waiting = aged(agency, "delivered", days=40), aged(agency, "delivered", "sent", days=40)
    assert erase_old_texts(in_time())
    campaigns = Campaign.objects.exclude(texts_erased_at=None)
    assert [campaign.pk for campaign in campaigns] == [done[0].campaign_id]
    Message.objects.filter(pk=waiting[1].pk).update(state="unknown")
    assert erase_old_texts(in_time())
    assert not Message.objects.exclude(text="").exists()
    assert campaigns.all().count() == 2


def test_a_run_that_has_no_time_left_is_carried_on_by_another_job(
    agency: Agency, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "CHUNK", 2)
    keep_for(agency, 1)
    aged(agency, *FINAL, days=40)
    monkeypatch.setattr(tasks, "TIME_BUDGET", -1)
    tasks.erase_old_texts()
    assert [job.func for job in queued_jobs()] == ["messaging.tasks.erase_old_texts"]
    monkeypatch.setattr(tasks, "TIME_BUDGET", 60)
    forget_jobs()
    tasks.erase_old_texts()
    assert Message.objects.filter(text="").count() == len(FINAL)
    assert queued_jobs() == []


def reply_of(agency: Agency | None, *, days: int, text: str = "Dziekuje") -> IncomingMessage:
    """A reply of so many days ago."""
    return IncomingMessage.objects.create(
        agency=agency,
        phone="+48600100200",
        to="48500000001",
        text=text,
        received_at=timezone.now() - timedelta(days=days),
        digest=f"{IncomingMessage.objects.count():064}",
    )


def test_replies_go_with_the_same_limit(agency: Agency, owner: User) -> None:
    keep_for(agency, 1)
    old, young = reply_of(agency, days=40), reply_of(agency, days=27)
    assert erase_old_texts(in_time())
    old.refresh_from_db()
    assert (old.text, old.phone, old.text_erased_at is None) == ("", "+48600100200", False)
    assert IncomingMessage.objects.get(text_erased_at=None) == young


def test_a_reply_to_nobody_goes_after_three_months_with_its_number(db: None) -> None:
    reply_of(None, days=95)
    reply_of(None, days=80)
    assert erase_old_texts(in_time())
    kept = IncomingMessage.objects.order_by("pk").values_list("phone", "text")
    assert list(kept) == [("", ""), ("+48600100200", "Dziekuje")]


def test_a_reply_without_a_text_is_erased_once(agency: Agency, owner: User) -> None:
    keep_for(agency, 1)
    reply_of(agency, days=40, text="")
    assert erase_old_texts(in_time())
    first = IncomingMessage.objects.get().text_erased_at
    assert erase_old_texts(in_time())
    assert IncomingMessage.objects.get().text_erased_at == first


def test_pages_say_that_the_text_was_erased(agency: Agency, as_owner: Client) -> None:
    keep_for(agency, 1)
    (message,) = aged(agency, "delivered", days=40)
    erase_old_texts(in_time())
    told = f"text erased on {timezone.localdate():%d.%m.%Y}"
    assert told in text_of(as_owner.get("/wiadomosci/"))
    assert told in text_of(as_owner.get(f"/wysylki/{message.campaign_id}/"))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 22), 24, date(2024, 11, 22)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2028, 3, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 12, 31), 12, date(2025, 12, 31)),
    ],
)
def test_months_are_counted_in_the_calendar(day: date, months: int, expected: date) -> None:
    assert months_before(day, months) == expected


@given(st.dates(min_value=date(2010, 1, 1)), st.integers(1, 60))
def test_a_month_has_from_28_to_31_days(day: date, months: int) -> None:
    assert 28 * months <= (day - months_before(day, months)).days <= 31 * months


# --- closed agencies ------------------------------------------------------------------------------


@pytest.fixture
def book(agency: Agency, owner: User, other_agency: Agency, as_stranger: Client) -> Agency:
    """An agency with a bit of everything, beside another one with the same."""
    for one in (agency, other_agency):
        invoice_with_pdf(one)
        messages_of(one, *FINAL, "sent")
        Campaign.objects.filter(agency=one).update(
            state="finished", confirmed_at=timezone.now(), price=29
        )
        person = one.people.get(role="owner")
        wording = write_wording(agency=one, text="Zgadzam się.", written_by=person)
        client = whole_client_of(one, 90)
        said = Said(channel="paper", source="umowa", wording=wording, recorded_by=person)
        record_said(contact=client, kind=Kind.MARKETING, is_given=True, said=said)
        opt_out_numbers(agency=one, phones=["+48600999999"], said=said)
        reply_of(one, days=1)
        draft_for(one, client)
    return agency


def close_and_wait(agency: Agency, *, at_once: bool = True) -> None:
    close_account(agency=agency, at_once=at_once)
    wait = closing.LAST_REQUESTS if at_once else closing.ERASE_AFTER
    with time_machine.travel(timezone.now() + wait + timedelta(seconds=1)):
        assert erase_closed_agencies(in_time())


@pytest.mark.parametrize("at_once", [True, False])
def test_clients_go_and_money_and_statistics_stay(book: Agency, at_once: bool) -> None:
    kept = list(Message.objects.order_by("pk").values_list("state", "parts", "price", "sent_at"))
    close_and_wait(book, at_once=at_once)

    own = Message.objects.filter(agency=book)
    assert set(own.values_list("phone", "text", "contact")) == {("", "", None)}
    assert not own.filter(text_erased_at=None).exists()
    campaign = Campaign.objects.get(agency=book)
    assert (campaign.state, campaign.body, campaigns.chosen(campaign)) == ("finished", "", [])
    assert campaign.name == "Badania 0"
    for model in (Contact, ContactGroup, MessageTemplate, SearchWord, Instalment):
        assert not model.objects.filter(agency=book).exists()
    for own_rows in (book.opted_out_numbers, book.opt_out_steps, book.consent_wordings):
        assert not own_rows.exists()
    reply = book.incoming_messages.get()
    assert (reply.phone, reply.text, reply.contact) == ("", "", None)
    for model in (ContactNumber, ContactConsent):
        assert not model.objects.filter(contact__agency=book).exists()
    assert (
        list(Message.objects.order_by("pk").values_list("state", "parts", "price", "sent_at"))
        == kept
    )
    assert book.invoices.count() == book.payments.count() == 1
    assert find_differences() == []
    book.refresh_from_db()
    assert book.erased_at is not None
    assert Event.objects.filter(kind="data_erased", agency=book).count() == 1


def test_others_keep_everything(book: Agency, other_agency: Agency) -> None:
    close_and_wait(book)
    assert not Message.objects.filter(agency=other_agency, text="").exists()
    assert Contact.objects.filter(agency=other_agency).count() == 8
    assert (Vehicle.objects.count(), Policy.objects.count()) == (8, 1)
    for model in (ContactGroup, ContactNumber, Instalment):
        assert model.objects.count() == 1
    assert ContactConsent.objects.count() == 2
    own = other_agency
    for own_rows in (own.opted_out_numbers, own.opt_out_steps, own.consent_wordings):
        assert own_rows.count() == 1
    assert own.incoming_messages.get().text == "Dziekuje"
    assert SearchWord.objects.filter(agency=other_agency).exists()
    assert MessageTemplate.objects.filter(agency=other_agency).count() == 2
    assert Campaign.objects.filter(agency=other_agency).count() == 2


def test_erasing_in_small_pieces_comes_to_the_same(
    book: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "CHUNK", 2)
    close_and_wait(book)
    assert not Message.objects.filter(agency=book).exclude(phone="", text="").exists()


def test_interrupted_erasing_is_carried_on(book: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    close_account(agency=book, at_once=True)

    def fail(rows: object) -> None:
        raise OSError("disk full")

    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        with monkeypatch.context() as patch:
            patch.setattr(erasure, "_delete", fail)
            with pytest.raises(OSError, match="disk full"):
                erase_closed_agencies(in_time())
        book.refresh_from_db()
        assert book.erased_at is None
        assert not erase_closed_agencies(monotonic() - 1)
        assert erase_closed_agencies(in_time())
        assert erase_closed_agencies(in_time())
    assert not Contact.objects.filter(agency=book).exists()
    assert Event.objects.filter(kind="data_erased").count() == 1


def test_nothing_goes_before_its_time(book: Agency) -> None:
    close_account(agency=book, at_once=False)
    with time_machine.travel(timezone.now() + timedelta(days=29, hours=23)):
        erase_closed_agencies(in_time())
    assert Contact.objects.filter(agency=book).count() == 8


def test_what_began_before_the_closing_may_end_before_the_erasing(book: Agency) -> None:
    close_account(agency=book, at_once=True)
    erase_closed_agencies(in_time())
    assert Contact.objects.filter(agency=book).exists()


def test_an_account_that_was_opened_again_keeps_its_data(book: Agency) -> None:
    close_account(agency=book, at_once=False)
    closing.reopen(agency_id=book.pk)
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        erase_closed_agencies(in_time())
        assert closing.begin_erasure(book.pk) is None
    assert Contact.objects.filter(agency=book).exists()


def test_exports_go_too_even_one_that_is_being_made(book: Agency, owner: User) -> None:
    ready, running = [
        DataExport.objects.create(agency=book, asked_by=owner, state=state)
        for state in ("ready", "running")
    ]
    DataExport.objects.filter(pk=ready.pk).update(expires_at=timezone.now() + timedelta(days=60))
    for export in (ready, running):
        DataExportPart.objects.create(export=export, attempt=1, number=0, content=b"PK")
    close_and_wait(book)
    assert not DataExportPart.objects.exists()
    ready.refresh_from_db()
    running.refresh_from_db()
    assert running.state == "failed"
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        assert not ready.is_downloadable


@pytest.mark.parametrize("state", ["queued", "sending", "uncertain"])
def test_an_account_with_messages_under_way_stays_open(
    state: str, agency: Agency, owner: User
) -> None:
    messages_of(agency, state)
    with pytest.raises(MessagesUnderWay):
        close_account(agency=agency, at_once=False)
    agency.refresh_from_db()
    assert not agency.is_closed
    assert not Event.objects.exists()


def test_an_account_with_a_campaign_in_preparation_stays_open(sender: Sender) -> None:
    client = client_of(sender.agency)
    sender.confirm(sender.draft([client.pk]))
    with pytest.raises(MessagesUnderWay):
        close_account(agency=sender.agency, at_once=False)


def test_reports_still_come_in_after_the_closing(agency: Agency, owner: User) -> None:
    (message,) = messages_of(agency, "sent")
    Campaign.objects.update(state="finished", confirmed_at=timezone.now(), price=29)
    Message.objects.update(provider_id="ABC")
    close_and_wait(agency)
    assert apply_reports("", [StatusReport("ABC", "delivered")]) == 1
    message.refresh_from_db()
    assert (message.state, message.phone, message.text) == ("delivered", "", "")


def test_templates_of_the_same_name_may_come_back_after_reopening(book: Agency) -> None:
    close_account(agency=book, at_once=False)
    closing.reopen(agency_id=book.pk)
    assert template_of(book, name="Nowy").pk


def test_sender_names_lose_their_documents_and_leave_the_gateway(
    agency: Agency, other_agency: Agency, owner: User
) -> None:
    draft = own_name(agency, "draft", "Szkic")
    used = own_name(agency, "authorised", "Nowak OC")
    waiting = own_name(agency, "in_review", "Czeka")
    theirs = own_name(other_agency, "draft", "Lecki OC")
    close_account(agency=agency, at_once=True)
    with time_machine.travel(timezone.now() + closing.LAST_REQUESTS + timedelta(seconds=1)):
        assert erase_closed_agencies(in_time())
    assert [file.sender_name for file in SenderNameFile.objects.all()] == [theirs]
    for name in (draft, used, waiting):
        name.refresh_from_db()
    assert (draft.state, waiting.state) == ("draft", "revoked")
    assert (used.state, used.registration) == ("revoked", "leaving")
    # Who stated what, and when, stays as evidence.
    assert (used.statement_version, used.statement_accepted_by) == ("2026-11-01", owner)
