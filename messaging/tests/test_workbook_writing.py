from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from accounts.workbook_writing import write_workbook
from messaging.workbooks import open_sheet


def written(*rows: list[Any]) -> bytes:
    file = io.BytesIO()
    write_workbook(file, rows)
    return file.getvalue()


def cells_of(data: bytes) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_every_kind_of_value_comes_back() -> None:
    rows = [["Imię", "", None, 3, Decimal("1234.50"), date(2026, 12, 31)], ["b"]]
    first, second = cells_of(written(*rows))
    assert first[:5] == ["Imię", None, None, 3, 1234.5]
    assert first[5].date() == date(2026, 12, 31)
    assert second[0] == "b"


def test_amounts_and_dates_look_like_such() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(written([Decimal("1.50"), date(2026, 1, 2)])))
    amount, day = next(sheet.worksheets[0].iter_rows())
    assert amount.number_format == "#,##0.00"
    assert day.is_date


def test_a_time_is_warsaws_and_looks_like_one() -> None:
    moment = datetime(2026, 7, 1, 22, 30, 15, tzinfo=UTC)
    sheet = openpyxl.load_workbook(io.BytesIO(written([moment]))).worksheets[0]
    ((cell,),) = sheet.iter_rows()
    assert cell.value == datetime(2026, 7, 2, 0, 30, 15)
    assert cell.is_date


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_day_comes_back(day: date) -> None:
    ((cell,),) = cells_of(written([day]))
    assert cell.date() == day


@given(st.text())
def test_every_text_is_readable_and_none_is_a_formula(text: str) -> None:
    data = written(["nagłówek"], [text])
    list(open_sheet(data).lines)
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn")), min_size=1))
def test_ordinary_text_comes_back_unchanged(text: str) -> None:
    ((cell,),) = cells_of(written([f"a{text}"]))
    assert cell == f"a{text}"


def test_what_would_run_is_defused() -> None:
    assert cells_of(written(["=1+1", "\x01=1+1"])) == [["'=1+1", "'=1+1"]]


def test_the_import_reads_it() -> None:
    sheet = open_sheet(written(["Nazwisko", "Telefon"], ["Żółć & <syn>", "600 100 200"]))
    assert list(sheet.lines) == [
        (1, ["Nazwisko", "Telefon"]),
        (2, ["Żółć & <syn>", "600 100 200"]),
    ]
