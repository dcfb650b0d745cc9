"""Reading the lines of a contact file by their columns: each becomes a row to store, or is refused for its problems.

A line with anything wrong in it is refused as a whole, so that nobody is reminded by half of the data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from messaging import client_names, contact_columns, contact_values, phones
from messaging.client_names import ClientName
from messaging.contact_files import Line
from messaging.contact_values import CellError, are_clean, clean_cell, clean_lines
from messaging.phones import PhoneError

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# What a line lacks as a whole.
_REASONS: dict[str, StrOrPromise] = {
    "nobody": _("There is no mobile number, and no client of this name has this policy."),
    "no_policy_number": _("Which policy is this of? Its number is missing."),
    "no_registration_number": _("Which vehicle is this of? Its registration number is missing."),
    "half_instalment": _("An instalment needs both its amount and the day it is due."),
}


class ContactRow(NamedTuple):
    """One line of the file. The phone is E.164, amounts are in grosze; empty is "", () or None."""

    line_number: int
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    phone: str = ""
    other_phones: tuple[str, ...] = ()
    email: str = ""
    birthday: date | None = None
    groups: tuple[str, ...] = ()
    notes: str = ""
    policy_number: str = ""
    policy_kind: str = ""
    insurer: str = ""
    policy_starts_on: date | None = None
    policy_ends_on: date | None = None
    premium: int | None = None
    registration_number: str = ""
    make_model: str = ""
    inspection_due: date | None = None
    instalment_number: int | None = None
    instalment_amount: int | None = None
    instalment_due: date | None = None
    instalment_paid: date | bool | None = None
    # Why it has no phone. Such a row is stored only if it is recognised by name and policy number.
    phone_problem: str = ""
    # Whether the client consented to marketing, and whether they want no messages; or since when.
    marketing_consent: date | bool | None = None
    opted_out: date | bool | None = None


class RowProblem(NamedTuple):
    """What is wrong with a line: in which column of the file (counted from 0), and the value there."""

    column: int
    value: str
    code: str
    limit: int | None = None

    @property
    def reason(self) -> StrOrPromise:
        """In words."""
        if self.code in _REASONS:
            return _REASONS[self.code]
        try:
            return contact_values.reason(self.code, self.limit)
        except KeyError:
            return phones.reason(self.code)


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line as it stands in the file, and all that is wrong with it."""

    line: Line
    problems: list[RowProblem]


_READERS: dict[str, Callable[[str], object]] = {
    "email": contact_values.read_email,
    "birthday": contact_values.read_birthday,
    "groups": contact_values.read_groups,
    "notes": contact_values.read_notes,
    "policy_number": contact_values.read_policy_number,
    "policy_kind": contact_values.read_text,
    "insurer": contact_values.read_text,
    "policy_starts_on": contact_values.read_date,
    "policy_ends_on": contact_values.read_date,
    "premium": contact_values.read_grosze,
    "registration_number": contact_values.read_registration_number,
    "make_model": contact_values.read_text,
    "inspection_due": contact_values.read_date,
    "instalment_number": contact_values.read_instalment_number,
    "instalment_amount": contact_values.read_instalment_amount,
    "instalment_due": contact_values.read_date,
    "instalment_paid": contact_values.read_paid,
    "marketing_consent": contact_values.read_said,
    "opted_out": contact_values.read_said,
}
_NAME_READERS: dict[str, Callable[[str], ClientName]] = {
    contact_columns.LAST_FIRST: client_names.split_last_first,
    contact_columns.FIRST_LAST: client_names.split_first_last,
    contact_columns.CLIENT: client_names.split_client,
}
# Of first name, last name and company.
_NAME_LIMITS = (
    contact_values.MAX_TEXT_LENGTH,
    contact_values.MAX_TEXT_LENGTH,
    contact_values.MAX_COMPANY_LENGTH,
)
# Where a file has several columns of a kind ("Telefon 1", "Telefon 2"; "Marka", "Model"), their
# cells are read together; of other kinds the first one filled in counts.
_JOINED_BY = {"phone": ", ", "other_phones": ", ", "make_model": " ", "notes": "\n", "groups": ";"}
_POLICY = ("policy_kind", "insurer", "policy_starts_on", "policy_ends_on", "premium")
_VEHICLE = ("make_model", "inspection_due")
_INSTALMENT = ("instalment_number", "instalment_amount", "instalment_due", "instalment_paid")


