"""What rows of a file do to the book."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Agency
from messaging import due_dates
from messaging.book_writing import Written, write_rows
from messaging.contact_rows import ContactRow
from messaging.derived import bring_up_to_date
from messaging.models import Contact, Instalment, Policy, SearchWord
from messaging.search_words import rewrite
from messaging.tests.book import client_of
from messaging.tests.import_files import read_file

PERSON = "Nazwisko;Imię;Telefon"


def write(agency: Agency, text: str) -> Written:
    read = read_file(text.encode())
    assert read.problems == []
    return write_rows(agency, read.rows)


def book() -> list[list[tuple[Any, ...]]]:
    models = (Contact, Policy, SearchWord)
    return [list(model.objects.order_by("id").values_list()) for model in models]  # type: ignore[attr-defined]


def counts(written: Written) -> tuple[int, int, int, int]:
    return (
        written.num_created,
        written.num_updated,
        written.num_unchanged,
        len(written.nobody),
    )


def test_a_client_is_stored_with_all_that_the_row_says(agency: Agency) -> None:
    write(
        agency,
        "Nazwisko;Imię;Firma;Telefon;Inne telefony;E-mail;Data ur.;Grupa;Uwagi;Nr polisy;Rodzaj;TU;"
        "Okres od;Okres do;Składka;Nr rej.;Marka i model;Badanie techn.;Nr raty;Rata;Termin raty;"
        "Opłacona\n"
        "Żółć;Anna;Kwiaty;600 100 200;77 454 12 12;A@B.pl;22.11.1976;VIP; Floty;psy;1/A;OC;PZU;"
        "1.1.2026;31.12.2026;1 234,50;op 4521k;Skoda;15.12.2026;2/4;308,63;1.6.2026;3.6.2026\n".replace(
            "VIP; Floty", '"VIP; Floty"'
        ),
    )
    contact = agency.contacts.get()
    assert (contact.name, contact.company, contact.phone) == ("Żółć Anna", "Kwiaty", "+48600100200")
    assert (contact.email, contact.birthday, contact.notes) == (
        "a@b.pl",
        date(1976, 11, 22),
        "psy",
    )
    assert [number.number for number in contact.other_numbers.all()] == ["77 454 12 12"]
    assert {group.name for group in contact.groups.all()} == {"VIP", "Floty"}
    policy = contact.policies.get()
    assert (policy.number, policy.kind, policy.insurer, policy.premium) == (
        "1/A",
        "oc",
        "PZU",
        123450,
    )
    assert (policy.starts_on, policy.ends_on) == (date(2026, 1, 1), date(2026, 12, 31))
    assert policy.vehicle is not None
    assert policy.vehicle.registration_number == "OP4521K"
    assert policy.vehicle.inspection_due == date(2026, 12, 15)
    instalment = policy.instalments.get()
    assert (instalment.number, instalment.amount) == (2, 30863)
    assert (instalment.due_on, instalment.paid_on) == (date(2026, 6, 1), date(2026, 6, 3))


def test_the_words_of_the_search_are_those_that_it_would_make_itself(agency: Agency) -> None:
    text = f"{PERSON};Inne telefony;Nr polisy;Nr rej.\nŻółć;Anna;600100200;774541212;1/A;OP 1\n"
    write(agency, text)
    write(agency, text.replace("Żółć", "Nowak").replace("1/A", "2/B"))
    found = set(SearchWord.objects.values_list("contact", "word"))
    rewrite(list(agency.contacts.all()))
    assert set(SearchWord.objects.values_list("contact", "word")) == found


DAYS = ("", "21.11.2026", "22.11.2026", "23.11.2026", "1.3.2027")


# Late in the evening of 21.11. in UTC it is the 22nd in Warsaw.
@time_machine.travel("2026-11-21 23:30:00+00:00")
@pytest.mark.parametrize("paid", ["", "tak", "20.11.2026"])
def test_the_next_dates_of_new_clients_are_those_that_a_refresh_would_say(
    paid: str, agency: Agency
) -> None:
    """Two policies, vehicles and instalments of each client, with every pair of days."""
    head = f"{PERSON};Nr polisy;Okres do;Nr rej.;Badanie techn.;Rata;Termin raty;Opłacona\n"
    rows = []
    for number, pair in enumerate(product(DAYS, repeat=2)):
        for policy, (day, is_paid) in enumerate(zip(pair, (paid, ""), strict=True)):
            amount, told = ("100,00", is_paid) if day else ("", "")
            rows.append(
                f"Nowak;Jan;{600100200 + number};A{policy};{day};OP{policy};{day};{amount};{day};{told}\n"
            )
    rows.append("Bezpolis;Jan;600200300;;;;;;;\n")
    write(agency, head + "".join(rows))
    next_dates = ("phone", "next_end_on", "next_inspection_on", "next_instalment_on")
    imported = set(agency.contacts.values_list(*next_dates))
    assert len(imported) == len(DAYS) ** 2 + 1
    assert ("+48600200300", None, None, None) in imported
    assert any(end == date(2026, 11, 22) for _phone, end, *_others in imported)
    due_dates.refresh(list(agency.contacts.values_list("pk", flat=True)))
    assert set(agency.contacts.values_list(*next_dates)) == imported


def test_several_rows_of_one_client_are_one_client(agency: Agency) -> None:
    head = f"{PERSON};Nr polisy;Kwota raty;Termin raty\n"
    row = "Nowak;Jan;600100200;{};{},00;01.0{}.2027\n"
    rows = row.format("A", 100, 1) + row.format("A", 100, 2) + row.format("B", 50, 3)
    assert counts(write(agency, head + rows)) == (1, 2, 0, 0)
    assert {p.number: p.instalments.count() for p in Contact.objects.get().policies.all()} == {
        "A": 2,
        "B": 1,
    }
    assert counts(write(agency, head + rows)) == (0, 0, 3, 0)


def test_empty_cells_erase_nothing(agency: Agency) -> None:
    write(agency, f"{PERSON};E-mail;Nr polisy;TU;Nr rej.\nNowak;Jan;600100200;a@b.pl;A;PZU;OP1\n")
    before = list(Contact.objects.values_list())
    assert counts(write(agency, f"{PERSON};E-mail;Nr polisy;TU\nNowak;;600100200;;A;\n")) == (
        0,
        0,
        1,
        0,
    )
    assert list(Contact.objects.values_list()) == before


def test_a_changed_policy_keeps_its_vehicle(agency: Agency) -> None:
    write(agency, f"{PERSON};Nr polisy;Nr rej.\nNowak;Jan;600100200;A;OP1\n")
    write(agency, f"{PERSON};Nr polisy;TU\nNowak;Jan;600100200;A;Warta\n")
    policy = Contact.objects.get().policies.get()
    assert policy.insurer == "Warta"
    assert policy.vehicle is not None


def test_rows_that_say_nothing_new_only_read(agency: Agency) -> None:
    text = f"{PERSON};Nr polisy;Nr rej.;Grupa\n" + "".join(
        f"Nowak;Jan;6001002{n:02};A{n};OP{n};VIP\n" for n in range(50)
    )
    write(agency, text)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert counts(write(agency, text)) == (0, 0, 50, 0)
    statements = [query["sql"].split()[0] for query in queries]
    assert not {"INSERT", "UPDATE", "DELETE"} & set(statements)
    assert statements.count("SELECT") <= 8


def test_without_a_phone_a_client_is_known_by_name_and_policy(agency: Agency) -> None:
    write(agency, f"{PERSON};Nr polisy\nŻółć;Anna;600100200;A/1\n")
    written = write(
        agency,
        f"{PERSON};Nr polisy;TU\nZOLC;ANNA;;A/1;PZU\nŻółć;Anna;77 454 12 12;A/1;PZU\n"
        "Żółć;Anna;;A/2;PZU\nNowak;Jan;;A/1;PZU\n",
    )
    assert counts(written) == (0, 2, 0, 2)
    contact = Contact.objects.get()
    assert (contact.last_name, contact.policies.get().insurer) == ("Żółć", "PZU")
    assert contact.other_numbers.get().number == "77 454 12 12"


def test_an_earlier_row_of_the_same_file_makes_a_client_known(agency: Agency) -> None:
    rows = f"{PERSON};Nr polisy;TU\nŻółć;Anna;600100200;A/1;\nŻółć;Anna;;A/1;PZU\n"
    assert counts(write(agency, rows)) == (1, 1, 0, 0)


# --- a client who is stored without a phone ---------------------------------------------------------


@pytest.fixture
def without_phone(agency: Agency) -> Contact:
    """Anna Żółć with the policy A/1, as somebody wrote her down who did not know her number."""
    contact = client_of(agency, last_name="Żółć", first_name="Anna", phone="")
    contact.policies.create(agency=agency, number="A/1")
    bring_up_to_date([contact])
    return contact


def test_a_row_with_a_phone_gives_it_to_who_was_stored_without(
    agency: Agency, without_phone: Contact
) -> None:
    text = f"{PERSON};Nr polisy\nZOLC;ANNA;600100200;A/1\n"
    assert counts(write(agency, text)) == (0, 1, 0, 0)
    contact = agency.contacts.get()
    assert (contact.pk, contact.last_name) == (without_phone.pk, "Zolc")
    assert contact.phone == "+48600100200"
    before = book()
    assert counts(write(agency, text)) == (0, 0, 1, 0)
    assert book() == before


def test_by_the_new_phone_the_search_finds_them(agency: Agency, without_phone: Contact) -> None:
    write(agency, f"{PERSON};Nr polisy\nŻółć;Anna;600100200;A/1\n")
    found = set(SearchWord.objects.values_list("contact", "word"))
    assert {(without_phone.pk, "600100200"), (without_phone.pk, "100200")} <= found
    rewrite([agency.contacts.get()])
    assert set(SearchWord.objects.values_list("contact", "word")) == found


@pytest.mark.parametrize("row", ["Żółć;Ewa;600100200;A/1", "Żółć;Anna;600100200;A/2"])
def test_another_name_or_policy_is_another_client(
    row: str, agency: Agency, without_phone: Contact
) -> None:
    assert counts(write(agency, f"{PERSON};Nr polisy\n{row}\n")) == (1, 0, 0, 0)
    without_phone.refresh_from_db()
    assert without_phone.phone == ""


def test_a_name_without_a_policy_is_not_enough(agency: Agency, without_phone: Contact) -> None:
    assert counts(write(agency, f"{PERSON}\nŻółć;Anna;600100200\n")) == (1, 0, 0, 0)


def test_a_phone_that_is_somebodys_stays_theirs(agency: Agency, without_phone: Contact) -> None:
    owner = client_of(agency, last_name="Żółć", first_name="Anna", phone="+48600100200")
    text = f"{PERSON};Nr polisy\nŻółć;Anna;600100200;A/1\n"
    assert counts(write(agency, text)) == (0, 1, 0, 0)
    assert owner.policies.get().number == "A/1"
    without_phone.refresh_from_db()
    assert without_phone.phone == ""
    assert counts(write(agency, text)) == (0, 0, 1, 0)


def test_another_phone_is_another_client_and_a_second_time_changes_nothing(
    agency: Agency, without_phone: Contact
) -> None:
    text = (
        f"{PERSON};Nr polisy\nŻółć;Anna;;A/1\nŻółć;Anna;600100200;A/1\nŻółć;Anna;600100201;A/1\n"
        "Żółć;Anna;;A/1\n"
    )
    assert counts(write(agency, text)) == (1, 1, 2, 0)
    phones = agency.contacts.order_by("pk").values_list("phone", flat=True)
    assert list(phones) == ["+48600100200", "+48600100201"]
    before = book()
    assert counts(write(agency, text)) == (0, 0, 4, 0)
    assert book() == before


def test_of_another_agency_nobody_is_given_a_phone(
    other_agency: Agency, without_phone: Contact
) -> None:
    text = f"{PERSON};Nr polisy\nŻółć;Anna;600100200;A/1\n"
    assert counts(write(other_agency, text)) == (1, 0, 0, 0)
    without_phone.refresh_from_db()
    assert without_phone.phone == ""


def test_the_book_of_another_agency_is_neither_seen_nor_touched(
    agency: Agency, other_agency: Agency
) -> None:
    text = f"{PERSON};Nr polisy;Grupa\nŻółć;Anna;600100200;A/1;VIP\n"
    write(agency, text)
    assert counts(write(other_agency, text)) == (1, 0, 0, 0)
    assert counts(write(other_agency, text.replace("600100200", ""))) == (0, 0, 1, 0)
    assert agency.contacts.get() != other_agency.contacts.get()


@pytest.mark.parametrize(
    ("cell", "stored", "expected"),
    [
        ("tak", None, date(2026, 6, 1)),
        ("tak", date(2026, 5, 30), date(2026, 5, 30)),
        ("", date(2026, 5, 30), date(2026, 5, 30)),
        ("nie", date(2026, 5, 30), None),
        ("2.6.2026", None, date(2026, 6, 2)),
        ("nie", None, None),
    ],
)
@time_machine.travel("2026-11-22 12:00:00+01:00")
def test_paid_is_a_day_or_a_word(
    cell: str, stored: date | None, expected: date | None, agency: Agency
) -> None:
    head = f"{PERSON};Nr polisy;Nr raty;Rata;Termin raty;Opłacona\n"
    row = "Nowak;Jan;600100200;A;1;100,00;1.6.2026;{}\n"
    write(agency, head + row.format(""))
    Instalment.objects.update(paid_on=stored)
    write(agency, head + row.format(cell))
    assert Instalment.objects.get().paid_on == expected


def test_a_name_typed_with_care_keeps_its_capitals(agency: Agency) -> None:
    write(agency, f"{PERSON}\nNowak;Jan;600100200\n")
    Contact.objects.update(last_name="De LA Cruz")
    assert counts(write(agency, f"{PERSON}\nDE LA CRUZ;JAN;600100200\n")) == (0, 0, 1, 0)


def test_whoever_adds_the_same_client_meanwhile_is_met_again(
    agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first look misses the client, as it does between two transactions."""
    from messaging import book_writing

    write(agency, f"{PERSON}\nNowak;Jan;600100200\n")
    looks: list[Any] = []

    def load(own: Agency, rows: list[ContactRow]) -> Any:
        looks.append(rows)
        return [] if len(looks) == 1 else load_clients(own, rows)

    load_clients = book_writing.load_clients
    monkeypatch.setattr(book_writing, "load_clients", load)
    assert counts(write(agency, f"{PERSON};E-mail\nNowak;Jan;600100200;a@b.pl\n")) == (0, 1, 0, 0)
    assert len(looks) == 2
    assert Contact.objects.get().email == "a@b.pl"
