"""Comparing words as people mean them: without case, accents and punctuation."""

from __future__ import annotations

import re
import unicodedata

_NOT_WORD = re.compile(r"[^a-z0-9]+")
# ł does not decompose; the others only save the way through decomposition, which is five times as long.
_POLISH = str.maketrans("ąćęłńóśźż", "acelnoszz")


def fold(text: str) -> str:
    """`Nr rej.` and `NR_REJ` both give `nr rej`: lower-case ASCII words parted by one space."""
    letters = text.lower()
    if not letters.isascii():
        letters = letters.translate(_POLISH)
    if not letters.isascii():
        decomposed = unicodedata.normalize("NFKD", letters)
        letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    if letters.isalnum() and letters.isascii():
        return letters
    return _NOT_WORD.sub(" ", letters).strip()
