from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts import registration
from accounts.documents import AGREED_AT_REGISTRATION
from accounts.models import Agency, Consent, Event, OutgoingMail, User
from accounts.registration import NOTICES_A_DAY, register_agency
from accounts.tests.mails import deliver_mails, password_in
from accounts.tests.pages import browser, text_of

pytestmark = pytest.mark.django_db

PATH = "/rejestracja/"
NEXT = "/rejestracja/gotowe/"
AGREED = {"terms": "on", "electronic_invoices": "on", "data_processing": "on"}
FIRM = {
    "name": "Ubezpieczenia Żuraw",
    "nip": "754-000-00-07",
    "street": "ul. Krakowska 12",
    "postal_code": "45-018",
    "city": "Opole",
    "person": "Ewa Żuraw",
    "email": "Ewa@Zuraw.example",
    "phone": "601 234 567",
    **AGREED,
}


def nothing_is_written() -> bool:
    models = (Agency, User, Consent, Event, OutgoingMail)
    return not any(model.objects.exists() for model in models)


def test_an_agency_is_registered_with_its_owner(as_visitor: Client) -> None:
    response = as_visitor.post(PATH, FIRM, follow=True)
    assert response.redirect_chain == [(NEXT, 302)]
    agency, owner = Agency.objects.get(), User.objects.get()
    assert (agency.name, agency.nip, agency.email, agency.regon) == (
        "Ubezpieczenia Żuraw",
        "7540000007",
        "ewa@zuraw.example",
        "",
    )
    assert (owner.email, owner.full_name, owner.role) == (
        "ewa@zuraw.example",
        "Ewa Żuraw",
        "owner",
    )
    assert owner.agency == agency
    assert not owner.has_usable_password()
    assert [event.kind for event in agency.events.all()] == ["agency_registered"]


def test_the_page_after_it_tells_to_read_the_mail_and_no_code(as_visitor: Client) -> None:
    text = text_of(as_visitor.post(PATH, FIRM, follow=True))
    assert "Check your mail" in text
    assert "ewa@zuraw.example" in text
    assert Agency.objects.get().formatted_code not in text


@pytest.mark.parametrize("language", ["pl", "en"])
def test_the_mail_brings_password_code_and_link_in_the_agencys_language(language: str) -> None:
    client = Client()
    client.cookies["django_language"] = language
    client.post(PATH, FIRM)
    agency, owner = Agency.objects.get(), User.objects.get()
    (message,) = deliver_mails()
    assert message.to == ["ewa@zuraw.example"]
    assert agency.formatted_code in message.body
    assert "http://testserver/logowanie/" in message.body
    owner.refresh_from_db()
    assert any(owner.check_password(word) for word in message.body.split())
    assert f'<html lang="{language}">' in message.alternatives[0].content


def test_each_agreement_is_kept_with_wording_time_and_address(as_visitor: Client) -> None:
    as_visitor.post(PATH, FIRM, REMOTE_ADDR="192.0.2.7")
    owner = User.objects.get()
    kept = {consent.document: consent for consent in Consent.objects.all()}
    assert set(kept) == {document.name for document in AGREED_AT_REGISTRATION}
    for document in AGREED_AT_REGISTRATION:
        consent = kept[document.name]
        assert (consent.version, consent.ip) == (document.current, "192.0.2.7")
        assert (consent.agency, consent.person) == (owner.agency, owner)
        assert timezone.now() - consent.given_at < timedelta(minutes=1)


@pytest.mark.parametrize("document", AGREED)
def test_without_an_agreement_there_is_no_registration(document: str, as_visitor: Client) -> None:
    sent = {name: value for name, value in FIRM.items() if name != document}
    response = as_visitor.post(PATH, sent)
    assert "Without this agreement you cannot register." in text_of(response)
    assert nothing_is_written()


def test_the_form_links_the_documents_that_it_asks_to_agree_to(as_visitor: Client) -> None:
    page = as_visitor.get(PATH).content.decode()
    for path in ("regulamin", "faktury-elektroniczne", "powierzenie-danych"):
        assert f'<a href="/{path}/" target="_blank">' in page
    assert 'href="/polityka-prywatnosci/"' in page


