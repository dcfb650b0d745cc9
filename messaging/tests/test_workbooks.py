"""Workbooks as people send them, and as nobody should."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messaging import workbook_guard
from messaging.contact_file_errors import ContactFileError
from messaging.contact_files import MAX_BYTES, read_lines
from messaging.contact_rows import ContactRow
from messaging.tests.import_files import SHEET, read_file, row_xml, with_part, with_sheet, workbook

HEADERS = ["Klient", "Telefon", "Nr polisy", "Koniec ochrony", "Składka", "Nr rej.", "Opłacona"]
MAX_MEMORY = 300 * 1024 * 1024


def read_one(*cells: object) -> ContactRow:
    read = read_file(workbook([HEADERS, cells]))
    assert read.problems == []
    return read.rows[0]


def refusal(data: bytes) -> str:
    with pytest.raises(ContactFileError) as refused:
        list(read_lines(data))
    return refused.value.code


def test_dates_amounts_and_numbers_of_a_spreadsheet_are_read() -> None:
    row = read_one("Jan Nowak", 600100200, 77120034, date(2026, 12, 31), 1234.5, "OP 1")
    assert row.phone == "+48600100200"
    assert row.policy_number == "77120034"
    assert row.policy_ends_on == date(2026, 12, 31)
    assert row.premium == 123450


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (600100200, "+48600100200"),
        (600100200.0, "+48600100200"),
        (48600100200, "+48600100200"),
        ("600 100 200", "+48600100200"),
        ("0048600100200", "+48600100200"),
    ],
)
def test_phones_typed_as_numbers_are_read(cell: object, expected: str) -> None:
    assert read_one("Jan Nowak", cell).phone == expected


@pytest.mark.parametrize("cell", [datetime(2026, 12, 31, 10, 30), date(2026, 12, 31), 46387])
def test_a_day_is_read_however_the_sheet_keeps_it(cell: object) -> None:
    assert read_one("A", 600100200, "A1", cell).policy_ends_on == date(2026, 12, 31)


@pytest.mark.parametrize(("cell", "grosze"), [(412.335, 41234), (0.1 + 0.2, 30), (400, 40000)])
def test_calculated_amounts_are_read_as_they_are_shown(cell: float, grosze: int) -> None:
    assert read_one("A", 600100200, "A1", None, cell).premium == grosze


@given(st.integers(0, 10**11))
@settings(max_examples=20, deadline=None)
def test_every_amount_survives_the_spreadsheet(grosze: int) -> None:
    if grosze < 10**11:
        row = read_one("A", 600100200, "A1", None, grosze / 100)
        assert row.premium == grosze


def test_rows_keep_their_numbers_below_empty_ones_and_a_title() -> None:
    rows = [["Zestawienie polis"], [], ["Klient", "Telefon"], [], ["Jan Nowak", 600100200]]
    assert [row.line_number for row in read_file(workbook(rows)).rows] == [5]


def test_a_formatted_empty_end_of_a_row_does_no_harm() -> None:
    wide = ["Jan Nowak", 600100200, *[None] * 500]
    assert len(read_file(workbook([["Klient", "Telefon"], wide])).rows) == 1


def test_the_error_of_a_formula_is_a_problem_of_its_cell() -> None:
    read = read_file(workbook([["Klient", "Telefon", "Uwagi"], ["Jan", 600100200, "#N/A"]]))
    assert [problem.code for problem in read.problems] == ["formula_error"]


def merged(first: str) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Lista"], ["Klient", "Telefon"], ["Jan", 600100200], [None, 600100201]):
        sheet.append(row)
    sheet.merge_cells(first)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_merged_cells_are_refused_where_they_hide_data() -> None:
    with pytest.raises(ContactFileError) as refused:
        list(read_lines(merged("A3:A4")))
    assert (refused.value.code, refused.value.line) == ("merged_cells", 4)
    assert len(list(read_lines(merged("A1:B1")))) == 3


def test_an_empty_sheet_is_empty() -> None:
    assert refusal(workbook([])) == "empty"
    assert refusal(workbook([["Klient", "Telefon"]])) == "headers_only"


GOOD = workbook([["Klient", "Telefon"], ["Jan Nowak", 600100200]])
TYPES = "[Content_Types].xml"
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (GOOD[: len(GOOD) // 2], "broken_workbook"),
        (b"PK\x03\x04" + b"x" * 1000, "broken_workbook"),
        (with_part(GOOD, "xl/vbaProject.bin", b"x"), "macros"),
        (
            with_part(GOOD, TYPES, b"<Types>application/vnd.ms-excel.sheet.macroEnabled</Types>"),
            "macros",
        ),
        (with_part(GOOD, "xl/workbook.bin", b"x"), "other_workbook"),
        (with_part(GOOD, "content.xml", b"<x/>"), "other_workbook"),
        (
            with_part(
                GOOD,
                "xl/workbook.xml",
                b'<w xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"/>',
            ),
            "other_workbook",
        ),
        (with_part(GOOD, "xl/workbook.xml", b"<workbook/>"), "broken_workbook"),
        (with_part(GOOD, SHEET, b"%PDF-1.7"), "broken_workbook"),
        (with_part(GOOD, SHEET, b""), "broken_workbook"),
        (with_sheet(row_xml(1, "Klient", "&b;"), before=ENTITIES), "broken_workbook"),
        (with_sheet(b'<row r="1"><c r="A1" t="s"><v>99</v></c></row>'), "broken_workbook"),
    ],
)
def test_a_damaged_or_foreign_workbook_is_refused_with_the_reason(data: bytes, code: str) -> None:
    assert refusal(data) == code


def zip_of(name: str, content: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return data.getvalue()


def test_an_archive_of_something_else_is_refused() -> None:
    assert refusal(zip_of("klienci.csv", b"Klient;Telefon\n")) == "archive"


def bomb() -> bytes:
    """100 MB of blanks in a hundred kilobytes."""
    return with_sheet(b" " * (100 * 1024 * 1024))


def a_million_columns() -> bytes:
    return with_sheet(b"<row>" + b"<c><v>1</v></c>" * 1_000_000 + b"</row>")


def a_far_row() -> bytes:
    return with_sheet(row_xml(1, "Klient", "Telefon") + row_xml(10**9, "Jan", "600100200"))


def a_far_column() -> bytes:
    rest = b'<row r="2"><c r="XFD2" t="inlineStr"><is><t>x</t></is></c></row>' * 3
    return with_sheet(row_xml(1, "Klient", "Telefon") + rest)


def empty_rows() -> bytes:
    return with_sheet(row_xml(1, "Klient", "Telefon") + b"<row/>" * 300_000)


def rows_of_nobody() -> bytes:
    """Elements that no reader expects, inside rows of another name space."""
    return with_sheet(b'<row xmlns="x">' + b"<v/>" * 2_000_000 + b"</row>")


def styles() -> bytes:
    start = (
        b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs>'
    )
    return with_part(GOOD, "xl/styles.xml", start + b"<xf/>" * 500_000 + b"</cellXfs></styleSheet>")


def strings() -> bytes:
    start = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return with_part(GOOD, "xl/sharedStrings.xml", start + b"<si/>" * 1_200_000 + b"</sst>")


def a_long_text() -> bytes:
    return with_sheet(row_xml(1, "Klient", "x" * 5_000_000))


def a_long_tag() -> bytes:
    return with_sheet(b'<row spans="' + b"1" * 5_000_000 + b'"/>')


@pytest.mark.parametrize(
    ("make", "codes"),
    [
        (bomb, {"swollen"}),
        (a_million_columns, {"too_many_columns"}),
        (a_far_row, {"too_many_rows", "broken_workbook"}),
        (a_far_column, {"too_many_columns"}),
        (empty_rows, {"too_many_rows"}),
        (rows_of_nobody, {"swollen"}),
        (styles, {"swollen"}),
        (strings, {"swollen"}),
        (a_long_text, {"swollen"}),
        (a_long_tag, {"swollen"}),
    ],
)
def test_a_swollen_workbook_is_refused_in_bounded_memory(
    make: Callable[[], bytes], codes: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = make()
    assert len(data) < MAX_BYTES
    # What packs well is refused for that alone; its inside must be harmless too.
    if make is not bomb:
        monkeypatch.setattr(workbook_guard, "MAX_RATIO", 10**9)
    tracemalloc.start()
    try:
        assert refusal(data) in codes
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MAX_MEMORY / 3


@given(st.binary(max_size=200), st.integers(0, 1000))
@settings(deadline=None, max_examples=60)
def test_no_damage_brings_the_reader_down(noise: bytes, place: int) -> None:
    at = place * len(GOOD) // 1000
    with suppress(ContactFileError):
        list(read_lines(GOOD[:at] + noise + GOOD[at + len(noise) :]))
