"""Polish addresses as registers write them: one line, all capitals."""

from __future__ import annotations

import re
from typing import NamedTuple

# Digits and a hyphen, as a word of its own: 12-345 in "LOK. 112-3456" is none.
_POSTAL_CODE = re.compile(r"(?<![\w-])[0-9]{2}-[0-9]{3}(?![\w-])")
_ROMAN = re.compile(r"[IVX]{2,}")
_SMALL = {
    *("UL.", "AL.", "PL.", "OS.", "LOK.", "M.", "NR", "IM.", "GEN.", "KS.", "ŚW."),
    *("NAD", "POD", "PRZY", "K.", "I", "NA", "W", "Z", "ZE", "OD", "DO"),
}


class Address(NamedTuple):
    """Parts of an address; each may be empty."""

    street: str
    postal_code: str
    city: str


def split_address(line: str) -> Address:
    """Split "ul. Prosta 49, 00-838 Warszawa" at its last postal code. Without one all of it is the street."""
    codes = list(_POSTAL_CODE.finditer(line))
    if not codes:
        return Address(_trimmed(line), "", "")
    last = codes[-1]
    return Address(_trimmed(line[: last.start()]), last[0], _trimmed(line[last.end() :]))


def in_sentence_case(text: str) -> str:
    """Write capitals as people do: "AL. JANA PAWŁA II 12A" is "al. Jana Pawła II 12A".

    Text that is not all capitals stays as it is.
    """
    return " ".join(map(_word, text.split())) if text.isupper() else text


def _word(word: str) -> str:
    if word in _SMALL:
        return word.lower()
    if word[0].isdigit() or _ROMAN.fullmatch(word):
        return word
    return word.title()


def _trimmed(text: str) -> str:
    return text.strip(" ,;")
