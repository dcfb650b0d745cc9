"""Lists as CSV files for Polish spreadsheets: UTF-8 with BOM, semicolons, streamed, no cell that runs as a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from django.http import StreamingHttpResponse
from django.utils import timezone, translation

from accounts.exporting import Cell, Row

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
# What Excel and LibreOffice take for the start of a formula, with their full-width twins:
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Phone numbers and amounts begin so too, and are harmless.
_NUMBER = re.compile(r"[+-]?[0-9][0-9 ,.]*")


def csv_cell(cell: Cell) -> str:
    """A value as Polish spreadsheets read it, and none runs it.

    Numbers have a comma, times are Warsaw's to the second, None is empty. Text that starts like a formula gets an
    apostrophe before it.
    """
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return str(cell).replace(".", ",")
    if isinstance(cell, datetime):
        return f"{timezone.localtime(cell):%Y-%m-%d %H:%M:%S}"
    text = str(cell)
    # Some programs look behind the spaces.
    is_formula = text.lstrip(" \N{NO-BREAK SPACE}").startswith(_FORMULA_STARTS)
    return f"'{text}" if is_formula and not _NUMBER.fullmatch(text) else text


def csv_lines(header: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """The lines of the file one by one, the first with the byte order mark that Excel knows UTF-8 by."""
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    yield BOM + writer.writerow([csv_cell(cell) for cell in header])
    for row in rows:
        yield writer.writerow([csv_cell(cell) for cell in row])


def csv_response(
    file_name: str, header: Sequence[str], rows: Iterable[Row]
) -> StreamingHttpResponse:
    """A download of the rows, which are fetched while it is sent. `file_name` in ASCII."""
    return StreamingHttpResponse(
        _in_language(translation.get_language(), csv_lines(header, rows)),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{file_name}"',
            "Cache-Control": "private, no-store",
        },
    )


def _in_language(language: str | None, lines: Iterator[str]) -> Iterator[str]:
    """Make each line in the language of the request, which is over when the lines are sent."""
    while True:
        with translation.override(language):
            line = next(lines, None)
        if line is None:
            return
        yield line


class _Echo:
    """A file that gives back what the csv module writes into it."""

    def write(self, text: str) -> str:
        return text
