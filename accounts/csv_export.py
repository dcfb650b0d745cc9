"""Lists as CSV files for Polish spreadsheets: UTF-8 with BOM, semicolons, streamed, no cell that runs as a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import translation

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
# What Excel and LibreOffice take for the start of a formula, with their full-width twins:
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def defuse(value: Any) -> Any:
    """The value as a cell that no spreadsheet runs: text that starts like a formula gets an apostrophe before it.

    Numbers and dates stay as they are; None is an empty cell.
    """
    if not isinstance(value, str):
        return "" if value is None else value
    # Some programs look behind the spaces.
    return f"'{value}" if value.lstrip(" \N{NO-BREAK SPACE}").startswith(_FORMULA_STARTS) else value


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The lines of the file one by one, the first with the byte order mark that Excel knows UTF-8 by."""
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    yield BOM + writer.writerow([defuse(cell) for cell in header])
    for row in rows:
        yield writer.writerow([defuse(cell) for cell in row])


def csv_response(
    file_name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
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
