"""Counting and cutting SMS parts (GSM 03.38 / 3GPP 23.038, sizes by 3GPP 23.040).

A text that the GSM alphabet can write is packed in septets: 160 in a single part, 153 in each part
of a longer one (a 6-byte header takes seven). Any other text is sent as UCS-2, in UTF-16 units:
70 in a single part, else 67. A character of two units is never split over two parts.

Texts come from decoded UTF-8, so none holds a lone surrogate.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

# The characters of GSM 03.38 that cost one septet. ESC is a code of the table, not a character.
BASIC_CHARACTERS = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Those of the extension table: an escape and a code, two septets.
EXTENSION_CHARACTERS = "^{}\\[~]|€\f"
GSM_CLASS = re.escape(BASIC_CHARACTERS + EXTENSION_CHARACTERS)

_NOT_GSM = re.compile(f"[^{GSM_CLASS}]")
_ASCII_BASIC = BASIC_CHARACTERS.encode("ascii", "ignore")
_ASCII_EXTENSION = EXTENSION_CHARACTERS.encode("ascii", "ignore")
# Stands for the first unit of a two-unit character; cannot occur in decoded text.
_FIRST_HALF = "\ud800"


class Encoding(NamedTuple):
    """How a text travels: its name, the units of a single part and of each of several parts."""

    name: str
    units_in_single: int
    units_in_part: int
    two_unit_character: re.Pattern[str]


GSM_7 = Encoding("GSM-7", 160, 153, re.compile(f"[{re.escape(EXTENSION_CHARACTERS)}]"))
UCS_2 = Encoding("UCS-2", 70, 67, re.compile("[\U00010000-\U0010ffff]"))


@dataclass(frozen=True, slots=True)
class Measure:
    """Size of a text: `units` are septets (GSM-7) or UTF-16 units (UCS-2).

    `units_left` is what still fits into the last part; padding before a character that was moved
    to the next part is counted neither there nor in `units`.
    """

    encoding: str
    units: int
    parts: int
    units_left: int


def is_gsm(text: str) -> bool:
    """True if GSM 03.38 has every character of the text."""
    return _weigh(text)[0] is GSM_7


def count_parts(text: str) -> int:
    """Number of parts that the text is sent and charged as; an empty text has none."""
    encoding, units = _weigh(text)
    if units <= encoding.units_in_single:
        return 1 if units else 0
    if units == len(text):
        return -(-units // encoding.units_in_part)
    return len(_part_starts(_mark_halves(text, encoding), encoding))


def measure(text: str) -> Measure:
    """Everything that a counter beside a text shows."""
    encoding, units = _weigh(text)
    if units <= encoding.units_in_single:
        return Measure(encoding.name, units, 1 if units else 0, encoding.units_in_single - units)
    starts = _part_starts(_mark_halves(text, encoding), encoding)
    units_left = encoding.units_in_part - (units - starts[-1])
    return Measure(encoding.name, units, len(starts), units_left)


def split_parts(text: str) -> list[str]:
    """The text cut where the network cuts it; joined again, the parts are the text."""
    encoding, units = _weigh(text)
    if units <= encoding.units_in_single:
        return [text] if text else []
    marked = _mark_halves(text, encoding)
    borders = [*_part_starts(marked, encoding), len(marked)]
    return [marked[start:end].replace(_FIRST_HALF, "") for start, end in pairwise(borders)]


def _weigh(text: str) -> tuple[Encoding, int]:
    """The encoding a text needs and its units. Runs for every message of a campaign."""
    if text.isascii():
        rest = text.encode().translate(None, _ASCII_BASIC)
        if not rest:
            return GSM_7, len(text)
        if not rest.translate(None, _ASCII_EXTENSION):
            return GSM_7, len(text) + len(rest)
        return UCS_2, len(text)
    if _NOT_GSM.search(text):
        return UCS_2, len(text.encode("utf-16-le")) // 2
    return GSM_7, len(text) + len(GSM_7.two_unit_character.findall(text))


def _mark_halves(text: str, encoding: Encoding) -> str:
    """The text with as many characters as units: a mark, then the character, for two units."""
    return encoding.two_unit_character.sub(_FIRST_HALF + r"\g<0>", text)


def _part_starts(marked: str, encoding: Encoding) -> list[int]:
    """Where each part begins, in units; no part ends between the halves of a character."""
    starts = [0]
    end = encoding.units_in_part
    while end < len(marked):
        if marked[end - 1] == _FIRST_HALF:
            end -= 1
        starts.append(end)
        end += encoding.units_in_part
    return starts
