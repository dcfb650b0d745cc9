from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Agency, User
from accounts.tests.jobs import queued_jobs
from accounts.tests.pages import text_of
from billing import ledger
from messaging import own_phone
from messaging.models import Campaign, Contact, Message, MessageTemplate, OptedOutNumber
from messaging.tests.book import BODY, client_of, template_of, whole_client_of

PREVIEW, BOOK, CLIENTS, TEST = (
    "/wzory/podglad/",
    "/wzory/liczby/",
    "/wzory/klienci/",
    "/wzory/probny/",
)
CONTENT = {"name": "Badania", "type": "inspection", "body": BODY}

# --- the phone --------------------------------------------------------------------------------------


def test_the_preview_shows_a_real_clients_text_with_its_price(
    agency: Agency, as_owner: Client
) -> None:
    client_of(agency)
    text = text_of(as_owner.post(PREVIEW, CONTENT))
    assert "Bramka SMS Dzien dobry. Badanie OP10000 do 15.12.2026." in text
    assert "1 part, 0,29 zł as Kowalski Jan would get it" in text


def test_the_preview_counts_several_parts(as_owner: Client) -> None:
    text = text_of(as_owner.post(PREVIEW, CONTENT | {"body": "a" * 200}))
    assert "2 parts, 0,58 zł with made-up data" in text


def test_the_preview_never_borrows_the_data_of_others(agency: Agency, as_stranger: Client) -> None:
    client_of(agency)
    text = text_of(as_stranger.post(PREVIEW, CONTENT))
    assert "with made-up data" in text
    assert "OP10000" not in text


def test_the_preview_says_what_to_mend_first(as_owner: Client) -> None:
    text = text_of(as_owner.post(PREVIEW, {"type": "inspection", "body": "żółw {x}"}))
    assert "Before you can save it: There is no field {x}." in text
    assert "may not be used in an SMS: ż → z, ó → o, ł → l" in text
    assert not MessageTemplate.objects.exists()


def test_the_preview_is_of_the_chosen_client(agency: Agency, as_owner: Client) -> None:
    chosen = client_of(agency, 1)
    client_of(agency, 2)
    text = text_of(as_owner.post(PREVIEW, CONTENT | {"client": chosen.pk}))
    assert "Badanie OP10001 do 15.12.2026." in text
    assert "as Kowalski1 Jan would get it" in text


@pytest.mark.parametrize("client", ["x", "-1", "9" * 30, ""])
def test_a_client_that_cannot_be_is_nobody(client: str, as_owner: Client) -> None:
    assert "with made-up data" in text_of(as_owner.post(PREVIEW, CONTENT | {"client": client}))


def test_a_strangers_client_is_never_shown(
    agency: Agency, as_stranger: Client, as_owner: Client
) -> None:
    client = client_of(agency)
    chosen = CONTENT | {"client": client.pk}
    for address in (PREVIEW, "/wzory/nowy/"):
        text = text_of(as_stranger.post(address, chosen | {"name": ""}))
        assert "OP10000" not in text
        assert "Kowalski" not in text


def test_what_the_chosen_client_lacks_is_told(agency: Agency, as_owner: Client) -> None:
    client = client_of(agency)
    client.vehicles.update(inspection_due=None)
    text = text_of(as_owner.post(PREVIEW, CONTENT | {"client": client.pk}))
    assert "Kowalski Jan has no: inspection date. Made-up data stand here" in text


def test_the_phone_shows_the_sender_as_clients_will_see_it(
    agency: Agency, as_owner: Client
) -> None:
    wanted = agency.sender_names.create(name="NOWAK")
    text = text_of(as_owner.post(PREVIEW, CONTENT | {"sender_name": wanted.pk}))
    assert "Bramka SMS Dzien dobry." in text
    assert "NOWAK may not be used yet: clients will see “Bramka SMS”." in text


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Mamy rabat i promocje, 10% taniej", "rabat, promocje, 10%, taniej"),
        ("Nowa OFERTA", "OFERTA"),
    ],
)
def test_a_service_text_that_sounds_like_an_offer_is_warned_about(
    body: str, words: str, as_owner: Client
) -> None:
    content = CONTENT | {"body": body}
    assert f"This sounds like an offer: {words}." in text_of(as_owner.post(PREVIEW, content))
    marketing = text_of(as_owner.post(PREVIEW, content | {"category": "marketing"}))
    assert "sounds like an offer" not in marketing


