"""Writing a text with the characters of GSM 03.38.

Polish letters and the typographic characters of word processors would make the whole message
UCS-2 and more than double its price, so they are replaced before counting and sending.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from messaging.segments import GSM_CLASS, is_gsm

_POLISH_LETTERS = dict(zip("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "acelnoszzACELNOSZZ", strict=True))
_TYPOGRAPHY = {
    **dict.fromkeys("„“”«»″", '"'),
    **dict.fromkeys("‚‘’′`´", "'"),
    **dict.fromkeys("–—‒―−‐‑•", "-"),
    **dict.fromkeys("\t\u00a0\u202f\u2009\u2002\u2003", " "),
    **dict.fromkeys("\u2028\u2029", "\n"),
    "…": "...",
    "×": "x",
    "№": "nr",
    "°": " st.",
    "½": "1/2",
    "\u2044": "/",
}
# Zero width space, word joiner, byte order mark, soft hyphen, and the direction marks that come
# along when a number is copied from a list of contacts.
_INVISIBLE = dict.fromkeys("\u200b\u2060\ufeff\u00ad\u200e\u200f\u202a\u202b\u202c\u202d\u202e", "")
_TIDIED = {**_TYPOGRAPHY, **_INVISIBLE}
_TIDYING = str.maketrans(_TIDIED)
_REPLACEMENTS = {**_POLISH_LETTERS, **_TIDIED}

_MARKS = "\u0300-\u036f\ufe0e\ufe0f"  # combining accents, and the selectors of an emoji's style
_MARK = re.compile(f"[{_MARKS}]")
_NOT_GSM = re.compile(f"[^{GSM_CLASS}]")
_NOT_GSM_WITH_MARKS = re.compile(f"[^{_MARKS}]?[{_MARKS}]+|[^{GSM_CLASS}]")


@dataclass(frozen=True, slots=True)
class Replacement:
    """A character that may not be sent, as written at `position` (an index into the text).

    `character` has its combining accents with it. An empty `replacement` offers to leave the
    character out; None means that there is none to offer (an emoji, another alphabet).
    """

    position: int
    character: str
    replacement: str | None


@dataclass(frozen=True, slots=True)
class Tidied:
    """A typographic character that was replaced, and how often."""

    character: str
    replacement: str
    count: int


def normalise(text: str) -> str:
    """The text as it is sent; a second time changes nothing.

    What has no replacement stays: better the price of UCS-2 than a lost letter. Accented letters
    that GSM 03.38 has (ü, ö, ä, ñ, à, è, é...) stay too. Lines end with LF.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if is_gsm(text):
        return text
    composed = unicodedata.normalize("NFC", text)
    replaced = _NOT_GSM.sub(lambda match: _gsm_spelling(match[0]), composed)
    # Dropping an invisible character can bring two together that compose.
    return unicodedata.normalize("NFC", replaced)


def tidy_typography(text: str) -> tuple[str, list[Tidied]]:
    """The text without what word processors put into it: quotes, dashes, hard and invisible spaces.

    Polish letters and all else that GSM 03.38 lacks stay, for their author to decide about. Lines end with LF.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if is_gsm(text):
        return text, []
    text = unicodedata.normalize("NFC", text)
    counts = Counter(filter(_TIDIED.__contains__, text))
    tidied = [Tidied(found, _TIDIED[found], count) for found, count in counts.items()]
    return text.translate(_TIDYING), tidied


def find_replacements(text: str) -> list[Replacement]:
    """Every character that GSM 03.38 lacks, Polish letters among them, in the order of the text."""
    return [
        Replacement(match.start(), match[0], _offered_replacement(match[0]))
        for match in _NOT_GSM_WITH_MARKS.finditer(text)
    ]


def _offered_replacement(character: str) -> str | None:
    spelling = normalise(character)
    return spelling if is_gsm(spelling) else None


@lru_cache(maxsize=4096)
def _gsm_spelling(character: str) -> str:
    """What stands for a character that GSM lacks; the character itself if nothing can."""
    if character in _REPLACEMENTS:
        return _REPLACEMENTS[character]
    base = _MARK.sub("", unicodedata.normalize("NFKD", character))
    spelling = "".join(_REPLACEMENTS.get(letter, letter) for letter in base)
    return spelling if is_gsm(spelling) else character
