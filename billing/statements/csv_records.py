"""Records of a CSV file one after the other, each with the text that it stands as in the file."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from billing.statements.rows import Refusal, StatementError

_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\r|\n|\Z)")


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the CSV; `raw` is its text from line `line_number` of the file on."""

    line_number: int
    cells: list[str]
    raw: str

    def is_blank(self) -> bool:
        return not any(self.cells)

    def cell(self, column: int) -> str:
        """The cell of a column, "" where the record is too short for it."""
        return self.cells[column] if column < len(self.cells) else ""


def records_of(text: str, separator: str) -> Iterator[Record]:
    """Read one by one: a year's statement as lists of cells takes ten times its size.

    Raises StatementError on the way when the file is no CSV.
    """
    read: list[str] = []

    def lines() -> Iterator[str]:
        for line in lines_of(text):
            read.append(line)
            yield f"{line}\n"

    reader = csv.reader(lines(), delimiter=separator)
    try:
        for cells in reader:
            raw = "\n".join(read)
            yield Record(reader.line_num - len(read) + 1, [cell.strip() for cell in cells], raw)
            read.clear()
    except csv.Error as error:
        raise StatementError(Refusal.DAMAGED) from error


def lines_of(text: str) -> Iterator[str]:
    """One by one, without their ends, whichever of them a bank uses."""
    return (match[1] for match in _LINE.finditer(text))