@pytest.mark.parametrize("body", [BODY, "Platnosc bez prowizji", "Aparat", "z okazji urodzin"])
def test_a_plain_reminder_is_not_warned_about(body: str, as_owner: Client) -> None:
    text = text_of(as_owner.post(PREVIEW, CONTENT | {"body": body}))
    assert "sounds like an offer" not in text


# --- clients to choose from -------------------------------------------------------------------------


def test_clients_are_found_as_one_types(
    agency: Agency, other_agency: Agency, as_owner: Client
) -> None:
    for number in range(10):
        client_of(agency, number)
    client_of(other_agency, 77, last_name="Obcy")
    found = as_owner.get(CLIENTS, {"q": "kowalski"})
    assert found.content.decode().count("data-choose-client") == 8
    assert "Kowalski3 Jan" in text_of(as_owner.get(CLIENTS, {"q": "op10003"}))
    assert "Nobody is called so." in text_of(as_owner.get(CLIENTS, {"q": "obcy"}))
    assert text_of(as_owner.get(CLIENTS, {"q": " "})) == ""


# --- the book ---------------------------------------------------------------------------------------


def test_the_text_is_counted_for_all_whom_it_concerns(
    agency: Agency, other_agency: Agency, as_owner: Client
) -> None:
    for number in range(4):
        client_of(agency, number)
    client_of(agency, 4, last_name="L" * 100)
    client_of(agency, 5).vehicles.update(inspection_due=None)
    client_of(agency, 6, phone="")
    opted_out = client_of(agency, 7)
    OptedOutNumber.objects.create(agency=agency, phone=opted_out.phone, channel="sms")
    client_of(agency, 8).vehicles.all().delete()
    client_of(other_agency, 9)
    content = CONTENT | {"body": f"{{nazwisko}} {{data_badania}} {'a' * 100}"}
    text = text_of(as_owner.post(BOOK, content))
    assert text == (
        "For your clients 4 × 1 part 1 × 2 parts 1 without a mobile number 1 who want no messages"
        " 1 without the data Counted: all with a vehicle."
    )
    text = text_of(as_owner.post(BOOK, content | {"is_contractual": "on"}))
    assert "5 × 1 part" in text


def test_marketing_is_counted_for_who_agreed(agency: Agency, as_owner: Client) -> None:
    client_of(agency, 1)
    whole_client_of(agency, 2)
    text = text_of(as_owner.post(BOOK, {"type": "offer", "body": "Witaj {imie}"}))
    assert "1 × 1 part 1 without consent to marketing Counted: the whole book." in text


def test_what_is_typed_for_a_campaign_is_not_missing(agency: Agency, as_owner: Client) -> None:
    client_of(agency)
    text = text_of(as_owner.post(BOOK, {"type": "claim", "body": "Szkoda {nr_szkody}"}))
    assert "1 × 1 part" in text


def test_a_text_that_cannot_be_sent_is_not_counted(agency: Agency, as_owner: Client) -> None:
    client_of(agency)
    assert text_of(as_owner.post(BOOK, CONTENT | {"body": "Cześć {x}"})) == ""
    assert "Nobody in your book yet." in text_of(
        as_owner.post(BOOK, {"type": "ac_end", "body": "Witaj"})
    )


# --- a test message ---------------------------------------------------------------------------------

PHONE = "600 700 800"


@pytest.fixture
def funded(agency: Agency) -> Agency:
    ledger.credit(agency=agency, amount=1000, reference="payment:first")
    return agency


@pytest.mark.parametrize(
    ("shown", "body", "comes_anew"),
    [
        ("", "Witaj", True),
        ("29", "Witaj", False),
        ("29", "a" * 161, True),
        ("58", "a" * 161, False),
        ("29", "Cześć {x}", True),
        ("", "Cześć {x}", False),
    ],
)
def test_the_button_comes_anew_when_its_price_does(
    shown: str, body: str, comes_anew: bool, as_owner: Client
) -> None:
    page = as_owner.post(PREVIEW, CONTENT | {"body": body, "test_cost": shown})
    assert ('id="test-button"' in page.content.decode()) == comes_anew


