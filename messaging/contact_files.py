"""Reading the lines of the files that agents export, CSV or XLSX, one at a time; no database.

What the cells mean is not known here: messaging/contact_rows.py reads them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import chain, islice
from typing import NamedTuple

from accounts.text_encoding import decode
from messaging.contact_columns import num_recognised, recognise
from messaging.contact_file_errors import ContactFileError
from messaging.workbooks import open_sheet

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 200

_ZIP = b"PK\x03\x04"
_MAGIC = {
    b"PK\x05\x06": "archive",  # an empty one
    b"\xd0\xcf\x11\xe0": "old_workbook",
    b"%PDF": "pdf",
    b"{\\rtf": "document",
    b"\x1f\x8b": "archive",
    b"7z\xbc\xaf": "archive",
    b"Rar!": "archive",
}
_SEPARATORS = ";,\t"
_LINE_CONTROLS = frozenset("\t\r\n\f")
# A title and a date may stand above the headers.
_LINES_ABOVE = 10


class Line(NamedTuple):
    """A line with something in it, and its number in the file (in a workbook, of the row)."""

    number: int
    cells: list[str]


def check_start(data: bytes) -> None:
    """Refuse at once what its size or its first bytes tell. Raises ContactFileError."""
    if len(data) > MAX_BYTES:
        raise ContactFileError("too_big")
    if not data:
        raise ContactFileError("empty")
    for magic, code in _MAGIC.items():
        if data.startswith(magic):
            raise ContactFileError(code)


def read_lines(data: bytes) -> Iterator[Line]:
    """The line of headers, then at most MAX_ROWS others, none empty. Raises ContactFileError, also on the way."""
    check_start(data)
    lines, last_merged = _lines_of(data)
    start = list(islice(lines, _LINES_ABOVE))
    if not start:
        raise ContactFileError("empty")
    at = max(range(len(start)), key=lambda number: (num_recognised(start[number].cells), -number))
    headers = start[at]
    if last_merged >= headers.number:
        raise ContactFileError("merged_cells", line=last_merged)
    yield headers
    num_lines = 0
    for line in chain(start[at + 1 :], lines):
        _check(line, num_lines, len(headers.cells))
        num_lines += 1
        yield line
    if not num_lines:
        raise ContactFileError("headers_only")


def _check(line: Line, num_before: int, num_headers: int) -> None:
    if num_before == MAX_ROWS:
        raise ContactFileError("too_many_rows")
    if any(line.cells[num_headers:]):
        raise ContactFileError("too_many_cells", line=line.number)


def _lines_of(data: bytes) -> tuple[Iterator[Line], int]:
    """The lines, and the last line with a merged cell (0: none)."""
    if data.startswith(_ZIP):
        sheet = open_sheet(data)
        return _filled(sheet.lines), sheet.last_merged
    text = _decode(data)
    return _filled(_records(text, _sniff_separator(text))), 0


def _filled(lines: Iterator[tuple[int, list[str]]]) -> Iterator[Line]:
    for number, cells in lines:
        if len(cells) > MAX_COLUMNS and any(cells[MAX_COLUMNS:]):
            raise ContactFileError("too_many_columns")
        if any(map(str.strip, cells)):
            yield Line(number, cells)


def _decode(data: bytes) -> str:
    text = decode(data).text
    if any(ord(character) < 32 and character not in _LINE_CONTROLS for character in set(text)):
        raise ContactFileError("binary")
    return text


def _sniff_separator(text: str) -> str:
    """The separator by which most headers are recognised; then the one that occurs most."""
    start = text[:100_000].lstrip().splitlines()[:_LINES_ABOVE]
    return max(
        _SEPARATORS,
        key=lambda separator: (
            max((_num_headers(line, separator) for line in start), default=0),
            start[0].count(separator) if start else 0,
        ),
    )


def _num_headers(line: str, separator: str) -> int:
    return sum(1 for header in line.split(separator) if recognise(header))


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The lines with the numbers of their first lines."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error:
        raise ContactFileError("broken_quote", line=line) from None
