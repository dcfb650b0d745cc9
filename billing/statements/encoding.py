"""Guess how the text of a Polish bank's file is encoded.

General detectors are wrong on every second such file; counting Polish letters is not.
"""

from __future__ import annotations

import codecs

_CANDIDATES = ("cp1250", "iso-8859-2", "cp852")
_POLISH = frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ")
# PKO BP writes this byte into fields without a value.
_FILLER = b"\xff"


def decode(data: bytes) -> str:
    """Decode by byte order mark, as strict UTF-8, or by the encoding that yields Polish letters.

    Never fails: bytes that no encoding knows become replacement characters.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    data = data.removeprefix(codecs.BOM_UTF8).replace(_FILLER, b"")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(_likeliest(data), errors="replace")


def _likeliest(data: bytes) -> str:
    beyond_ascii = bytes(byte for byte in data if byte > 0x7F)
    return max(_CANDIDATES, key=lambda name: _score(beyond_ascii.decode(name, errors="replace")))


def _score(text: str) -> int:
    return sum(_worth(character) for character in text)


def _worth(character: str) -> int:
    if character in _POLISH:
        return 2
    return -5 if character < "\xa0" else -3
