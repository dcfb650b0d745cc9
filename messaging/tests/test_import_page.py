from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Agency
from accounts.tests.pages import text_of
from messaging import contact_files, forms
from messaging.models import Contact, Policy, Vehicle

PATH = "/klienci/import/"
GOOD = "Nazwisko i imię;Telefon;Nr rej.\nŻółć Łukasz;601 234 567;OP 4521K\n"


def upload(browser: Client, content: bytes, **options: Any) -> Any:
    file = SimpleUploadedFile("klienci.csv", content, "text/csv")
    return browser.post(PATH, {"file": file}, **options)


def rows_of_the_book() -> list[list[tuple[Any, ...]]]:
    return [
        list(model.objects.order_by("id").values_list()) for model in (Contact, Vehicle, Policy)
    ]


def test_the_example_brings_200_clients_and_a_second_time_changes_nothing(
    as_owner: Client,
) -> None:
    example = as_owner.get("/klienci/import/przyklad.csv").content
    text = text_of(upload(as_owner, example, follow=True))
    assert "200 clients added, 0 updated, 0 unchanged." in text
    before = rows_of_the_book()
    text = text_of(upload(as_owner, example, follow=True))
    assert "0 clients added, 0 updated, 200 unchanged." in text
    assert rows_of_the_book() == before


def test_a_file_of_an_old_program_keeps_its_polish_letters(as_owner: Client) -> None:
    response = upload(as_owner, GOOD.encode("cp1250"), follow=True)
    assert response.redirect_chain == [("/klienci/", 302)]
    assert "Żółć Łukasz 601 234 567" in text_of(response)


def test_a_known_phone_is_updated_and_not_doubled(agency: Agency, as_owner: Client) -> None:
    upload(as_owner, GOOD.encode())
    married = GOOD.replace("Żółć", "Żółć-Nowak").encode()
    text = text_of(upload(as_owner, married, follow=True))
    assert "0 clients added, 1 updated, 0 unchanged." in text
    assert agency.contacts.get().last_name == "Żółć-Nowak"


def test_one_bad_line_stops_the_whole_file_and_is_named(as_owner: Client) -> None:
    content = f"{GOOD}Nowak Ewa;77 453 12 34;\nMazur Jan;12;\n".encode()
    response = upload(as_owner, content)
    assert response.status_code == 422
    text = text_of(response)
    assert "Nothing was imported: 2 cells have to be mended." in text
    assert "3 Telefon 77 453 12 34 This is a landline number" in text
    assert "4 Telefon 12 A Polish number has nine digits." in text
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "The file is empty."),
        ("Telefon;Nazwisko\n", "The file has headers but no contacts below them."),
        ("Nazwisko;Miasto\nNowak;Opole\n", "No column with a phone number was found."),
        ("Telefon;Miasto\n601234567;Opole\n", "No column with a name was found."),
        ("a;b\n1;2\n", "No header was recognised."),
        ("PK\x03\x04 arkusz", "This is an Excel workbook or a ZIP archive."),
        ("%PDF-1.7", "This is a PDF document."),
        ("Telefon;Nazwisko\n\0;\0\n", "This is not a text file in UTF-8 or Windows-1250."),
        (GOOD + "a;601234568;b;c\n", "Line 3 has more cells than there are headers."),
        (GOOD + '"Nowak;601234568;\n', "A quotation mark in or below line 3"),
    ],
)
def test_an_unusable_file_is_refused_with_the_reason(
    content: str, reason: str, as_owner: Client
) -> None:
    response = upload(as_owner, content.encode())
    assert response.status_code == 422
    assert reason in text_of(response)
    assert not Contact.objects.exists()


def test_a_file_beyond_the_limits_is_refused(
    as_owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contact_files, "MAX_ROWS", 0)
    assert "more than 5,000 contacts" in text_of(upload(as_owner, GOOD.encode()))
    monkeypatch.setattr(forms, "MAX_BYTES", 10)
    assert "The file is larger than 5 MB." in text_of(upload(as_owner, GOOD.encode()))
    assert not Contact.objects.exists()


def test_without_a_file_the_form_asks_for_one(as_owner: Client) -> None:
    response = as_owner.post(PATH, {"file": ""})
    assert response.status_code == 422
    assert "This field is required." in text_of(response)


def test_a_vehicle_is_the_same_however_its_number_is_spaced(
    agency: Agency, as_owner: Client
) -> None:
    upload(as_owner, GOOD.encode())
    upload(as_owner, GOOD.replace("OP 4521K", "op4521k").encode())
    assert [v.registration_number for v in Vehicle.objects.all()] == ["OP4521K"]
    assert "Żółć Łukasz" in text_of(as_owner.get("/klienci/", {"q": "op 4521K"}))
