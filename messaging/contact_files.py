"""Reading contacts from the CSV files that agents export; no database.

A line with anything wrong in it is left out and listed, so that nobody is reminded by wrong data.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from messaging import client_names, contact_columns, contact_values
from messaging.client_names import ClientName
from messaging.contact_values import CellError
from messaging.phones import PhoneError, parse_mobile

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 5000

_REASONS: dict[str, StrOrPromise] = {
    "empty": _("The file is empty."),
    "headers_only": _("The file has headers but no contacts below them."),
    "no_phone_column": _("No column with a phone number was found. Name its header “Telefon”."),
    "no_name_column": _("No column with a name was found. Name its header “Nazwisko i imię”."),
    "unknown_columns": _(
        "No header was recognised. The first line must name the columns,"
        " for example: Nazwisko i imię;Telefon;Nr polisy."
    ),
    "workbook": _(
        "This is an Excel workbook or a ZIP archive. Save it as “CSV UTF-8” and send that file."
    ),
    "pdf": _("This is a PDF document. Export the contacts as a CSV file."),
    "binary": _(
        "This is not a text file in UTF-8 or Windows-1250. Export the contacts as “CSV UTF-8”."
    ),
    "too_big": _("The file is larger than 5 MB. Divide it into smaller ones."),
    "too_many_rows": _("The file has more than 5,000 contacts. Divide it into smaller ones."),
    "too_many_cells": _("Line {line} has more cells than there are headers."),
    "broken_quote": _("A quotation mark in or below line {line} is not closed properly."),
}
_MAGIC = {b"PK\x03\x04": "workbook", b"\xd0\xcf\x11\xe0": "workbook", b"%PDF": "pdf"}
_SEPARATORS = ";,\t"
_OLD_ENCODINGS = ("cp1250", "iso8859-2", "cp852")
_POLISH_LETTERS = frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ")
_LINE_CONTROLS = frozenset("\t\r\n\f")

_READERS: dict[str, Callable[[str], object]] = {
    "phone": parse_mobile,
    "email": contact_values.read_email,
    "policy_number": contact_values.read_policy_number,
    "policy_kind": contact_values.read_text,
    "insurer": contact_values.read_text,
    "policy_ends_on": contact_values.read_date,
    "premium": contact_values.read_grosze,
    "registration_number": contact_values.read_registration_number,
    "make_model": contact_values.read_text,
    "inspection_due": contact_values.read_date,
}
_NAME_READERS: dict[str, Callable[[str], ClientName]] = {
    contact_columns.LAST_FIRST: client_names.split_last_first,
    contact_columns.FIRST_LAST: client_names.split_first_last,
    contact_columns.CLIENT: client_names.split_client,
}
# Where a file has several columns of a kind ("Telefon 1", "Telefon 2"; "Marka", "Model"), their
# cells are read together; of other kinds the first one filled in counts.
_JOINED_BY = {"phone": ", ", "make_model": " "}


class ContactFileError(ValueError):
    """A file that cannot be read at all; `code` is a key of the reasons, `message` for people,
    `line` the number of the line at fault, if it is one line."""

    def __init__(self, code: str, line: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.line = line
        self.message = format_lazy(_REASONS[code], line=line)


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One line of the file. The phone is E.164, the premium in grosze; empty is "" or None."""

    line_number: int
    first_name: str
    last_name: str
    company: str
    phone: str
    email: str
    policy_number: str
    policy_kind: str
    insurer: str
    policy_ends_on: date | None
    premium: int | None
    registration_number: str
    make_model: str
    inspection_due: date | None


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a line was left out: the header and the value as they stand in the file."""

    line: int
    column: str
    value: str
    code: str
    reason: StrOrPromise


@dataclass(frozen=True, slots=True)
class ContactFile:
    """What a file holds: the lines that can be used, what is wrong with the others, and the
    headers that were not recognised."""

    rows: list[ContactRow]
    problems: list[RowProblem]
    ignored_headers: list[str]


@dataclass(frozen=True, slots=True)
class _Layout:
    """The headers of a file and which column each one is."""

    headers: list[str]
    columns: list[str | None]

    def header(self, column: str) -> str:
        return self.headers[self.columns.index(column)] if column in self.columns else ""

    def cell(self, cells: list[str], column: str) -> str:
        found = [
            cell for cell, kind in zip(cells, self.columns, strict=False) if kind == column and cell
        ]
        return _JOINED_BY[column].join(found) if column in _JOINED_BY else "".join(found[:1])


def read_contacts(data: bytes) -> ContactFile:
    """Contacts of a CSV file in UTF-8 or an old Polish encoding, parted by ; or , or tabs.

    Raises ContactFileError if the file as a whole cannot be used.
    """
    text = _decode(data)
    records = _records(text, _sniff_separator(text))
    layout = _read_layout(records)
    contact_file = ContactFile(rows=[], problems=[], ignored_headers=_ignored_headers(layout))
    for number, (line, cells) in enumerate(records):
        if number == MAX_ROWS:
            raise ContactFileError("too_many_rows")
        if any(cells[len(layout.headers) :]):
            raise ContactFileError("too_many_cells", line=line)
        _add_row(contact_file, layout, line, cells)
    if not (contact_file.rows or contact_file.problems):
        raise ContactFileError("headers_only")
    return contact_file


def _decode(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise ContactFileError("too_big")
    for magic, code in _MAGIC.items():
        if data.startswith(magic):
            raise ContactFileError(code)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = max(_old_spellings(data), key=_polish_score)
    if any(ord(character) < 32 and character not in _LINE_CONTROLS for character in text):
        raise ContactFileError("binary")
    return text


def _old_spellings(data: bytes) -> Iterator[str]:
    for encoding in _OLD_ENCODINGS:
        try:
            yield data.decode(encoding)
        except UnicodeDecodeError:
            continue


def _polish_score(text: str) -> int:
    """How Polish a text looks: its Polish letters less what else is outside ASCII."""
    foreign = [character for character in text if not character.isascii()]
    return sum(1 if character in _POLISH_LETTERS else -1 for character in foreign)


def _sniff_separator(text: str) -> str:
    """The separator by which most headers are recognised; then the one that occurs most."""
    first_line = next(iter(text.lstrip().splitlines()), "")
    return max(
        _SEPARATORS,
        key=lambda separator: (
            sum(1 for header in first_line.split(separator) if contact_columns.recognise(header)),
            first_line.count(separator),
        ),
    )


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The lines with something in them, cleaned, each with the number of its first line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for raw_cells in reader:
            cells = [contact_values.clean_cell(cell) for cell in raw_cells]
            if any(cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error:
        raise ContactFileError("broken_quote", line=line) from None


def _read_layout(records: Iterator[tuple[int, list[str]]]) -> _Layout:
    """The layout by the first line of the records, which is consumed."""
    _line, headers = next(records, (0, []))
    if not headers:
        raise ContactFileError("empty")
    columns = [contact_columns.recognise(header) for header in headers]
    if not any(columns):
        raise ContactFileError("unknown_columns")
    if "phone" not in columns:
        raise ContactFileError("no_phone_column")
    if not set(columns) & set(contact_columns.NAME_COLUMNS):
        raise ContactFileError("no_name_column")
    return _Layout(headers, columns)


def _ignored_headers(layout: _Layout) -> list[str]:
    pairs = zip(layout.headers, layout.columns, strict=True)
    return [header for header, column in pairs if header and column is None]


def _add_row(contact_file: ContactFile, layout: _Layout, line: int, cells: list[str]) -> None:
    values: dict[str, Any] = {}
    problems = []
    for column, read in _READERS.items():
        cell = layout.cell(cells, column)
        try:
            values[column] = read(cell)
        except (CellError, PhoneError) as error:
            header = layout.header(column)
            problems.append(RowProblem(line, header, cell, error.code, error.message))
    name = _read_name(layout, cells)
    problems += _name_problems(layout, line, name)
    if problems:
        contact_file.problems.extend(problems)
    else:
        contact_file.rows.append(ContactRow(line_number=line, **name._asdict(), **values))


def _read_name(layout: _Layout, cells: list[str]) -> ClientName:
    """A person by own columns or else a column with the whole name; a company may come along."""
    first, last, company = (layout.cell(cells, part) for part in ClientName._fields)
    if first or last:
        return ClientName(client_names.recase(first), client_names.recase(last), company)
    for column, split in _NAME_READERS.items():
        if whole := layout.cell(cells, column):
            name = split(whole)
            return name._replace(company=company or name.company)
    return ClientName(company=company)


def _name_problems(layout: _Layout, line: int, name: ClientName) -> Iterator[RowProblem]:
    header = next(filter(None, map(layout.header, contact_columns.NAME_COLUMNS)))
    try:
        if not any(name):
            raise CellError("no_name")
        for part in name:
            contact_values.read_text(part)
    except CellError as error:
        yield RowProblem(line, header, " ".join(name).strip(), error.code, error.message)
