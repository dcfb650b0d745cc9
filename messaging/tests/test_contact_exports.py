from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import translation

from accounts.models import Agency, Event
from messaging.book_writing import write_rows
from messaging.contact_columns import LABELS, recognise
from messaging.contact_exports import Format, export_contacts
from messaging.models import (
    Contact,
    ContactGroup,
    ContactNumber,
    Instalment,
    Policy,
    SearchWord,
    Vehicle,
)
from messaging.search_words import rewrite
from messaging.tests.book import client_of
from messaging.tests.import_files import read_file

MODELS = (Contact, ContactNumber, ContactGroup, Vehicle, Policy, Instalment, SearchWord)


@pytest.fixture
def rich(agency: Agency) -> Contact:
    """A client with two vehicles, a policy in two instalments, another number, groups and notes."""
    contact = client_of(
        agency,
        last_name="De LA Cruz",
        email="Anna@Example.com",
        birthday=date(1976, 11, 22),
        notes="=1+1\nnie dzwonić rano",
    )
    contact.other_numbers.create(number="+49 170 1234567")
    contact.other_numbers.create(number="77 454 12 12")
    for name in ("Floty", "VIP"):
        contact.groups.add(ContactGroup.objects.create(agency=agency, name=name))
    vehicle = contact.vehicles.create(registration_number="OP4521K", make_model="Škoda")
    policy = contact.policies.create(
        number="-77/12",
        kind="home",
        insurer="PZU",
        vehicle=vehicle,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        premium=123450,
    )
    for number in (1, 2):
        policy.instalments.create(
            number=number, due_on=date(2026, number, 1), amount=61725, paid_on=date(2026, 1, 3)
        )
    rewrite([contact])
    return contact


def content_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def stored() -> list[list[tuple[Any, ...]]]:
    return [list(model.objects.order_by("id").values_list()) for model in MODELS]  # type: ignore[attr-defined]


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["pl", "en"])
def test_what_goes_out_and_in_again_changes_nothing(
    fmt: Format, language: str, rich: Contact, agency: Agency
) -> None:
    client_of(agency, 1, first_name="", last_name="", company="Żółw Sp. z o.o.")
    rewrite(list(Contact.objects.all()))
    before = stored()
    with translation.override(language):
        read = read_file(content_of(export_contacts(agency.contacts.order_by("pk"), fmt)))
    assert read.problems == []
    assert len(read.rows) == 4
    written = write_rows(agency, read.rows)
    assert (written.num_created, written.num_updated, written.num_unchanged) == (0, 0, 4)
    assert stored() == before


@pytest.mark.parametrize("language", ["pl", "en"])
def test_every_label_is_a_header_that_is_recognised(language: str) -> None:
    with translation.override(language):
        assert {column: recognise(str(label)) for column, label in LABELS.items()} == {
            column: column for column in LABELS
        }


def test_no_cell_of_a_csv_runs_as_a_formula(rich: Contact, agency: Agency) -> None:
    text = content_of(export_contacts(agency.contacts.all(), "csv")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    assert len(rows) == 3
    assert rows[0]["Notatki"].startswith("'=1+1")
    # A phone number is harmless.
    cells = {cell for row in rows for cell in row.values()} - {"+49 170 1234567, 77 454 12 12"}
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_a_workbook_holds_dates_and_amounts_as_such_and_no_formula(
    rich: Contact, agency: Agency
) -> None:
    content = content_of(export_contacts(agency.contacts.all(), "xlsx"))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    header, first, *_rest = sheet.iter_rows()
    cells = {name.value: cell for name, cell in zip(header, first, strict=True)}
    assert cells["Składka"].value == 1234.5
    assert cells["Koniec ochrony"].value.date() == date(2026, 12, 31)
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}


def test_an_export_is_noted_without_names(rich: Contact, agency: Agency) -> None:
    export_contacts(agency.contacts.all(), "csv")
    event = Event.objects.get(kind="list_exported")
    assert event.subject.startswith("klienci-")


def test_a_long_list_takes_no_more_queries(
    agency: Agency, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        client_of(agency, number).policies.create(number="1")
    with django_assert_max_num_queries(9):
        content_of(export_contacts(agency.contacts.all(), "csv"))


def test_the_export_is_streamed(rich: Contact, as_owner: Client, agency: Agency) -> None:
    assert export_contacts(agency.contacts.all(), "csv").streaming
