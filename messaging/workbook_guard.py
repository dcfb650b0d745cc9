"""Looking through an XLSX file before openpyxl reads it, in constant memory.

openpyxl builds trees of what it reads and trusts what it finds: a file of kilobytes can make it fill any memory. So
every part is first streamed through expat, which only counts.
"""

from __future__ import annotations

import io
import re
from typing import Any
from xml.parsers import expat
from zipfile import ZipFile, ZipInfo

from messaging.contact_file_errors import ContactFileError

# Bytes of a part, unpacked. 50,000 rows of 40 cells take 100 MB of XML.
MAX_SHEET_SIZE = 160 * 1024 * 1024
# openpyxl keeps these in memory as a whole.
MAX_STRINGS_SIZE = 64 * 1024 * 1024
MAX_OTHER_SIZE = 16 * 1024 * 1024
MAX_SIZE = 400 * 1024 * 1024
MAX_PARTS = 2000
# Workbooks of our kind pack to a tenth or twentieth. Below the floor nobody asks.
MAX_RATIO = 150
RATIO_FLOOR = 10 * 1024 * 1024

# Elements: rows; shared strings; cells in all and of a row; inside one row or string; outside of them.
MAX_ROWS = 200_000
MAX_STRINGS = 1_000_000
MAX_CELLS = 2_500_000
MAX_CELLS_IN_ROW = 1000
MAX_INSIDE = 10_000
# One for each linked e-mail address is usual.
MAX_OUTSIDE = 120_000
# openpyxl makes large objects of these.
MAX_OUTSIDE_IN_STYLES = 60_000
# Characters of one text; bytes of one tag.
MAX_TEXT = 100_000
MAX_TAG = 1024 * 1024

_BLOCK = 64 * 1024
_MERGED = re.compile(r"[A-Z]{1,3}\d{1,7}:[A-Z]{1,3}(\d{1,7})")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
_ROW, _CELL, _STRING, _MERGE = (_MAIN + name for name in ("row", "c", "si", "mergeCell"))
_MACROS = b"macroEnabled"
# "Strict Open XML" has names of its own, which openpyxl does not know.
_STRICT = b"purl.oclc.org/ooxml/spreadsheetml"


def check_workbook(data: bytes) -> int:
    """Refuse what openpyxl should not read. Returns the last row of merged cells (0: none).

    Raises ContactFileError.
    """
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            parts = _check_parts(archive, len(data))
            return max((_scan(archive, part) for part in parts), default=0)
    except ContactFileError:
        raise
    # zipfile and expat have a dozen ways to say that content is damaged, encrypted or unknown.
    except Exception:
        raise ContactFileError("broken_workbook") from None


def _check_parts(archive: ZipFile, size: int) -> list[ZipInfo]:
    """By the table of contents: what kind of archive it is, and how large. Returns the parts that hold XML."""
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise ContactFileError("other_workbook")
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        raise ContactFileError("archive")
    unpacked = sum(part.file_size for part in parts)
    is_swollen = unpacked > RATIO_FLOOR and unpacked > MAX_RATIO * size
    if is_swollen or unpacked > MAX_SIZE or len(parts) > MAX_PARTS:
        raise ContactFileError("swollen")
    if any(part.file_size > _max_size(part.filename) for part in parts):
        raise ContactFileError("swollen")
    if "xl/vbaProject.bin" in names or _MACROS in archive.read("[Content_Types].xml"):
        raise ContactFileError("macros")
    if _STRICT in archive.read("xl/workbook.xml"):
        raise ContactFileError("other_workbook")
    return [part for part in parts if part.filename.endswith((".xml", ".rels"))]


def _max_size(name: str) -> int:
    if name.startswith("xl/worksheets/"):
        return MAX_SHEET_SIZE
    return MAX_STRINGS_SIZE if name == "xl/sharedStrings.xml" else MAX_OTHER_SIZE


def _scan(archive: ZipFile, part: ZipInfo) -> int:
    """Stream a part through the counter. Returns the last row of its merged cells."""
    is_styles = part.filename == "xl/styles.xml"
    scanner = _Scanner(MAX_OUTSIDE_IN_STYLES if is_styles else MAX_OUTSIDE)
    fed = 0
    with archive.open(part) as stream:
        while block := stream.read(_BLOCK):
            scanner.parser.Parse(block)
            fed += len(block)
            # It goes on only behind a tag that ends.
            if fed - scanner.parser.CurrentByteIndex > MAX_TAG:
                raise ContactFileError("swollen")
    scanner.parser.Parse(b"", True)
    return scanner.last_merged


class _Scanner:
    """Counts a part's elements and characters, and refuses too many of them.

    Of what is inside a row or a string openpyxl keeps nothing once that has ended; all the rest piles up.
    """

    def __init__(self, max_outside: int) -> None:
        self.last_merged = 0
        self._max_outside = max_outside
        self._rows = self._strings = self._cells = self._outside = 0
        self._is_inside = False
        self._inside = self._cells_in_row = self._length = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._on_start
        self.parser.EndElementHandler = self._on_end
        self.parser.CharacterDataHandler = self._on_text
        self.parser.StartDoctypeDeclHandler = self._on_doctype

    def _on_doctype(self, *_declaration: Any) -> None:
        """Entities live in document types; no spreadsheet program writes one."""
        raise ContactFileError("broken_workbook")

    def _on_text(self, text: str) -> None:
        self._length += len(text)
        if self._length > MAX_TEXT:
            raise ContactFileError("swollen")

    def _on_end(self, name: str) -> None:
        if name in (_ROW, _STRING):
            self._is_inside = False

    def _on_start(self, name: str, attributes: dict[str, str]) -> None:
        self._length = 0
        if self._is_inside:
            self._inside += 1
            if name == _CELL:
                self._on_cell()
            elif self._inside > MAX_INSIDE:
                raise ContactFileError("swollen")
        elif name in (_ROW, _STRING):
            self._on_container(name)
        else:
            self._on_other(name, attributes)

    def _on_cell(self) -> None:
        self._cells += 1
        self._cells_in_row += 1
        if self._cells_in_row > MAX_CELLS_IN_ROW:
            raise ContactFileError("too_many_columns")
        if self._cells > MAX_CELLS:
            raise ContactFileError("swollen")

    def _on_container(self, name: str) -> None:
        self._is_inside = True
        self._inside = self._cells_in_row = 0
        self._rows += name == _ROW
        self._strings += name == _STRING
        if self._rows > MAX_ROWS:
            raise ContactFileError("too_many_rows")
        if self._strings > MAX_STRINGS:
            raise ContactFileError("swollen")

    def _on_other(self, name: str, attributes: dict[str, str]) -> None:
        self._outside += 1
        if self._outside > self._max_outside:
            raise ContactFileError("swollen")
        if name == _MERGE and (merged := _MERGED.fullmatch(attributes.get("ref", ""))):
            self.last_merged = max(self.last_merged, int(merged[1]))
