"""Cut the text of an MT940 file into tagged fields and group them by statement."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from billing.statements.rows import Refusal, StatementError

_TAG = re.compile(r":(\d\d[A-Z]?|NS):")
# "-" ends a statement, "-}" a SWIFT envelope, whose blocks look like "{1:F01...".
_END = re.compile(r"-\s*$|-\}|\{\d?")
# mBank CompanyNet wraps text with labels like these at blanks, and keeps the blank.
_PAYERS_WORDS = re.compile(r";\s*(?:OD|DLA|TYT\.)\s*:", re.IGNORECASE)
# Some banks wrap each statement in SOH and ETX; DOS programs end files with Ctrl-Z.
_FRAMING = dict.fromkeys(map(ord, "\x01\x02\x03\x04\x1a"))


@dataclass(slots=True)
class Field:
    """A tag and its lines (the tag itself cut off) from a line of the file on, counted from 1."""

    tag: str
    line_number: int
    lines: list[str]

    @property
    def raw(self) -> str:
        """The field as it stands in the file."""
        return f":{self.tag}:" + "\n".join(self.lines).rstrip()


@dataclass(slots=True)
class Block:
    """The fields of one statement; `ended` tells whether an end mark stands behind the last."""

    fields: list[Field] = field(default_factory=list)
    ended: bool = False

    def only(self, *tags: str) -> str | None:
        """Return the first line of the one field with such a tag, or None.

        Raises StatementError when there are two: then two statements have run together.
        """
        found = [each for each in self.fields if each.tag in tags]
        if len(found) > 1:
            raise StatementError(Refusal.DAMAGED)
        return found[0].lines[0].strip() if found else None


def looks_like_mt940(text: str) -> bool:
    """Tell whether any line begins with a tag that statements are made of."""
    return any(re.match(r":(20|25|28C?|60[FM]|61):", line) for line in _lines(text))


def split_statements(text: str) -> list[Block]:
    """Group the fields by statement; raises StatementError when one stands before the first."""
    blocks: list[Block] = []
    for each in _fields(text):
        if each.tag == "20":
            blocks.append(Block())
        if not blocks:
            raise StatementError(Refusal.DAMAGED)
        blocks[-1].fields.append(each)
    for block in blocks:
        block.ended = _take_off_end_marks(block.fields[-1].lines)
    return blocks


def _lines(text: str) -> list[str]:
    return text.translate(_FRAMING).replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _fields(text: str) -> Iterator[Field]:
    current: Field | None = None
    for number, line in enumerate(_lines(text), start=1):
        tag = _TAG.match(line)
        if tag and not _is_wrapped(current):
            if current:
                yield current
            current = Field(tag[1], number, [line[tag.end() :]])
        elif current:
            current.lines.append(line)
    if current:
        yield current


def _is_wrapped(field_so_far: Field | None) -> bool:
    """Tell whether the next line is still text, even where it begins like a field.

    Otherwise a payer could write ":61:" into a title, at the right distance, and so book a line.
    """
    if field_so_far is None or not field_so_far.lines[-1].endswith(" "):
        return False
    return _PAYERS_WORDS.search("".join(field_so_far.lines)) is not None


def _take_off_end_marks(lines: list[str]) -> bool:
    """A lone "-" further up is text: banks wrap titles at dashes, too."""
    ended = False
    while len(lines) > 1 and (not lines[-1].strip() or _END.match(lines[-1])):
        ended |= bool(lines.pop().strip())
    return ended
