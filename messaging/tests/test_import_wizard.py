from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from accounts.models import Agency, Event, User
from accounts.tests.jobs import forget_jobs, queued_jobs
from accounts.tests.pages import text_of
from messaging import contact_files, import_forms, import_jobs
from messaging.models import (
    ChosenColumn,
    Contact,
    ContactGroup,
    ContactImport,
    ContactImportPart,
    Instalment,
    Policy,
    SearchWord,
    Vehicle,
)
from messaging.tasks import check_contacts, import_contacts, read_contact_file
from messaging.tests.import_files import workbook

PATH = "/klienci/import/"
GOOD = "Nazwisko i imię;Telefon;Nr rej.\nŻółć Łukasz;601 234 567;OP 4521K\n"
TASKS = {
    "messaging.tasks.read_contact_file": read_contact_file,
    "messaging.tasks.check_contacts": check_contacts,
    "messaging.tasks.import_contacts": import_contacts,
}


@pytest.fixture(autouse=True)
def _no_jobs(db: None, settings: Settings) -> None:
    forget_jobs()


def work() -> None:
    """Do what is queued."""
    jobs = queued_jobs()
    forget_jobs()
    for job in jobs:
        if job.func in TASKS:
            TASKS[job.func](*job.args)


def upload(browser: Client, content: bytes | str, name: str = "klienci.csv") -> Any:
    data = content.encode() if isinstance(content, str) else content
    response = browser.post(PATH, {"file": SimpleUploadedFile(name, data)})
    work()
    return response


def newest() -> ContactImport:
    return ContactImport.objects.latest("pk")


def page(browser: Client) -> str:
    return text_of(browser.get(f"{PATH}{newest().pk}/"))


def choose_columns(browser: Client, *columns: str) -> Any:
    chosen = columns or newest().columns
    data = {f"column_{number}": column for number, column in enumerate(chosen)}
    response = browser.post(f"{PATH}{newest().pk}/kolumny/", data)
    work()
    return response


def run(browser: Client) -> str:
    """Start the import of what was checked, let it run, and read the report."""
    browser.post(f"{PATH}{newest().pk}/start/")
    work()
    return page(browser)


def whole(browser: Client, content: bytes | str) -> str:
    """All steps without a correction; the report."""
    upload(browser, content)
    choose_columns(browser)
    return run(browser)


def counts() -> tuple[int, int, int, int]:
    """Created, updated, unchanged, refused."""
    done = newest()
    return done.num_created, done.num_updated, done.num_unchanged, done.num_refused


def book() -> list[list[tuple[Any, ...]]]:
    models = (Contact, Vehicle, Policy, Instalment, SearchWord)
    return [list(model.objects.order_by("id").values_list()) for model in models]


def test_the_example_brings_200_clients_and_a_second_time_changes_nothing(
    as_owner: Client, agency: Agency
) -> None:
    example = as_owner.get(f"{PATH}przyklad.csv").content
    text = whole(as_owner, example)
    assert "New clients 200 Updated 0 Unchanged 0 Refused 0" in text
    before = book()
    assert len(before[0]) == len(before[1]) == len(before[2]) == 200
    assert "New clients 0 Updated 0 Unchanged 200 Refused 0" in whole(as_owner, example)
    assert book() == before


def test_the_columns_are_shown_with_examples_before_anything_is_stored(as_owner: Client) -> None:
    response = upload(as_owner, GOOD)
    assert response.url == f"{PATH}{newest().pk}/"
    text = page(as_owner)
    assert "1 row was read." in text
    assert "Nr rej. OP 4521K" in text
    assert newest().columns == ["last_first", "phone", "registration_number"]
    assert not Contact.objects.exists()


def test_the_check_shows_rows_as_they_will_be_stored_and_every_problem(as_owner: Client) -> None:
    upload(as_owner, f"{GOOD}Nowak Ewa;77 453 12 34;\nMazur Jan;12;\n")
    choose_columns(as_owner)
    text = page(as_owner)
    assert "1 row is in order" in text
    assert "2 rows cannot be imported" in text
    assert "Żółć Łukasz 601 234 567 OP4521K" in text
    assert "3 Telefon 77 453 12 34 This is a landline number" in text
    assert "4 Telefon 12 A Polish number has nine digits." in text
    assert "Telefon : A Polish number has nine digits. 1" in text
    assert not Contact.objects.exists()


def test_where_no_row_is_in_order_it_says_what_to_do(as_owner: Client) -> None:
    upload(as_owner, "Nazwisko i imię;Telefon\nMazur Jan;12\n")
    choose_columns(as_owner)
    text = page(as_owner)
    assert "Nothing can be imported yet: change the columns, or mend the file" in text
    assert "You may import the rows that are in order now" not in text


