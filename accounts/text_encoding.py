"""Guess how a Polish text file is encoded: a bank's statement, a spreadsheet of clients.

General detectors are wrong on every second such file; counting Polish letters is not.
"""

from __future__ import annotations

import codecs
from typing import NamedTuple

# Those that can be meant, by their names in Python and as people know them.
ENCODINGS = {
    "utf-8": "UTF-8",
    "cp1250": "Windows-1250",
    "iso-8859-2": "ISO-8859-2",
    "cp852": "CP852 (DOS)",
}
_OLD = ("cp1250", "iso-8859-2", "cp852")
_ASCII = bytes(range(128))
_POLISH = frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ")
# What people type beside letters proves nothing against an encoding.
_TYPOGRAPHY = frozenset("„”’–—…§°€\xa0")
# So many Polish letters for each other one, and nobody need look.
_SURE = 4
# PKO BP writes this byte into fields without a value.
_FILLER = b"\xff"


class Decoded(NamedTuple):
    """A text, the encoding that it was read in, and whether that is more than a guess."""

    text: str
    encoding: str
    is_certain: bool


def decode(data: bytes, encoding: str = "") -> Decoded:
    """Decode by the encoding that is given, by byte order mark, as strict UTF-8, or so that Polish letters come out.

    Never fails: bytes that no encoding knows become replacement characters.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Decoded(data.decode("utf-16", errors="replace"), "utf-16", is_certain=True)
    data = data.removeprefix(codecs.BOM_UTF8).replace(_FILLER, b"")
    if encoding:
        return Decoded(data.decode(encoding, errors="replace"), encoding, is_certain=True)
    try:
        return Decoded(data.decode("utf-8"), "utf-8", is_certain=True)
    except UnicodeDecodeError:
        beyond_ascii = data.translate(None, delete=_ASCII)
        spelled = {name: beyond_ascii.decode(name, errors="replace") for name in _OLD}
        likeliest = max(_OLD, key=lambda name: _score(spelled[name]))
        is_certain = _is_polish(spelled[likeliest])
        return Decoded(data.decode(likeliest, errors="replace"), likeliest, is_certain)


def spellings(data: bytes, max_lines: int = 3) -> dict[str, list[str]]:
    """The first lines with letters beyond ASCII, as each encoding spells them."""
    lines = [line for line in data.splitlines() if any(byte > 0x7F for byte in line)][:max_lines]
    return {name: [decode(line, name).text for line in lines] for name in ENCODINGS}


def _is_polish(beyond_ascii: str) -> bool:
    num_polish = sum(character in _POLISH for character in beyond_ascii)
    num_other = sum(
        character not in _POLISH and character not in _TYPOGRAPHY for character in beyond_ascii
    )
    return num_polish >= _SURE * num_other


def _score(text: str) -> int:
    return sum(_worth(character) for character in text)


def _worth(character: str) -> int:
    if character in _POLISH:
        return 2
    return -5 if character < "\xa0" else -3