def test_a_natural_person_registers_without_nip(as_visitor: Client) -> None:
    as_visitor.post(PATH, FIRM | {"nip": "", "no_nip": "on"})
    assert Agency.objects.get().nip == ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"postal_code": "45018"}, {"postal_code": "45-018"}),
        ({"regon": "000 000 106"}, {"regon": "000000106"}),
        ({"regon": "12345678512347"}, {"regon": "12345678512347"}),
        ({"registration_code": "ag-7731 x"}, {"registration_code": "AG7731X"}),
    ],
)
def test_numbers_are_taken_as_people_write_them(
    typed: dict[str, str], kept: dict[str, str], as_visitor: Client
) -> None:
    as_visitor.post(PATH, FIRM | typed)
    agency = Agency.objects.get()
    assert {name: getattr(agency, name) for name in kept} == kept


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"nip": "754-000-00-08"}, "This is not a valid NIP. Check its ten digits."),
        ({"nip": ""}, "Write the NIP, or tick that you have none."),
        ({"regon": "000000107"}, "This is not a valid REGON. Check its 9 or 14 digits."),
        ({"postal_code": "4501"}, "Write the postal code as 00-000."),
        ({"postal_code": "45 018"}, "Write the postal code as 00-000."),
        ({"phone": "sześćset"}, "Write the phone number in digits, e.g. 601 234 567."),
        ({"email": "ewa"}, "Enter a valid email address."),
        ({"name": ""}, "This field is required."),
        ({"person": " "}, "This field is required."),
        ({"person": "Win www.evil.example"}, "Write the first and last name only."),
        ({"person": "http://evil"}, "Write the first and last name only."),
        ({"registration_code": "A1"}, "We could not find this code in a transfer's title"),
        ({"registration_code": "12345678"}, "We could not find this code in a transfer's title"),
        ({"registration_code": "AGENT.m6"}, "We could not find this code in a transfer's title"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    changes: dict[str, str], reason: str, as_visitor: Client
) -> None:
    response = as_visitor.post(PATH, FIRM | changes)
    assert reason in text_of(response)
    assert nothing_is_written()


@pytest.mark.parametrize("name", ["dr Anna M. Żółć-Kowalska", "Jan O’Neil", "Ewa d'Arc"])
def test_names_of_people_pass(name: str, as_visitor: Client) -> None:
    as_visitor.post(PATH, FIRM | {"person": name})
    assert User.objects.get().full_name == name


def test_a_code_that_another_agency_has_is_refused_at_its_field(
    agency: Agency, as_visitor: Client
) -> None:
    response = as_visitor.post(PATH, FIRM | {"registration_code": "7k3m 9qw3"})
    assert list(response.context["form"].errors) == ["registration_code"]
    assert "Another agency has this code." in text_of(response)
    assert Agency.objects.count() == 1


