from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.http import StreamingHttpResponse
from django.utils import translation
from django.utils.translation import gettext
from hypothesis import given
from hypothesis import strategies as st

from accounts.csv_export import csv_cell, csv_lines, csv_response
from accounts.exporting import Cell


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "+1A1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\n1",
        " =1",
        " -1+1",
        "\xa0=1",
        "＝1",
    ],
)
def test_what_a_spreadsheet_would_run_is_text(cell: str) -> None:
    assert csv_cell(cell) == f"'{cell}"


@pytest.mark.parametrize(
    "cell", ["", "Jan", "a=b", "1-2", "'=1", "Jan = Anna", "+48601000001", "-2", "-0,29"]
)
def test_everything_else_stays(cell: str) -> None:
    assert csv_cell(cell) == cell


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (None, ""),
        (7, "7"),
        (-29, "-29"),
        (Decimal("-1.50"), "-1,50"),
        (date(2026, 11, 22), "2026-11-22"),
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "2026-11-23 00:30:00"),
    ],
)
def test_other_values_are_written_as_polish_spreadsheets_read_them(
    cell: Cell, written: str
) -> None:
    assert csv_cell(cell) == written


@given(
    st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=2))
)
def test_every_text_survives_and_none_is_a_formula(rows: list[list[str]]) -> None:
    text = "".join(csv_lines(["=a", "b"], rows))
    assert text.startswith("\ufeff'=a;b\r\n")
    read = list(csv.reader(StringIO(text[1:], newline=""), delimiter=";"))[1:]
    assert [[cell.removeprefix("'") for cell in row] for row in read] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]
    assert not any(
        cell.lstrip(" ").startswith(("=", "+", "-", "@")) and not is_number(cell)
        for row in read
        for cell in row
    )


def is_number(cell: str) -> bool:
    """A sign, and not a thing that could be a function or a reference."""
    return cell[:1] in "+-" and set(cell[1:]) <= set("0123456789 ,.")


def body(response: StreamingHttpResponse) -> str:
    return b"".join(response).decode()  # type: ignore[arg-type]


def test_a_download_is_utf8_with_bom_and_semicolons() -> None:
    response = csv_response("lista.csv", ["Imię", "Kwota"], [["Żółć; Anna", 29]])
    assert body(response) == '\ufeffImię;Kwota\r\n"Żółć; Anna";29\r\n'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="lista.csv"'
    assert response["Cache-Control"] == "private, no-store"


def test_rows_are_made_while_they_are_sent_and_in_the_requests_language() -> None:
    made = []

    def rows() -> Iterator[list[str]]:
        for number in range(3):
            made.append(number)
            yield [gettext("Search")]

    with translation.override("en"):
        response = csv_response("lista.csv", ["x"], rows())
    assert made == []
    assert "Search" in body(response)
    assert translation.get_language() == "pl"
    assert made == [0, 1, 2]