def test_a_test_message_is_paid_and_goes_like_any_other(funded: Agency, as_owner: Client) -> None:
    client = client_of(funded)
    content = CONTENT | {"client": client.pk, "test_phone": PHONE, "test_cost": "29"}
    text = text_of(as_owner.post(TEST, content))
    assert "The test SMS is on its way, for 0,29 zł." in text
    message = Message.objects.get()
    assert (message.phone, message.contact, message.sender) == ("+48600700800", None, "Bramka SMS")
    assert message.text == "Dzien dobry. Badanie OP10000 do 15.12.2026."
    campaign = message.campaign
    assert (campaign.is_test, campaign.state, campaign.cost) == (True, "running", 29)
    assert ledger.balance_of(funded) == 971
    assert [(job.func, job.args) for job in queued_jobs()] == [("messaging.tasks.send_due", ())]
    assert funded.events.get(kind="test_message_sent").subject == "Badania"
    assert "Test Dzien dobry. Badanie OP10000" in text_of(as_owner.get("/wiadomosci/"))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"test_phone": ""}, "This field is required."),
        ({"test_phone": "77 453 12 34"}, "This is a landline number"),
        ({"test_cost": "1"}, "The cost has changed since you saw it."),
        ({"body": "Cześć"}, "Mend the text first."),
        ({"test_cost": ""}, "This field is required."),
    ],
)
def test_a_test_that_cannot_go_says_why(
    changes: dict[str, str], reason: str, funded: Agency, as_owner: Client
) -> None:
    content = CONTENT | {"test_phone": PHONE, "test_cost": "29"} | changes
    assert reason in text_of(as_owner.post(TEST, content))
    assert not Campaign.objects.exists()
    assert ledger.balance_of(funded) == 1000


def test_without_money_nothing_goes(agency: Agency, as_owner: Client) -> None:
    content = CONTENT | {"test_phone": PHONE, "test_cost": "29"}
    assert "You need 0,29 zł more." in text_of(as_owner.post(TEST, content))
    assert not Campaign.objects.exists()


def test_an_agency_has_ten_tests_in_24_hours(funded: Agency, as_owner: Client) -> None:
    content = CONTENT | {"test_phone": PHONE, "test_cost": "29"}
    for _ in range(own_phone.TESTS_A_DAY):
        assert "is on its way" in text_of(as_owner.post(TEST, content))
    assert "You have sent 10 test messages" in text_of(as_owner.post(TEST, content))
    assert Message.objects.count() == 10
    assert "All test messages of these 24 hours are sent." in text_of(as_owner.get("/wzory/nowy/"))


def test_a_persons_monthly_limit_covers_tests(
    funded: Agency, owner: User, as_owner: Client
) -> None:
    User.objects.filter(pk=owner.pk).update(role="employee", monthly_limit_parts=0)
    content = CONTENT | {"test_phone": PHONE, "test_cost": "29"}
    assert "more than you may still send this month" in text_of(as_owner.post(TEST, content))
    assert ledger.balance_of(funded) == 1000


def test_a_test_is_no_way_around_an_opt_out_or_a_missing_consent(
    funded: Agency, as_owner: Client
) -> None:
    client_of(funded, 1)
    phone = Contact.objects.get().phone
    offer = {"type": "offer", "body": "Rabat", "test_phone": phone, "test_cost": "29"}
    assert "(no consent to marketing)" in text_of(as_owner.post(TEST, offer))
    OptedOutNumber.objects.create(agency=funded, phone=phone, channel="sms")
    service = CONTENT | {"test_phone": phone, "test_cost": "29"}
    assert "(opted out of messages)" in text_of(as_owner.post(TEST, service))
    assert not Message.objects.exists()


def test_a_template_that_was_sent_with_keeps_what_was_sent(
    funded: Agency, as_owner: Client
) -> None:
    template_of(funded, name="Inny")
    as_owner.post(TEST, CONTENT | {"test_phone": PHONE, "test_cost": "29"})
    MessageTemplate.objects.update(body="Inny tekst")
    assert Message.objects.get().text.startswith("Dzien dobry. Badanie")
