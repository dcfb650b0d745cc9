"""Reading the first sheet of an XLSX workbook as lines of text, whatever is in the file."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from messaging.contact_file_errors import ContactFileError
from messaging.workbook_guard import MAX_ROWS, check_workbook

_GROSZ = Decimal("0.01")
# Above them numbers are no quantities, and Decimal would refuse to round them.
_LARGEST = 1e15


@dataclass(frozen=True, slots=True)
class Sheet:
    """Numbered rows as text, and the last row with a merged cell (0: none)."""

    lines: Iterator[tuple[int, list[str]]]
    last_merged: int


def open_sheet(data: bytes) -> Sheet:
    """The first sheet. Raises ContactFileError, also while the lines are read.

    The guard comes first: openpyxl itself would read whatever it is given.
    """
    last_merged = check_workbook(data)
    return Sheet(_lines(data), last_merged)


def _lines(data: bytes) -> Iterator[tuple[int, list[str]]]:
    # A tenth of a second that only those wait who read workbooks.
    from openpyxl import load_workbook

    try:
        workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet = workbook.worksheets[0]
        # What the file says about its own size may be wrong.
        sheet.reset_dimensions()
        for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
            # openpyxl makes up the rows that a file leaves out, should there be a thousand million.
            if number > MAX_ROWS:
                raise ContactFileError("too_many_rows")
            yield number, list(map(_text, _without_empty_end(values)))
    except ContactFileError:
        raise
    # openpyxl stumbles over damaged files in as many ways as it reads them.
    except Exception:
        raise ContactFileError("broken_workbook") from None


def _without_empty_end(values: Sequence[Any]) -> Sequence[Any]:
    """A formatted but empty end of a row may be thousands of cells long."""
    end = len(values)
    while end and values[end - 1] is None:
        end -= 1
    return values[:end]


def _text(value: Any) -> str:
    """A cell's value as it would be typed: dates 2026-11-22, numbers with a point and at most two decimals."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _number(value: float) -> str:
    if not abs(value) < _LARGEST:
        return str(value)
    if value.is_integer():
        return str(int(value))
    return str(Decimal(repr(value)).quantize(_GROSZ, ROUND_HALF_UP))
