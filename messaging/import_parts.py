"""Packing the parts of an import: what a file's lines were, what was read from them, why some were refused."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any

from messaging.contact_files import Line
from messaging.contact_rows import ContactRow, RefusedLine, RowProblem
from messaging.models import ContactImport, ContactImportPart

# Lines that one transaction brings into the book: on SQLite everybody else waits for it.
PART_SIZE = 1000

_DATES = (
    "birthday",
    "policy_starts_on",
    "policy_ends_on",
    "inspection_due",
    "instalment_due",
    "instalment_paid",
    "marketing_consent",
    "opted_out",
)
_DATE_PLACES = [ContactRow._fields.index(name) for name in _DATES]


def in_parts(lines: Iterator[Line]) -> Iterator[list[Line]]:
    """The lines, PART_SIZE at a time."""
    while part := list(islice(lines, PART_SIZE)):
        yield part


def pack_lines(lines: Sequence[Line]) -> bytes:
    """Cells as they stand in the file."""
    return _pack(lines)


def unpack_lines(part: ContactImportPart) -> list[Line]:
    """What pack_lines packed."""
    return [Line(number, cells) for number, cells in _unpack(part.lines)]


def pack_rows(rows: Sequence[ContactRow]) -> bytes:
    """Rows to store."""
    return _pack(rows)


def unpack_rows(part: ContactImportPart) -> list[ContactRow]:
    """What pack_rows packed."""
    return [_row(values) for values in _unpack(part.rows)]


def pack_refused(refused: Sequence[RefusedLine]) -> bytes:
    """Lines with their problems."""
    return _pack([[*item.line, item.problems] for item in refused])


def unpack_refused(part: ContactImportPart) -> list[RefusedLine]:
    """What pack_refused packed."""
    return [
        RefusedLine(Line(number, cells), [RowProblem(*problem) for problem in problems])
        for number, cells, problems in _unpack(part.refused)
    ]


def refused_lines(contact_import: ContactImport) -> Iterator[RefusedLine]:
    """All refused lines in the order of the file, a part in memory at a time."""
    for part in contact_import.parts.exclude(num_refused=0).order_by("number").iterator(1):
        yield from unpack_refused(part)


def refused_between(contact_import: ContactImport, start: int, end: int) -> list[RefusedLine]:
    """The refused lines from the one at `start` to before the one at `end`: a page of them."""
    numbers: list[int] = []
    first = before = 0
    counts = contact_import.parts.exclude(num_refused=0).order_by("number")
    for number, count in counts.values_list("number", "num_refused"):
        if before < end and before + count > start:
            first = first if numbers else before
            numbers.append(number)
        before += count
    found: list[RefusedLine] = []
    for part in contact_import.parts.filter(number__in=numbers).order_by("number"):
        found += unpack_refused(part)
    return found[start - first : end - first]


def _pack(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=date.isoformat)
    return zlib.compress(text.encode(), 1)


def _unpack(packed: bytes | memoryview) -> Any:
    return json.loads(zlib.decompress(packed)) if packed else []


def _row(values: list[Any]) -> ContactRow:
    # A row that was packed before a column was known ends earlier.
    for place in _DATE_PLACES:
        if place < len(values) and isinstance(values[place], str):
            values[place] = date.fromisoformat(values[place])
    return ContactRow(*values)
