"""Comparing words as people mean them: without case, accents and punctuation."""

from __future__ import annotations

import re
import unicodedata

_NOT_WORD = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """`Nr rej.` and `NR_REJ` both give `nr rej`: lower-case ASCII words parted by one space."""
    # ł does not decompose.
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("ł", "l"))
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _NOT_WORD.sub(" ", letters).strip()
