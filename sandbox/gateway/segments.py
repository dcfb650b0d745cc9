"""How many parts a text takes. Source: GSM 03.38 / 3GPP 23.038."""

from __future__ import annotations

import unicodedata

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("^{}\\[~]|€\f")  # two septets each

GSM_SIZES = (160, 153)  # septets in a single message, septets in each part of a longer one
UCS2_SIZES = (70, 67)  # UTF-16 units, likewise


def is_gsm(text: str) -> bool:
    """Tell whether the text can go out in the 7-bit alphabet."""
    return all(char in BASIC or char in EXTENSION for char in text)


def count_parts(text: str) -> int:
    """Return the number of parts; a two-septet character or a surrogate pair is never split."""
    if is_gsm(text):
        return _pack([2 if char in EXTENSION else 1 for char in text], GSM_SIZES)
    return _pack([2 if ord(char) > 0xFFFF else 1 for char in text], UCS2_SIZES)


def _pack(units: list[int], sizes: tuple[int, int]) -> int:
    single, part = sizes
    if sum(units) <= single:
        return 1
    parts, free = 1, part
    for unit in units:
        if unit > free:
            parts, free = parts + 1, part
        free -= unit
    return parts


def without_diacritics(text: str) -> str:
    """Return the text as `normalize=1` sends it: letters that are not GSM lose their marks."""
    plain = text.translate(str.maketrans("łŁ", "lL"))
    return "".join(char if is_gsm(char) else _base_letter(char) for char in plain)


def _base_letter(char: str) -> str:
    decomposed = unicodedata.normalize("NFKD", char)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
