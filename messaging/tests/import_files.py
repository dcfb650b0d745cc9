"""Files of contacts for the tests, and reading one as the import does, without a database."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import openpyxl

from messaging.contact_columns import recognise_all
from messaging.contact_files import read_lines
from messaging.contact_rows import ContactRow, RowReader


@dataclass(frozen=True)
class Problem:
    line: int
    header: str
    value: str
    code: str


@dataclass
class ReadFile:
    """What a file holds: rows, problems, headers that were not recognised."""

    rows: list[ContactRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


def read_file(data: bytes) -> ReadFile:
    """Read it by the columns that its headers name. Raises ContactFileError."""
    lines = read_lines(data)
    headers = next(lines).cells
    columns = recognise_all(headers, {})
    reader = RowReader(columns)
    found = ReadFile(skipped=[h for h, c in zip(headers, columns, strict=True) if h and not c])
    for line in lines:
        read = reader.read(line)
        if isinstance(read, ContactRow):
            found.rows.append(read)
        else:
            found.problems += [
                Problem(line.number, headers[p.column], p.value, p.code) for p in read.problems
            ]
    return found


def workbook(rows: Sequence[Sequence[Any]]) -> bytes:
    """An XLSX file with these rows in its first sheet."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The workbook with a part added or replaced."""
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as before,
        zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for part in before.namelist():
            if part != name:
                after.writestr(part, before.read(part))
        after.writestr(name, content)
    return changed.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def with_sheet(inside: bytes, before: bytes = b"", after: bytes = b"") -> bytes:
    """A workbook whose sheet data are this XML, with something before the document and after the data."""
    sheet = (
        b'<?xml version="1.0"?>' + before + b"<worksheet xmlns="
        b'"http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + inside
        + b"</sheetData>"
        + after
        + b"</worksheet>"
    )
    return with_part(workbook([["Klient", "Telefon"]]), SHEET, sheet)


def row_xml(number: int, *texts: str) -> bytes:
    """A row of texts as XML."""
    cells = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts)
    return f'<row r="{number}">{cells}</row>'.encode()