def test_of_two_with_one_code_at_the_same_moment_the_second_is_told(
    as_visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def register_after_another(data: Any) -> Agency:
        Agency.objects.create(name="Pierwsza", registration_code="AG7731X")
        return register_agency(data)

    monkeypatch.setattr(registration, "register_agency", register_after_another)
    response = as_visitor.post(PATH, FIRM | {"registration_code": "AG7731X"})
    assert "Another agency has this code." in text_of(response)
    assert not User.objects.exists()


# --- Who is known already -------------------------------------------------------------------------


def test_an_email_with_an_account_gets_the_same_page_and_another_mail(
    owner: User, as_visitor: Client
) -> None:
    Agency.objects.update(language="en")
    response = as_visitor.post(PATH, FIRM | {"email": "ANNA@zolc.example"}, follow=True)
    new = browser().post(PATH, FIRM, follow=True)
    assert text_of(response).replace("anna@zolc", "ewa@zuraw") == text_of(new)
    told, welcomed = deliver_mails()
    assert told.to == ["anna@zolc.example"]
    assert told.subject == "You have an account in MPS already"
    assert "/haslo/przypomnienie/" in told.body
    assert welcomed.to == ["ewa@zuraw.example"]
    owner.refresh_from_db()
    assert owner.check_password("haslo-anny-1")


def test_a_taken_nip_gets_the_same_page_and_the_owner_learns_who_tried(
    agency: Agency, owner: User, accountant: User, as_visitor: Client
) -> None:
    Agency.objects.update(language="en")
    response = as_visitor.post(PATH, FIRM | {"nip": "111 111 11 11"}, follow=True)
    assert response.redirect_chain == [(NEXT, 302)]
    assert "Check your mail" in text_of(response)
    typed, notice = deliver_mails()
    assert typed.to == ["ewa@zuraw.example"]
    assert "Ask its owner to invite you" in typed.body
    assert agency.name not in typed.body
    assert agency.formatted_code not in typed.body
    assert notice.to == ["anna@zolc.example"]
    assert "Name: Ewa Żuraw" in notice.body
    assert "E-mail: ewa@zuraw.example" in notice.body
    assert (Agency.objects.count(), Consent.objects.count()) == (1, 0)


def test_an_owner_is_told_a_few_times_a_day_only(owner: User) -> None:
    for number in range(NOTICES_A_DAY + 2):
        sent = FIRM | {"nip": "1111111111", "email": f"ewa{number}@zuraw.example"}
        browser().post(PATH, sent)
    notices = OutgoingMail.objects.filter(function__endswith="send_somebody_tried")
    assert notices.count() == NOTICES_A_DAY
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        browser().post(PATH, FIRM | {"nip": "1111111111", "email": "nowa@zuraw.example"})
    assert notices.count() == NOTICES_A_DAY + 1


@pytest.mark.parametrize("same", [{"email": "inny@zuraw.example"}, {"nip": "", "no_nip": "on"}])
def test_of_two_at_the_same_moment_one_is_registered_and_both_see_the_same(
    same: dict[str, str], as_visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def register_after_another(data: Any) -> Agency:
        register_agency(data)
        return register_agency(data)

    monkeypatch.setattr(registration, "register_agency", register_after_another)
    response = as_visitor.post(PATH, FIRM | same)
    assert response["Location"] == NEXT
    assert (Agency.objects.count(), User.objects.count()) == (1, 1)


def test_one_address_is_not_mailed_on_and_on(owner: User) -> None:
    for _attempt in range(7):
        response = browser().post(PATH, FIRM | {"email": "anna@zolc.example"})
        assert response["Location"] == NEXT
    assert len(deliver_mails()) == 5


# --- The page, and limits -------------------------------------------------------------------------


def test_who_is_logged_in_has_no_need_to_register(as_owner: Client) -> None:
    response = as_owner.get(PATH)
    assert (response.status_code, response["Location"]) == (302, "/pulpit/")


def test_the_page_after_it_is_for_who_registered_only(agency: Agency, as_visitor: Client) -> None:
    assert as_visitor.get(NEXT).status_code == 404


def test_one_address_cannot_register_on_and_on_and_loses_nothing_typed(
    as_visitor: Client,
) -> None:
    for attempt in range(10):
        assert as_visitor.post(PATH, {"name": f"Agencja {attempt}"}).status_code == 200
    response = as_visitor.post(PATH, FIRM)
    assert response.status_code == 429
    assert "Too many attempts" in text_of(response)
    assert 'value="ul. Krakowska 12"' in response.content.decode()
    assert nothing_is_written()
    assert as_visitor.post(PATH, FIRM, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_behind_a_proxy_visitors_are_counted_apart(as_visitor: Client, settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(11):
        # What stands before the proxy's own entry is the visitor's invention.
        forwarded = f"198.51.100.{number}, 192.0.2.1"
        response = as_visitor.post(PATH, {}, headers={"X-Forwarded-For": forwarded})
    assert response.status_code == 429
    assert as_visitor.post(PATH, {}, headers={"X-Forwarded-For": "192.0.2.2"}).status_code == 200


def test_the_mailed_password_opens_the_portal(as_visitor: Client) -> None:
    as_visitor.post(PATH, FIRM)
    (message,) = deliver_mails()
    sent = {"login": "ewa@zuraw.example", "password": password_in(message)}
    assert as_visitor.post("/logowanie/", sent)["Location"] == "/pulpit/"
