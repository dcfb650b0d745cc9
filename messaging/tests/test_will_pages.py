"""Pages of what clients allow: wordings, opted-out numbers, replies, consents of many, who is left out and why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import Agency, Event, User
from accounts.tests.pages import browser, text_of
from messaging.consents import Kind, opt_out_numbers, record_consent, record_said
from messaging.models import (
    ConsentWording,
    Contact,
    ContactConsent,
    IncomingMessage,
    Message,
    OptedOutNumber,
    OptOutStep,
)
from messaging.opt_outs import Said
from messaging.tests.book import client_of, draft_for, messages_of
from messaging.tests.sending_cases import add_contacts

LIST = "/klienci/rezygnacje/"
ADD = "/klienci/rezygnacje/dodaj/"
WORDING = "/ustawienia/tresc-zgody/"
OF_MANY = "/klienci/zaznaczeni/zgody/"
RECEIVED = "/wiadomosci/odebrane/"
NUMBER = "+48600999999"

pytestmark = pytest.mark.django_db


def said_form(**changes: Any) -> dict[str, Any]:
    today = timezone.localdate().isoformat()
    return {"channel": "paper", "source": "umowa 12", "said_on": today} | changes


def opted_out(agency: Agency, *phones: str) -> list[OptedOutNumber]:
    said = Said(channel="phone", source="telefon")
    opt_out_numbers(agency=agency, phones=phones, said=said)
    return list(agency.opted_out_numbers.order_by("pk"))


# --- one client -----------------------------------------------------------------------------------


def test_a_consent_names_the_wording_and_an_opt_out_does_not(
    agency: Agency, as_owner: Client
) -> None:
    contact = client_of(agency)
    wording = agency.consent_wordings.create(text="Zgadzam się na oferty.")
    path = f"/klienci/{contact.pk}/zgody/"
    as_owner.post(path, said_form(step="consent", wording=wording.pk))
    as_owner.post(path, said_form(step="opt-out", wording=wording.pk))
    kept = contact.consent_history.order_by("pk").values_list("kind", "is_given", "wording")
    assert list(kept) == [
        ("marketing", True, wording.pk),
        ("messages", False, None),
        ("marketing", False, None),
    ]
    assert "Zgadzam się na oferty." in text_of(as_owner.get(f"/klienci/{contact.pk}/"))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"said_on": "2999-01-01"}, "Give a day before the year 2101."),
        ({"said_on": ""}, "This field is required."),
        ({"channel": ""}, "This field is required."),
        ({"channel": "sms"}, "Select a valid choice."),
        ({"source": ""}, "This field is required."),
        ({"source": "a" * 201}, "at most 200 characters"),
        ({"wording": "999"}, "Select a valid choice."),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(
    changes: dict[str, str], told: str, agency: Agency, as_owner: Client
) -> None:
    contact = client_of(agency)
    response = as_owner.post(f"/klienci/{contact.pk}/zgody/", said_form(step="consent") | changes)
    assert told in text_of(response)
    if "source" not in changes:
        assert 'value="umowa 12"' in response.content.decode()
    assert not ContactConsent.objects.exists()


def test_a_will_cannot_be_said_tomorrow(agency: Agency, as_owner: Client) -> None:
    contact = client_of(agency)
    # Not among the cases above: those are made when tests are collected, perhaps before midnight.
    tomorrow = timezone.localdate() + timedelta(days=1)
    changes = said_form(step="consent", said_on=tomorrow.isoformat())
    response = as_owner.post(f"/klienci/{contact.pk}/zgody/", changes)
    assert "not come yet" in text_of(response)
    assert not ContactConsent.objects.exists()


def test_the_wording_of_another_agency_cannot_be_named(
    agency: Agency, other_agency: Agency, as_owner: Client
) -> None:
    foreign = other_agency.consent_wordings.create(text="Obca treść")
    contact = client_of(agency)
    path = f"/klienci/{contact.pk}/zgody/"
    response = as_owner.post(path, said_form(step="consent", wording=foreign.pk))
    assert "Select a valid choice." in text_of(response)
    assert "Obca treść" not in text_of(response)


def test_the_client_s_page_shows_messages_and_replies_in_one_list(
    agency: Agency, as_owner: Client
) -> None:
    (message,) = messages_of(agency, "delivered")
    contact = Contact.objects.get()
    step = record_said(
        contact=contact,
        kind=Kind.MARKETING,
        is_given=True,
        said=Said(channel="paper", source="umowa", said_on=timezone.localdate()),
    )
    Message.objects.update(category="marketing", consent=step)
    agency.incoming_messages.create(
        contact=contact, answered=message, phone=contact.phone, to="1", text="Dziękuję", digest="1"
    )
    text = text_of(as_owner.get(f"/klienci/{contact.pk}/"))
    assert f"0,29 zł consent of {timezone.localdate():%d.%m.%Y}, on paper Delivered" in text
    assert text.index("Dziękuję") < text.index("Tekst delivered")
    assert "Received" in text
    told = f"Tekst delivered consent of {timezone.localdate():%d.%m.%Y}, on paper"
    assert told in text_of(as_owner.get("/wiadomosci/"))


# --- the wording ----------------------------------------------------------------------------------


def test_a_wording_is_suggested_in_the_agency_s_name_and_then_kept(
    agency: Agency, as_owner: Client
) -> None:
    page = text_of(as_owner.get(WORDING))
    assert "Suggested wording" in page
    assert "przez Ubezpieczenia Anna Żółć informacji handlowych" in page
    assert "None written yet." in page
    as_owner.post(WORDING, {"text": "Zgadzam się.\r\nMogę to cofnąć. \r\n"})
    first = ConsentWording.objects.get()
    assert first.text == "Zgadzam się.\nMogę to cofnąć."
    assert first.created_by == agency.people.get()
    as_owner.post(WORDING, {"text": "Zgadzam się na SMS-y."})
    page = text_of(as_owner.get(WORDING))
    assert "in use Zgadzam się na SMS-y." in page
    assert "Mogę to cofnąć." in page
    assert Event.objects.filter(kind="consent_wording_written", agency=agency).count() == 2


def test_the_same_wording_is_no_new_version(agency: Agency, as_owner: Client) -> None:
    agency.consent_wordings.create(text="Zgadzam się.")
    response = as_owner.post(WORDING, {"text": " Zgadzam się. "})
    assert "This is the wording that you have." in text_of(response)
    assert ConsentWording.objects.count() == 1


# --- opted-out numbers ----------------------------------------------------------------------------


def test_numbers_are_listed_and_found_by_their_beginning_or_end(
    agency: Agency, as_owner: Client
) -> None:
    client_of(agency, 7, last_name="Wrona", phone=NUMBER)
    opted_out(agency, NUMBER, "+48601222333")
    page = text_of(as_owner.get(LIST))
    assert "600 999 999 Wrona Jan" in page
    assert "By phone" in page
    for found in ("600 99", "+48 600", "0048600999999", "999", "48600999999"):
        page = text_of(as_owner.get(LIST, {"q": found}))
        assert "600 999 999" in page
        assert "601 222 333" not in page
    assert "Not on the list" in text_of(as_owner.get(LIST, {"q": "555"}))
    assert "Not on the list" in text_of(as_owner.get(LIST, {"q": "Wrona\0"}))


def test_the_empty_list_says_how_numbers_come_here(as_owner: Client) -> None:
    assert "Nobody has opted out" in text_of(as_owner.get(LIST))


def test_pasted_numbers_are_read_in_any_spelling(agency: Agency, as_owner: Client) -> None:
    contact = client_of(agency, 1)
    pasted = (
        "Telefon;Nazwisko\r\n600 100 001;Kowalski\r\n+48 601-222-333, 602222333\r\n\r\n600100001"
    )
    sent = {"numbers": pasted, "channel": "phone", "source": "lista z programu"}
    page = text_of(as_owner.post(ADD, sent, follow=True))
    assert "3 numbers were put on the list." in page
    kept = set(OptedOutNumber.objects.values_list("phone", "channel"))
    numbers = ("+48600100001", "+48601222333", "+48602222333")
    assert kept == {(number, "phone") for number in numbers}
    contact.refresh_from_db()
    assert contact.opted_out_at is not None
    page = text_of(as_owner.post(ADD, sent, follow=True))
    assert "0 numbers were put on the list. 3 were on it already." in page
    assert OptOutStep.objects.count() == 3
    assert contact.consent_history.count() == 1
    assert [e.subject for e in Event.objects.filter(kind="opt_outs_added")] == ["numery: 3"]


def test_a_file_of_numbers_is_read(agency: Agency, as_owner: Client) -> None:
    file = SimpleUploadedFile("stop.csv", "Imię;Telefon\nŁucja;601222333\n".encode("cp1250"))
    as_owner.post(ADD, {"file": file, "channel": "email", "source": "plik"})
    assert OptedOutNumber.objects.get().phone == "+48601222333"


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ("", "There is no mobile number here."),
        ("Kowalski", "There is no mobile number here."),
        ("600100200\n77 453 12 34", "Line 2: 77 453 12 34 – This is a landline number"),
        ("12", "Line 1: 12 – "),
        ("\n".join(["1"] * 8), "And 3 more."),
    ],
)
def test_a_bad_list_is_refused_as_a_whole(
    numbers: str, told: str, agency: Agency, as_owner: Client
) -> None:
    response = as_owner.post(ADD, {"numbers": numbers, "channel": "phone", "source": "x"})
    assert response.status_code == 422
    assert told in text_of(response)
    assert not OptedOutNumber.objects.exists()


def test_bad_lines_are_left_out_on_demand(agency: Agency, as_owner: Client) -> None:
    sent = {"numbers": "600100200\n77 453 12 34", "channel": "phone", "source": "x"}
    as_owner.post(ADD, sent | {"skip_bad": "on"})
    assert OptedOutNumber.objects.get().phone == "+48600100200"


@pytest.mark.parametrize("content", [b"PK\x03\x04\0\0", b"\0" * 10])
def test_a_file_that_is_no_text_is_refused(content: bytes, as_owner: Client) -> None:
    sent = {"file": SimpleUploadedFile("a.csv", content), "channel": "phone", "source": "x"}
    assert "This is not a text file." in text_of(as_owner.post(ADD, sent))


def test_letting_in_asks_for_the_reason_and_keeps_it(agency: Agency, as_owner: Client) -> None:
    contact = client_of(agency, 7, phone=NUMBER)
    (number,) = opted_out(agency, NUMBER)
    path = f"{LIST}{number.pk}/cofnij/"
    assert "This field is required." in text_of(as_owner.post(path, {"reason": "  "}))
    assert OptedOutNumber.objects.exists()
    assert "Opted out of messages By phone · telefon" in text_of(as_owner.get(path))
    page = text_of(as_owner.post(path, {"reason": "prosi znowu o SMS"}, follow=True))
    assert "The number gets messages again." in page
    assert not OptedOutNumber.objects.exists()
    step = OptOutStep.objects.latest("pk")
    assert (step.is_out, step.source) == (False, "prosi znowu o SMS")
    assert step.recorded_by == agency.people.get()
    contact.refresh_from_db()
    assert contact.opted_out_at is None
    assert contact.consent_history.latest("pk").source == "prosi znowu o SMS"
    event = Event.objects.get(kind="opt_out_removed")
    assert "600" not in event.subject
    assert as_owner.post(path, {"reason": "x"}).status_code == 404


def test_letting_in_a_number_that_nobody_has(agency: Agency, as_owner: Client) -> None:
    (number,) = opted_out(agency, NUMBER)
    as_owner.post(f"{LIST}{number.pk}/cofnij/", {"reason": "pomyłka"})
    assert not OptedOutNumber.objects.exists()
    assert list(OptOutStep.objects.order_by("pk").values_list("is_out", flat=True)) == [True, False]


def test_lists_of_others_stay_closed(
    agency: Agency, as_owner: Client, as_stranger: Client, as_accountant: Client
) -> None:
    (number,) = opted_out(agency, NUMBER)
    path = f"{LIST}{number.pk}/cofnij/"
    assert as_stranger.post(path, {"reason": "x"}).status_code == 404
    assert as_accountant.post(path, {"reason": "x"}).status_code == 403
    assert "600 999 999" not in text_of(as_stranger.get(LIST))
    as_stranger.post(ADD, {"numbers": "601222333", "channel": "phone", "source": "x"})
    assert agency.opted_out_numbers.count() == 1


def test_an_employee_records_and_does_not_write_wordings(agency: Agency, db: None) -> None:
    person = User.objects.create_user(
        "p@zolc.example", "haslo-piotra", full_name="Piotr", role="employee", agency=agency
    )
    employee = browser(person)
    contact = client_of(agency)
    employee.post(f"/klienci/{contact.pk}/zgody/", said_form(step="consent"))
    assert contact.consent_history.get().recorded_by == person
    assert employee.get(WORDING).status_code == 403


# --- many clients ---------------------------------------------------------------------------------


def test_consents_of_the_ticked_are_asked_for_and_recorded(
    agency: Agency, as_owner: Client
) -> None:
    own = [client_of(agency, number).pk for number in range(3)]
    wording = agency.consent_wordings.create(text="Zgadzam się.")
    page = as_owner.post(OF_MANY, {"contact": own[:2], "step": "consent"})
    assert "Record the consent of 2 clients" in text_of(page)
    sent = said_form(step="consent", contact=own[:2], wording=wording.pk)
    assert "Recorded for 2 clients." in text_of(as_owner.post(OF_MANY, sent, follow=True))
    steps = ContactConsent.objects.values_list("contact", "kind", "is_given", "wording", "channel")
    assert sorted(steps) == [(pk, "marketing", True, wording.pk, "paper") for pk in own[:2]]
    assert Contact.objects.filter(marketing_consent_at__isnull=False).count() == 2
    event = Event.objects.get(kind="consents_recorded")
    assert (event.subject, event.agency) == ("zgoda marketingowa: 2", agency)


def test_opt_outs_of_all_that_match_pass_over_who_opted_out(
    agency: Agency, as_owner: Client
) -> None:
    first = client_of(agency, 1)
    client_of(agency, 2)
    client_of(agency, 3, phone="")
    record_consent(
        contact=first, kind=Kind.MESSAGES, is_given=False, source="telefon", recorded_by=None
    )
    found = {"all": "1", "q": "kowal", "step": "opt-out"}
    assert "Record the opt-out of 3 clients" in text_of(as_owner.post(OF_MANY, found))
    page = text_of(as_owner.post(OF_MANY, said_form(**found), follow=True))
    assert "Recorded for 2 clients. 1 had opted out before." in page
    assert agency.contacts.filter(opted_out_at=None).count() == 0
    assert agency.opted_out_numbers.count() == 2
    assert ContactConsent.objects.count() == 3


def test_a_bad_form_is_shown_again_with_the_choice(agency: Agency, as_owner: Client) -> None:
    contact = client_of(agency)
    sent = said_form(step="opt-out", contact=contact.pk, source="")
    response = as_owner.post(OF_MANY, sent)
    assert "This field is required." in text_of(response)
    assert f'name="contact" value="{contact.pk}"' in response.content.decode()
    assert not ContactConsent.objects.exists()


@pytest.mark.parametrize("step", ["opt-in", "withdrawal", "x"])
def test_nobody_is_let_in_in_bulk(step: str, agency: Agency, as_owner: Client) -> None:
    as_owner.post(OF_MANY, said_form(step=step, contact=client_of(agency).pk))
    assert not ContactConsent.objects.exists()


def test_clients_of_others_are_not_recorded(agency: Agency, as_stranger: Client) -> None:
    sent = said_form(step="consent", contact=client_of(agency).pk)
    assert as_stranger.post(OF_MANY, sent).status_code == 302
    assert not ContactConsent.objects.exists()


def test_several_transactions_come_to_the_same(
    agency: Agency, as_owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messaging.consents.CHUNK", 2)
    add_contacts(agency, 5)
    as_owner.post(OF_MANY, said_form(step="opt-out", all="1"))
    assert ContactConsent.objects.count() == OptedOutNumber.objects.count() == 5


# --- replies --------------------------------------------------------------------------------------


def reply_of(agency: Agency, text: str, **changes: Any) -> IncomingMessage:
    number = IncomingMessage.objects.count()
    data = {"phone": NUMBER, "to": "48500000001", "digest": str(number)} | changes
    return IncomingMessage.objects.create(agency=agency, text=text, **data)


def test_replies_are_listed_with_what_they_answer(agency: Agency, as_owner: Client) -> None:
    (message,) = messages_of(agency, "delivered")
    contact = Contact.objects.get()
    reply_of(agency, "Oddzwonię", contact=contact, answered=message)
    reply_of(agency, "STOP", is_opt_out=True)
    page = text_of(as_owner.get(RECEIVED))
    assert "STOP Opt-out" in page
    assert f"{contact.name} 600 999 999 Oddzwonię Tekst delivered" in page
    assert page.index("STOP") < page.index("Oddzwonię")


def test_replies_are_searched_by_name_number_and_text(agency: Agency, as_owner: Client) -> None:
    contact = client_of(agency, 1, last_name="Żuraw")
    reply_of(agency, "Oddzwonię jutro", contact=contact)
    reply_of(agency, "Inna", phone="+48601222333")
    for text in ("zuraw", "ODDZW", "jutro", "600 999", "999999"):
        page = text_of(as_owner.get(RECEIVED, {"q": text}))
        assert "Oddzwonię jutro" in page
        assert "Inna" not in page
    assert "Nothing found" in text_of(as_owner.get(RECEIVED, {"q": "%_\0"}))


def test_without_replies_the_page_says_when_there_are_some(as_owner: Client) -> None:
    assert "Nobody has answered yet" in text_of(as_owner.get(RECEIVED))


def test_replies_to_others_are_not_seen(agency: Agency, as_stranger: Client) -> None:
    reply_of(agency, "Oddzwonię")
    assert "Oddzwonię" not in text_of(as_stranger.get(RECEIVED))


def test_an_erased_reply_says_so(agency: Agency, as_owner: Client) -> None:
    reply_of(agency, "", text_erased_at=timezone.now())
    assert f"text erased on {timezone.localdate():%d.%m.%Y}" in text_of(as_owner.get(RECEIVED))


# --- who is left out ------------------------------------------------------------------------------


def test_each_reason_is_counted_explained_and_led_on_from(agency: Agency, as_owner: Client) -> None:
    numberless = [client_of(agency, number, phone="") for number in range(5)]
    unwilling = [client_of(agency, number) for number in range(10, 12)]
    consenting = client_of(agency, 20)
    record_consent(
        contact=consenting, kind=Kind.MARKETING, is_given=True, source="x", recorded_by=None
    )
    draft = draft_for(agency, *numberless, *unwilling, consenting)
    draft.category = "marketing"
    draft.save()
    response = as_owner.get(f"/wysylki/{draft.pk}/")
    page = text_of(response)
    assert "7 clients are left out" in page
    assert "5 – no mobile number" in page
    assert "and 2 more" in page
    assert "2 – no consent to marketing Marketing needs their consent first." in page
    assert 'href="/klienci/?no_consent=on"' in response.content.decode()
    page = text_of(as_owner.get(f"/wysylki/{draft.pk}/pominieci/no_consent/"))
    assert "Left out: no consent to marketing" in page
    assert "Kowalski10 Jan" in page
    assert "Kowalski20 Jan" not in page


def test_the_names_of_a_reason_come_in_pages(agency: Agency, as_owner: Client) -> None:
    add_contacts(agency, 120)
    agency.contacts.update(phone="")
    draft = draft_for(agency, *agency.contacts.order_by("pk"))
    review = as_owner.get(f"/wysylki/{draft.pk}/").content.decode()
    assert review.count("/klienci/") < 20
    page = text_of(as_owner.get(f"/wysylki/{draft.pk}/pominieci/no_number/?page=3"))
    assert "101–120 of 120" in page
    assert "Nazwisko119" in page


@pytest.mark.parametrize("reason", ["x", "delivered", "NO_CONSENT"])
def test_another_reason_has_no_page(reason: str, agency: Agency, as_owner: Client) -> None:
    draft = draft_for(agency, client_of(agency))
    assert as_owner.get(f"/wysylki/{draft.pk}/pominieci/{reason}/").status_code == 404


def test_those_left_out_by_others_stay_closed(
    agency: Agency, owner: User, as_stranger: Client
) -> None:
    draft = draft_for(agency, client_of(agency))
    path = f"/wysylki/{draft.pk}/pominieci/no_consent/"
    assert as_stranger.get(path).status_code == 404
