"""Replies as SMSAPI pushes them: kept once, given to the right agency, taken as an opt-out where they are one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Agency, User
from accounts.tests.races import run_together
from messaging.consents import Kind, record_consent
from messaging.gateways.smsapi_incoming import read_incoming
from messaging.models import (
    Contact,
    ContactConsent,
    IncomingMessage,
    Message,
    OptedOutNumber,
    OptOutStep,
    SenderName,
)
from messaging.tests.book import client_of, messages_of

URL = "/mo/smsapi/demo-callback/"
NUMBER = "48500000001"

pytestmark = pytest.mark.django_db


@pytest.fixture
def replyable(db: None) -> SenderName:
    """A number that all agencies share and that can be answered."""
    return SenderName.objects.create(name=NUMBER, state="authorised", is_replyable=True)


def sent_to(agency: Agency, *, sender: str = NUMBER, provider_id: str = "") -> Message:
    """A delivered message to a new client of the agency."""
    (message,) = messages_of(agency, "delivered")
    Message.objects.filter(pk=message.pk).update(sender=sender, provider_id=provider_id)
    message.refresh_from_db()
    return message


def form(phone: str, text: str = "STOP", **changes: str) -> dict[str, str]:
    now = str(int(timezone.now().timestamp()))
    said = {"sms_to": NUMBER, "sms_from": phone.removeprefix("+"), "sms_text": text}
    return said | {"sms_date": now, "username": "mps", "MsgId": ""} | changes


def push(client: Client, phone: str, text: str = "STOP", **changes: str) -> None:
    response = client.post(URL, form(phone, text, **changes))
    assert (response.status_code, response.content) == (200, b"OK")


def test_stop_opts_out_with_time_and_channel(
    client: Client, agency: Agency, owner: User, replyable: SenderName
) -> None:
    message = sent_to(agency, provider_id="AB12")
    push(client, message.phone, "Stop.", MsgId="AB12")
    kept = IncomingMessage.objects.get()
    assert (kept.agency, kept.contact, kept.answered) == (agency, message.contact, message)
    assert (kept.text, kept.is_opt_out) == ("Stop.", True)
    number = OptedOutNumber.objects.get()
    assert (number.agency, number.phone, number.channel) == (agency, message.phone, "sms")
    contact = Contact.objects.get()
    assert contact.opted_out_at is not None
    step = contact.consent_history.get()
    assert (step.kind, step.is_given, step.channel) == ("messages", False, "sms")
    assert (step.source, step.said_on, step.recorded_by) == ("Stop.", timezone.localdate(), None)
    assert OptOutStep.objects.get().is_out


def test_another_reply_is_kept_and_changes_nothing(
    client: Client, agency: Agency, owner: User, replyable: SenderName
) -> None:
    message = sent_to(agency)
    push(client, message.phone, "Stop - proszę o kontakt w sprawie polisy")
    kept = IncomingMessage.objects.get()
    assert (kept.agency, kept.answered, kept.is_opt_out) == (agency, message, False)
    assert not OptedOutNumber.objects.exists()
    assert Contact.objects.get().opted_out_at is None


def test_a_reply_that_is_pushed_again_is_kept_once(
    client: Client, agency: Agency, owner: User, replyable: SenderName
) -> None:
    message = sent_to(agency)
    said = form(message.phone)
    for _ in range(3):
        assert client.post(URL, said).content == b"OK"
    assert IncomingMessage.objects.count() == OptOutStep.objects.count() == 1
    assert ContactConsent.objects.count() == 1


def test_without_an_id_it_answers_the_newest_message_that_can_be_answered(
    client: Client, agency: Agency, owner: User, replyable: SenderName
) -> None:
    older, newer, unanswerable = (
        sent_to(agency),
        sent_to(agency),
        sent_to(agency, sender="Bramka SMS"),
    )
    own = Message.objects.filter(pk__in=[older.pk, newer.pk, unanswerable.pk])
    own.update(phone=newer.phone)
    push(client, newer.phone)
    assert IncomingMessage.objects.get().answered == newer


def test_of_two_agencies_that_share_a_number_the_last_one_is_answered(
    client: Client,
    agency: Agency,
    owner: User,
    other_agency: Agency,
    as_stranger: Client,
    replyable: SenderName,
) -> None:
    first, last = sent_to(agency), sent_to(other_agency)
    Message.objects.filter(pk=last.pk).update(phone=first.phone)
    push(client, first.phone)
    assert OptedOutNumber.objects.get().agency == other_agency
    assert Contact.objects.get(agency=agency).opted_out_at is None
    # The id tells more than the order.
    Message.objects.filter(pk=first.pk).update(provider_id="FF01")
    push(client, first.phone, "Stop", MsgId="FF01")
    assert OptedOutNumber.objects.filter(agency=agency).exists()


def test_an_id_of_a_message_to_another_number_is_not_believed(
    client: Client, agency: Agency, owner: User, replyable: SenderName
) -> None:
    message = sent_to(agency, provider_id="AB12")
    push(client, "+48609999999", MsgId="AB12")
    kept = IncomingMessage.objects.get()
    assert (kept.agency, kept.answered, kept.is_opt_out) == (None, None, False)
    assert not OptedOutNumber.objects.filter(phone=message.phone).exists()


@pytest.mark.parametrize("case", ["old", "unanswerable", "queued", "unknown number"])
def test_what_answers_nothing_of_ours_is_kept_without_an_agency(
    case: str, client: Client, agency: Agency, owner: User, replyable: SenderName
) -> None:
    message = sent_to(agency)
    changes: dict[str, dict[str, Any]] = {
        "old": {"created_at": timezone.now() - timedelta(days=91)},
        "unanswerable": {"sender": "Bramka SMS"},
        "queued": {"state": "queued"},
        "unknown number": {"phone": "+48609999999"},
    }
    Message.objects.filter(pk=message.pk).update(**changes[case])
    push(client, message.phone)
    assert IncomingMessage.objects.get().agency is None
    assert not OptedOutNumber.objects.exists()


def test_stop_withdraws_the_consent_to_marketing(
    client: Client, agency: Agency, owner: User, replyable: SenderName
) -> None:
    message = sent_to(agency)
    contact = Contact.objects.get()
    record_consent(
        contact=contact, kind=Kind.MARKETING, is_given=True, source="umowa", recorded_by=owner
    )
    push(client, message.phone)
    contact.refresh_from_db()
    assert contact.marketing_consent_at is None
    steps = contact.consent_history.order_by("pk").values_list("kind", "is_given", "channel")
    assert sorted(steps) == [
        ("marketing", False, "sms"),
        ("marketing", True, ""),
        ("messages", False, "sms"),
    ]


def test_a_number_that_nobody_has_any_more_opts_out_all_the_same(
    client: Client, agency: Agency, owner: User, replyable: SenderName
) -> None:
    message = sent_to(agency)
    Contact.objects.all().delete()
    push(client, message.phone)
    assert OptedOutNumber.objects.get().phone == message.phone
    assert OptOutStep.objects.get().source == "STOP"


@pytest.mark.parametrize("date", ["", "x", "-1", "99999999999", "99999999999999999", "1", "0x1"])
def test_a_senseless_time_is_the_moment_of_arrival(
    date: str, client: Client, agency: Agency, owner: User, replyable: SenderName
) -> None:
    push(client, sent_to(agency).phone, sms_date=date)
    age = timezone.now() - IncomingMessage.objects.get().received_at
    assert timedelta(0) <= age < timedelta(minutes=1)


def test_the_gateway_s_time_is_kept(client: Client, replyable: SenderName) -> None:
    then = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=5)
    push(client, "+48600100200", sms_date=str(int(then.timestamp())))
    assert IncomingMessage.objects.get().received_at == then


@pytest.mark.parametrize("secret", ["wrong", "demo-callback-2", "demo"])
def test_without_the_secret_there_is_no_such_page(secret: str, client: Client) -> None:
    assert client.post(f"/mo/smsapi/{secret}/", form("+48600100200")).status_code == 404
    assert not IncomingMessage.objects.exists()


def test_only_a_post_is_taken_and_no_token_is_asked_for() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(URL).status_code == 405
    assert strict.post(URL, form("+48600100200")).content == b"OK"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/x-www-form-urlencoded"),
        (b"\x00\xff\xfe", "application/x-www-form-urlencoded"),
        (b"sms_from=%00&sms_text=%00", "application/x-www-form-urlencoded"),
        (b"sms_from=48600100200&sms_text=%ed%a0%80%00STOP", "application/x-www-form-urlencoded"),
        (b"sms_from=48600100200&sms_text=" + b"a" * 100_000, "application/x-www-form-urlencoded"),
        (b"sms_from=48600100200&sms_text=" + b"a" * 3_000_000, "application/x-www-form-urlencoded"),
        (b"&".join(b"a=1" for _ in range(5000)), "application/x-www-form-urlencoded"),
        (b"sms_from=48600100200", "application/x-www-form-urlencoded; charset=utf-16"),
        (b"sms_from=48600100200", "application/x-www-form-urlencoded; charset=bogus"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"nothing", "multipart/form-data"),
        (b'{"sms_from": "48600100200"}', "application/json"),
    ],
)
def test_whatever_comes_is_answered_ok(body: bytes, content_type: str, client: Client) -> None:
    response = client.generic("POST", URL, body, content_type=content_type)
    assert (response.status_code, response.content) == (200, b"OK")
    assert all(len(kept.text) <= 1600 for kept in IncomingMessage.objects.all())


FIELDS = ("MsgId", "sms_from", "sms_to", "sms_text", "sms_date")
TEXTS = st.text(st.characters(exclude_categories=[]), max_size=300)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, TEXTS)))
@settings(max_examples=200)
def test_any_form_is_a_message_that_a_database_takes_or_none(said: dict[str, str]) -> None:
    sms = read_incoming(said)
    if sms is not None:
        for text in (sms.phone, sms.to, sms.text, sms.provider_id):
            assert "\0" not in text
            text.encode()
        assert 0 < len(sms.phone) <= 16
        assert len(sms.to) <= 16
        assert len(sms.digest) == 64


@given(TEXTS, TEXTS, TEXTS)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_message_is_stored(client: Client, phone: str, to: str, text: str) -> None:
    clean = [value.encode("utf-8", "replace").decode() for value in (phone, to, text)]
    with transaction.atomic():
        said = dict(zip(("sms_from", "sms_to", "sms_text"), clean, strict=True))
        assert client.post(URL, said).content == b"OK"
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_stop_that_arrives_twice_at_once_is_one(
    agency: Agency, owner: User, replyable: SenderName
) -> None:
    message = sent_to(agency)
    said = form(message.phone)
    answers = run_together(4, lambda number: Client().post(URL, said).content)
    assert answers == [b"OK"] * 4
    assert IncomingMessage.objects.count() == OptedOutNumber.objects.count() == 1
    assert ContactConsent.objects.count() == OptOutStep.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_different_stops_at_once_opt_out_once(
    agency: Agency, owner: User, replyable: SenderName
) -> None:
    message = sent_to(agency)
    forms = [form(message.phone, "STOP" + "!" * number) for number in range(4)]
    answers = run_together(4, lambda number: Client().post(URL, forms[number]).content)
    assert answers == [b"OK"] * 4
    assert IncomingMessage.objects.count() == 4
    assert OptedOutNumber.objects.count() == 1
    assert client_is_out(agency)


def client_is_out(agency: Agency) -> bool:
    return agency.contacts.get().opted_out_at is not None


def test_a_client_who_comes_into_the_book_with_that_number_has_opted_out(
    client: Client, agency: Agency, owner: User, replyable: SenderName
) -> None:
    message = sent_to(agency)
    Contact.objects.all().delete()
    push(client, message.phone)
    assert client_of(agency, 99, phone=message.phone).opted_out_at is not None
