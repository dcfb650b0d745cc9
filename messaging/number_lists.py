"""Reading a list of numbers that somebody pasted or uploaded: one or several in a line, whatever stands around them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from messaging.phones import PhoneError, parse_mobile

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MAX_NUMBERS = 50_000
# Bytes of a file, characters of a text.
MAX_SIZE = 2 * 1024 * 1024

_SEPARATORS = re.compile(r"[,;|\t]")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that has digits and no mobile number."""

    number: int
    text: str
    reason: StrOrPromise


@dataclass(slots=True)
class NumberList:
    """The numbers (E.164), each once, and the lines that hold none although they look like it."""

    phones: list[str] = field(default_factory=list)
    bad: list[BadLine] = field(default_factory=list)


def read_numbers(text: str) -> NumberList:
    """Lines without a digit (a header, an empty one) say nothing. A row of a CSV may hold other things than numbers."""
    found = NumberList()
    phones: dict[str, None] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not _DIGIT.search(line):
            continue
        try:
            phones |= dict.fromkeys(_mobiles(line))
        except PhoneError as error:
            found.bad.append(BadLine(number, line.strip()[:60], error.message))
    found.phones = list(phones)
    return found


def decode(content: bytes) -> str:
    """A text file of any Polish program; what is none of its characters is replaced. Raises ValueError for others."""
    if b"\0" in content:
        raise ValueError("not a text file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1250", "replace")


def _mobiles(line: str) -> list[str]:
    """All mobile numbers of the line. Raises PhoneError with why its first number is none, if there is no other."""
    phones: list[str] = []
    first_error: PhoneError | None = None
    for piece in _SEPARATORS.split(line):
        if _DIGIT.search(piece):
            try:
                phones.append(parse_mobile(piece))
            except PhoneError as error:
                first_error = first_error or error
    if not phones and first_error:
        raise first_error
    return phones
