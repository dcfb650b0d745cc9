"""What the wizard shows of an import before anything is stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.money import format_amount
from messaging.book_chunk import policy_kind
from messaging.contact_columns import LABELS, NAME_COLUMNS
from messaging.contact_rows import ContactRow, RefusedLine, RowProblem
from messaging.import_parts import refused_between, unpack_lines, unpack_rows
from messaging.models import ContactImport
from messaging.phones import format_phone

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NUM_EXAMPLES = 3
NUM_ROWS = 10


@dataclass(frozen=True, slots=True)
class ProblemCount:
    """How often one kind of problem was found in one column."""

    header: str
    reason: StrOrPromise
    count: int


@dataclass(frozen=True, slots=True)
class NamedProblem:
    """A problem with the header of its column."""

    line: int
    header: str
    value: str
    reason: StrOrPromise


def examples(contact_import: ContactImport) -> list[list[str]]:
    """For each column of the file the first cells that are filled in."""
    lines = unpack_lines(contact_import.parts.order_by("number")[0])
    found: list[list[str]] = []
    for place in range(len(contact_import.headers)):
        cells = (line.cells[place] for line in lines[:100] if place < len(line.cells))
        found.append(list(dict.fromkeys(filter(str.strip, cells)))[:NUM_EXAMPLES])
    return found


def first_rows(contact_import: ContactImport) -> tuple[list[StrOrPromise], list[list[str]]]:
    """Headers and cells of the first rows as they will be stored."""
    part = contact_import.parts.order_by("number")[0]
    rows = unpack_rows(part)[:NUM_ROWS]
    shown = [column for column in LABELS if column in contact_import.columns]
    shown = [column for column in shown if column not in NAME_COLUMNS]
    headers = [gettext_lazy("Client"), *(LABELS[column] for column in shown)]
    return headers, [[_name(row), *(_shown(row, column) for column in shown)] for row in rows]


def problem_counts(contact_import: ContactImport) -> list[ProblemCount]:
    """All kinds of problems, the most frequent first."""
    counts = [
        ProblemCount(
            header_of(contact_import, column), RowProblem(column, "", code, limit).reason, count
        )
        for column, code, limit, count in contact_import.problem_counts
    ]
    return sorted(counts, key=lambda item: -item.count)


def header_of(contact_import: ContactImport, column: int) -> str:
    """The header of a column counted from 0, or its number."""
    header: str = contact_import.headers[column]
    return header or _("column %(number)d") % {"number": column + 1}


def named_problems(contact_import: ContactImport, refused: RefusedLine) -> list[NamedProblem]:
    """The problems of a line in words."""
    return [
        NamedProblem(
            refused.line.number,
            header_of(contact_import, problem.column),
            problem.value,
            problem.reason,
        )
        for problem in refused.problems
    ]


class RefusedLines:
    """The refused lines of an import as a paginator takes them: a page is read from the parts that hold it."""

    def __init__(self, contact_import: ContactImport) -> None:
        self._import = contact_import

    def __len__(self) -> int:
        return self._import.num_refused

    def __getitem__(self, wanted: slice) -> list[list[NamedProblem]]:
        lines = refused_between(self._import, wanted.start, wanted.stop)
        return [named_problems(self._import, line) for line in lines]


def _name(row: ContactRow) -> str:
    person = " ".join(filter(None, (row.last_name, row.first_name)))
    return ", ".join(filter(None, (person, row.company)))


_FORMATS: dict[str, Callable[[Any], str]] = {
    "phone": format_phone,
    "policy_kind": lambda text: str(policy_kind(text).label),
    "premium": format_amount,
    "instalment_amount": format_amount,
}


def _shown(row: ContactRow, column: str) -> str:
    value = getattr(row, column)
    if value in ("", None) or value == ():
        return ""
    if column in _FORMATS:
        return _FORMATS[column](value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    return ", ".join(value) if isinstance(value, list | tuple) else str(value)
