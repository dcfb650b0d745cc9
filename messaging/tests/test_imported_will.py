"""What a file says of consents and opt-outs: what counts, what does not, and that twice is once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Agency, User
from messaging.book_writing import Written, write_rows
from messaging.consents import Kind, opt_out_numbers, record_consent, record_said
from messaging.derived import bring_up_to_date
from messaging.models import Contact, ContactConsent, OptedOutNumber, OptOutStep
from messaging.opt_outs import Said
from messaging.tests.book import client_of
from messaging.tests.import_files import read_file

HEADERS = "Nazwisko;Telefon;Zgoda marketingowa;Rezygnacja z SMS\n"
FILE = Said(channel="import", source="klienci.csv")
PHONE = "600 100 000"

pytestmark = pytest.mark.django_db


def write(agency: Agency, *lines: str) -> Written:
    read = read_file((HEADERS + "\n".join(lines)).encode())
    assert read.problems == []
    return write_rows(agency, read.rows, said=FILE)


def steps() -> list[tuple[str, bool, date | None]]:
    found = ContactConsent.objects.order_by("pk").values_list("kind", "is_given", "said_on")
    return list(found)


def counts(written: Written) -> tuple[int, int, int]:
    return (written.num_created, written.num_updated, written.num_unchanged)


@pytest.mark.parametrize("cell", ["tak", "TAK", "1", "x", "T", "yes"])
def test_yes_is_a_consent_from_the_file(cell: str, agency: Agency) -> None:
    write(agency, f"Nowak;{PHONE};{cell};")
    step = ContactConsent.objects.get()
    assert (step.kind, step.is_given, step.channel) == ("marketing", True, "import")
    assert (step.source, step.said_on) == ("klienci.csv", None)
    assert Contact.objects.get().marketing_consent_at is not None


def test_a_day_is_when_it_was_said(agency: Agency) -> None:
    write(agency, f"Nowak;{PHONE};12.03.2026;", "Lis;600 100 001;2026-04-01;")
    assert {step.said_on for step in ContactConsent.objects.all()} == {
        date(2026, 3, 12),
        date(2026, 4, 1),
    }


@pytest.mark.parametrize("cell", ["nie", "0", "", "brak", "N"])
def test_no_says_nothing_of_a_new_client(cell: str, agency: Agency) -> None:
    write(agency, f"Nowak;{PHONE};{cell};{cell}")
    assert steps() == []
    assert not OptedOutNumber.objects.exists()


@pytest.mark.parametrize("cell", ["tak", "1.2.2026", "x"])
def test_an_opt_out_is_one(cell: str, agency: Agency) -> None:
    write(agency, f"Nowak;{PHONE};tak;{cell}")
    contact = Contact.objects.get()
    assert contact.opted_out_at is not None
    assert contact.marketing_consent_at is None
    assert [step[:2] for step in steps()] == [("messages", False)]
    assert OptedOutNumber.objects.get().channel == "import"


def test_the_same_file_again_changes_nothing(agency: Agency) -> None:
    lines = [
        f"Nowak;{PHONE};tak;nie",
        "Lis;600 100 001;12.03.2026;",
        "Żuk;600 100 002;tak;tak",
        "Bąk;600 100 003;nie;1.02.2026",
        "Bąk;600 100 003;tak;",
    ]
    assert counts(write(agency, *lines)) == (4, 0, 1)
    before = (steps(), list(Contact.objects.order_by("pk").values()), OptOutStep.objects.count())
    assert counts(write(agency, *lines)) == (0, 0, 5)
    after = (steps(), list(Contact.objects.order_by("pk").values()), OptOutStep.objects.count())
    assert after == before


def test_a_row_that_says_nothing_else_new_counts_as_a_change(agency: Agency) -> None:
    write(agency, f"Nowak;{PHONE};;")
    assert counts(write(agency, f"Nowak;{PHONE};tak;")) == (0, 1, 0)
    assert counts(write(agency, f"Nowak;{PHONE};;tak")) == (0, 1, 0)
    assert counts(write(agency, f"Nowak;{PHONE};;tak")) == (0, 0, 1)


def test_no_in_the_column_of_opt_outs_erases_none(agency: Agency) -> None:
    opt_out_numbers(agency=agency, phones=["+48600100000"], said=Said(channel="sms"))
    write(agency, f"Nowak;{PHONE};;nie")
    assert Contact.objects.get().opted_out_at is not None
    assert OptedOutNumber.objects.exists()


def test_no_withdraws_a_consent_that_stands(agency: Agency) -> None:
    write(agency, f"Nowak;{PHONE};tak;")
    write(agency, f"Nowak;{PHONE};nie;")
    assert [step[:2] for step in steps()] == [("marketing", True), ("marketing", False)]
    assert Contact.objects.get().marketing_consent_at is None


@pytest.mark.parametrize(
    ("cell", "counts_again"), [("tak", False), ("1.03.2026", False), ("15.03.2026", True)]
)
def test_a_withdrawn_consent_comes_back_only_with_a_later_day(
    cell: str, counts_again: bool, agency: Agency, owner: User
) -> None:
    contact = client_of(agency, phone="+48600100000")
    record_consent(
        contact=contact, kind=Kind.MARKETING, is_given=True, source="x", recorded_by=None
    )
    said = Said(channel="phone", source="telefon", said_on=date(2026, 3, 10), recorded_by=owner)
    record_said(contact=contact, kind=Kind.MARKETING, is_given=False, said=said)
    write(agency, f"Nowak;{PHONE};{cell};")
    contact.refresh_from_db()
    assert (contact.marketing_consent_at is not None) == counts_again


def test_an_opt_out_of_before_the_letting_in_is_old_news(agency: Agency) -> None:
    contact = client_of(agency, phone="+48600100000")
    for is_given in (False, True):
        record_consent(
            contact=contact, kind=Kind.MESSAGES, is_given=is_given, source="x", recorded_by=None
        )
    yesterday = timezone.localdate() - timedelta(days=1)
    write(agency, f"Nowak;{PHONE};;{yesterday:%d.%m.%Y}")
    contact.refresh_from_db()
    assert contact.opted_out_at is None
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        write(agency, f"Nowak;{PHONE};;{timezone.localdate():%d.%m.%Y}")
    contact.refresh_from_db()
    assert contact.opted_out_at is not None


def test_a_new_client_with_a_number_on_the_list_has_opted_out(agency: Agency) -> None:
    opt_out_numbers(agency=agency, phones=["+48600100000"], said=Said(channel="sms"))
    write(agency, f"Nowak;{PHONE};;", "Lis;600 100 001;;")
    out = Contact.objects.exclude(opted_out_at=None).get()
    assert out.last_name == "Nowak"
    assert out.opted_out_at == OptedOutNumber.objects.get().at


def test_the_list_of_another_agency_does_not_count(agency: Agency, other_agency: Agency) -> None:
    opt_out_numbers(agency=other_agency, phones=["+48600100000"], said=Said(channel="sms"))
    write(agency, f"Nowak;{PHONE};;")
    assert Contact.objects.get().opted_out_at is None


def test_an_opted_out_client_who_gets_a_number_takes_it_along(agency: Agency) -> None:
    contact = client_of(agency, phone="")
    contact.policies.create(number="A/1")
    record_consent(
        contact=contact, kind=Kind.MESSAGES, is_given=False, source="list", recorded_by=None
    )
    bring_up_to_date([contact])
    text = "Nazwisko;Imię;Telefon;Nr polisy\nKowalski;Jan;600 100 009;A/1"
    write_rows(agency, read_file(text.encode()).rows)
    contact.refresh_from_db()
    assert contact.phone == "+48600100009"
    assert contact.opted_out_at is not None
    assert OptedOutNumber.objects.get().phone == "+48600100009"


@pytest.mark.parametrize(
    ("cell", "code"),
    [("może", "bad_said"), ("32.13.2026", "bad_said"), ("1.01.2099", "said_later")],
)
def test_what_cannot_be_read_refuses_the_row(cell: str, code: str) -> None:
    read = read_file((HEADERS + f"Nowak;{PHONE};{cell};").encode())
    assert [problem.code for problem in read.problems] == [code]


@pytest.mark.parametrize(
    ("consent", "opt_out"),
    [
        ("Zgoda na marketing", "Sprzeciw"),
        ("ZGODA SMS", "Nie wysyłać"),
        ("Data zgody", "STOP"),
        ("Marketing consent", "Opted out of SMS"),
    ],
)
def test_headers_of_other_programs_are_recognised(consent: str, opt_out: str) -> None:
    read = read_file(f"Nazwisko;Telefon;{consent};{opt_out}\nNowak;{PHONE};tak;tak".encode())
    assert (read.rows[0].marketing_consent, read.rows[0].opted_out) == (True, True)