def test_the_rows_in_order_are_imported_and_the_others_come_back_as_a_file(
    as_owner: Client,
) -> None:
    whole(as_owner, f"{GOOD}Nowak Ewa;77 453 12 34;OP 1\n")
    assert counts() == (1, 0, 0, 1)
    response = as_owner.get(f"{PATH}{newest().pk}/odrzucone.csv")
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content), delimiter=";"))
    assert rows[0] == ["Nazwisko i imię", "Telefon", "Nr rej.", "Reason"]
    assert rows[1][:3] == ["Nowak Ewa", "77 453 12 34", "OP 1"]
    assert "landline" in rows[1][3]
    mended = content.replace("77 453 12 34", "602 000 001")
    whole(as_owner, mended)
    assert counts() == (1, 0, 0, 0)


def test_a_column_corrected_by_hand_is_remembered_for_the_agency(
    as_owner: Client, as_stranger: Client, agency: Agency
) -> None:
    content = "Kto;Numer do klienta;Telefon\nJan Nowak;601234567;x\n"
    upload(as_owner, content)
    assert newest().columns == ["", "", "phone"]
    choose_columns(as_owner, "first_last", "phone", "")
    assert "1 row is in order" in page(as_owner)
    assert ChosenColumn.objects.filter(agency=agency).count() == 3
    upload(as_owner, content)
    assert newest().columns == ["first_last", "phone", ""]
    choose_columns(as_owner, "first_last", "phone", "phone")
    assert not ChosenColumn.objects.filter(header="telefon").exists()
    upload(as_stranger, content)
    assert newest().columns == ["", "", "phone"]


def test_a_phone_and_a_name_must_be_chosen(as_owner: Client) -> None:
    upload(as_owner, "Nazwisko;Miasto\nNowak;Opole\n")
    response = choose_columns(as_owner, "", "")
    assert response.status_code == 422
    text = text_of(response)
    assert "Choose the column that holds the phone number." in text
    assert "Choose the column that holds the name." in text
    assert newest().state == "columns"


def test_the_columns_can_be_changed_after_the_check(as_owner: Client) -> None:
    upload(as_owner, GOOD)
    choose_columns(as_owner)
    assert "What each" not in page(as_owner)
    assert text_of(as_owner.get(f"{PATH}{newest().pk}/kolumny/")).count("OP 4521K")
    choose_columns(as_owner, "last_first", "phone", "")
    run(as_owner)
    assert not Vehicle.objects.exists()


def with_groups(*names: str) -> str:
    lines = (f"Nowak Jan;{601000000 + n};{name}\n" for n, name in enumerate(names))
    return "Nazwisko i imię;Telefon;Grupa\n" + "".join(lines)


def test_a_column_that_would_make_too_many_groups_is_asked_about_again(
    as_owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_jobs, "MAX_NEW_GROUPS", 2)
    upload(as_owner, with_groups("A", "B", "C"))
    choose_columns(as_owner)
    told = "By this column the file would make more than 200 new groups."
    assert (newest().state, newest().error) == ("columns", "too_many_groups")
    assert told in page(as_owner)
    assert as_owner.get(f"{PATH}{newest().pk}/").content.decode().count("is-invalid") == 1
    assert "new groups" in text_of(as_owner.get(f"{PATH}{newest().pk}/kolumny/"))
    as_owner.post(f"{PATH}{newest().pk}/start/")
    work()
    assert not Contact.objects.exists()
    assert not ContactGroup.objects.exists()
    choose_columns(as_owner, "last_first", "phone", "")
    assert told not in page(as_owner)
    run(as_owner)
    assert counts() == (3, 0, 0, 0)
    assert not ContactGroup.objects.exists()


def test_groups_that_are_there_already_do_not_count(
    as_owner: Client, agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_jobs, "MAX_NEW_GROUPS", 2)
    ContactGroup.objects.create(agency=agency, name="ŻÓŁW")
    whole(as_owner, with_groups("żółw", '"B;b"', '"C;B"'))
    assert counts() == (3, 0, 0, 0)
    assert agency.contact_groups.count() == 3


def test_the_name_of_a_group_has_a_length(as_owner: Client) -> None:
    upload(as_owner, with_groups("A" * 61))
    choose_columns(as_owner)
    assert "This text is too long; at most 60 characters." in page(as_owner)