class RowReader:
    """Reads lines by the columns that were chosen for them."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._places: dict[str, list[int]] = {}
        for place, column in enumerate(columns):
            if column != contact_columns.SKIP:
                self._places.setdefault(column, []).append(place)
        # Most kinds have one column; they are read the short way.
        self._single = [
            (column, places[0], _cleaner(column))
            for column, places in self._places.items()
            if len(places) == 1
        ]
        self._several = [(c, places) for c, places in self._places.items() if len(places) > 1]
        self._readers = [(c, read) for c, read in _READERS.items() if c in self._places]
        self._names = [c for c in contact_columns.NAME_COLUMNS if c in self._places]

    def read(self, line: Line) -> ContactRow | RefusedLine:
        """The row that the line is, or what is wrong with it."""
        cells = self._cells(line.cells)
        values, problems = self._values(cells)
        name = _read_name(cells)
        problems += self._name_problems(name)
        self._read_phones(cells, values)
        problems += self._gaps(cells)
        if values.get("phone_problem") and not ("policy_number" in values and any(name)):
            problems.insert(0, self._problem("phone", cells, values["phone_problem"]))
        if problems:
            return RefusedLine(line, problems)
        return ContactRow(line.number, *name, **values)

    def refuse(self, line: Line, code: str) -> RefusedLine:
        """Refuse a row for what only the book can tell, in the column of the phone."""
        return RefusedLine(line, [self._problem("phone", self._cells(line.cells), code)])

    def _cells(self, line: Sequence[str]) -> dict[str, str]:
        """What the line says, by the kind of column; what is empty is missing."""
        width = len(line)
        if are_clean(line):
            cells = {
                column: cell
                for column, place, _clean in self._single
                if place < width and (cell := line[place])
            }
        else:
            cells = {
                column: cell
                for column, place, clean in self._single
                if place < width and (cell := clean(line[place]))
            }
        for column, places in self._several:
            found = [_cleaner(column)(line[place]) for place in places if place < width]
            if filled := list(filter(None, found)):
                joined_by = _JOINED_BY.get(column)
                cells[column] = filled[0] if joined_by is None else joined_by.join(filled)
        return cells

    def _values(self, cells: Mapping[str, str]) -> tuple[dict[str, Any], list[RowProblem]]:
        values: dict[str, Any] = {}
        problems = []
        for column, read in self._readers:
            if column in cells:
                try:
                    values[column] = read(cells[column])
                except CellError as error:
                    problems.append(self._problem(column, cells, error.code, error.limit))
        return values, problems

    def _read_phones(self, cells: Mapping[str, str], values: dict[str, Any]) -> None:
        """The first mobile is for SMS; all others, of any column, are kept beside it."""
        cell = cells.get("phone", "")
        if "other_phones" not in cells and (plain := phones.plain_mobile(cell)):
            values["phone"], values["other_phones"] = plain, ()
            return
        try:
            values["phone"] = phones.parse_mobile(cell)
        except PhoneError as error:
            values["phone_problem"] = error.code
        others = phones.parse_others(cell) if cell else []
        if "other_phones" in cells:
            others += phones.parse_others(cells["other_phones"])
        own = phones.format_phone(values.get("phone", ""))
        values["other_phones"] = tuple(dict.fromkeys(n for n in others if n != own))

    def _name_problems(self, name: ClientName) -> Iterator[RowProblem]:
        try:
            if not (name.last_name or name.company):
                raise CellError("no_name")
            for part, limit in zip(name, _NAME_LIMITS, strict=True):
                if part:
                    contact_values.read_text(part, limit)
        except CellError as error:
            value = " ".join(name).strip()
            yield RowProblem(self._places[self._names[0]][0], value, error.code, error.limit)

    def _gaps(self, cells: Mapping[str, str]) -> Iterator[RowProblem]:
        """Data of a policy, a vehicle or an instalment that cannot be stored, since it is not known of which."""
        if "policy_number" not in cells:
            for column in (*_POLICY, *_INSTALMENT):
                if column in cells:
                    yield self._problem(column, cells, "no_policy_number")
        if "registration_number" not in cells:
            for column in _VEHICLE:
                if column in cells:
                    yield self._problem(column, cells, "no_registration_number")
        given = [column for column in _INSTALMENT if column in cells]
        if given and not {"instalment_amount", "instalment_due"} <= set(given):
            yield self._problem(given[0], cells, "half_instalment")

    def _problem(
        self, column: str, cells: Mapping[str, str], code: str, limit: int | None = None
    ) -> RowProblem:
        place = self._places.get(column, [0])[0]
        return RowProblem(place, cells.get(column, ""), code, limit)


def _cleaner(column: str) -> Callable[[str], str]:
    return clean_lines if column == "notes" else clean_cell


def _read_name(cells: Mapping[str, str]) -> ClientName:
    """A person by own columns or else a column with the whole name; a company may come along."""
    first, last, company = (cells.get(part, "") for part in ClientName._fields)
    if first or last:
        return ClientName(client_names.recase(first), client_names.recase(last), company)
    for column, split in _NAME_READERS.items():
        if whole := cells.get(column):
            name = split(whole)
            return name._replace(company=company or name.company)
    return ClientName(company=company)