def test_a_workbook_goes_the_same_way(as_owner: Client) -> None:
    whole(as_owner, workbook([["Klient", "Telefon"], ["Jan Nowak", 601234567]]))
    assert Contact.objects.get().phone == "+48601234567"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "The file is empty."),
        ("%PDF-1.7", "This is a PDF document."),
        ("\xd0\xcf\x11\xe0", "This is an old workbook (.xls)"),
    ],
)
def test_what_the_first_bytes_tell_is_refused_at_once(
    content: str, reason: str, as_owner: Client
) -> None:
    response = upload(as_owner, content.encode("latin-1"))
    assert response.status_code == 422
    assert reason in text_of(response)
    assert not ContactImport.objects.exists()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("Telefon;Nazwisko\n", "The file has headers but no clients below them."),
        ("Jan;600100200\nEwa;600100201\n", "The first line must name the columns"),
        ("PK\x03\x04 arkusz", "This workbook is damaged."),
        ("Telefon;Nazwisko\n\0;\0\n", "This is not a text file in UTF-8 or Windows-1250."),
        (GOOD + "a;601234568;b;c\n", "Line 3 has more cells than there are headers."),
        (GOOD + '"Nowak;601234568;\n', "A quotation mark in or below line 3"),
    ],
)
def test_an_unusable_file_is_refused_with_the_reason(
    content: str, reason: str, as_owner: Client
) -> None:
    upload(as_owner, content)
    text = page(as_owner)
    assert reason in text
    assert "Nothing was changed." in text
    assert newest().state == "failed"
    assert not ContactImportPart.objects.exists()


def test_a_file_beyond_the_limits_is_refused(
    as_owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contact_files, "MAX_ROWS", 0)
    upload(as_owner, GOOD)
    assert "more than 50,000 rows" in page(as_owner)
    monkeypatch.setattr(import_forms, "MAX_BYTES", 10)
    assert "The file is larger than 20 MB." in text_of(upload(as_owner, GOOD))


def test_without_a_file_the_form_asks_for_one(as_owner: Client) -> None:
    response = as_owner.post(PATH, {"file": ""})
    assert response.status_code == 422
    assert "This field is required." in text_of(response)


def test_while_a_worker_has_it_the_page_asks_for_its_moving_part(as_owner: Client) -> None:
    as_owner.post(PATH, {"file": SimpleUploadedFile("k.csv", GOOD.encode())})
    path = f"{PATH}{newest().pk}/"
    response = as_owner.get(path, headers={"HX-Request": "true"})
    part = response.content.decode().strip()
    assert part.startswith('<div id="import-step" hx-get=')
    assert "<html" not in part
    work()
    assert "hx-get" not in as_owner.get(path, headers={"HX-Request": "true"}).content.decode()


def test_the_accountant_and_the_operator_import_nothing(
    as_owner: Client, as_accountant: Client, as_support: Client
) -> None:
    upload(as_owner, GOOD)
    own = f"{PATH}{newest().pk}/"
    for browser in (as_accountant, as_support):
        for path in (PATH, own, f"{own}kolumny/", f"{own}odrzucone.csv"):
            assert browser.get(path).status_code == 403
        for path in (PATH, f"{own}start/", f"{own}anuluj/", f"{own}kolumny/"):
            assert browser.post(path).status_code == 403


def test_a_stranger_finds_nothing(as_owner: Client, as_stranger: Client) -> None:
    upload(as_owner, GOOD)
    own = f"{PATH}{newest().pk}/"
    for path in (own, f"{own}kolumny/", f"{own}odrzucone.csv"):
        assert as_stranger.get(path).status_code == 404
    for path in (f"{own}start/", f"{own}anuluj/", f"{own}kolumny/"):
        assert as_stranger.post(path).status_code == 404
    assert "klienci.csv" not in text_of(as_stranger.get(PATH))


def test_an_import_cancelled_before_its_start_changes_nothing(as_owner: Client) -> None:
    upload(as_owner, GOOD)
    response = as_owner.post(f"{PATH}{newest().pk}/anuluj/", follow=True)
    assert "The import was cancelled. Nothing was changed." in text_of(response)
    assert newest().state == "cancelled"
    assert not ContactImportPart.objects.exists()
    choose_columns(as_owner, "last_first", "phone", "")
    assert newest().state == "cancelled"


def test_a_new_file_takes_the_place_of_the_one_not_imported(as_owner: Client, owner: User) -> None:
    upload(as_owner, GOOD)
    first = newest()
    upload(as_owner, GOOD)
    first.refresh_from_db()
    assert first.state == "cancelled"
    assert not first.parts.exists()


def test_the_trail_tells_how_many_and_never_who(as_owner: Client, owner: User) -> None:
    whole(as_owner, f"{GOOD}Nowak Ewa;77 453 12 34;OP 1\n")
    event = Event.objects.get(kind="contacts_imported")
    assert event.subject == "nowi: 1, zmienieni: 0, bez zmian: 0, odrzuceni: 1"
    assert event.person == owner
