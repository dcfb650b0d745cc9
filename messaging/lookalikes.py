"""Whether a sender name looks like a reserved word, as a client's quick eye reads it; no database.

A word becomes a pattern in which each letter also stands for what looks like it (0 for O, rn for m) and may be
doubled. The characters that part words (space, dot, hyphen) count for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache

# From this length on a word is also found in the middle of a longer one: shorter ones occur in honest names.
LONG = 5
# Shorter ones are what companions leave of honest names: "Alertum" is no "UM".
SHORTEST_IN_COMPANY = 3

# What a letter or digit of a reserved word may be replaced by. A digit of the word stands for itself alone where the
# letter like it is no disguise: "Linka" is not "Link4".
_LOOKS_LIKE = {
    "a": "a4",
    "b": "b86",
    "c": "c",
    "d": "d",
    "e": "e3",
    "g": "g69q",
    "i": "i1lj",
    "j": "ji",
    "l": "l1i",
    "o": "o0",
    "q": "q9g",
    "s": "s5",
    "t": "t7",
    "u": "uv",
    "v": "vu",
    "z": "z2",
    "0": "0o",
    "1": "1il",
    "2": "2z",
    "5": "5s",
    "8": "8b",
}
_PAIRS = {"m": "rn", "w": "vv", "d": "cl"}

# Beside the word itself they change nothing: "PlusGSM", "ZUS24" and "info.pzu.pl" are still taken for them.
_COMPANIONS = (
    *("24", "sms", "gsm", "info", "online", "mobile", "bank", "kod", "alert", "pay", "pl", "com"),
    *("www", "eu", "polska", "sa", "tu", "tuir", "kurier", "app", "net", "gov", "bok"),
)
# Where one word ends and the next begins: also at a capital letter and at a digit.
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


class Reach(StrEnum):
    """How far a reserved word reaches."""

    NAME = "name"  # only as the whole name, companions beside it allowed
    WORD = "word"  # also as one of the name's words
    PART = "part"  # also inside a longer word; a short one only at its beginning or end


def looks_like(name: str, word: str, reach: Reach) -> bool:
    """Whether the name would be taken for the reserved word."""
    disguised = _disguised(word)
    if any(disguised.fullmatch(whole) for whole in _wholes(name, word)):
        return True
    if reach is Reach.NAME:
        return False
    if any(disguised.fullmatch(run) for run in _runs(name)):
        return True
    return reach is Reach.PART and any(_holds(chunk, word, disguised) for chunk in _chunks(name))


# The list is compared with each name that somebody types: it must not be compiled each time.
@lru_cache(maxsize=4096)
def _disguised(word: str) -> re.Pattern[str]:
    """What looks like the word, in lower case."""
    letters = re.sub(r"(.)\1+", r"\1", _letters(word))
    return re.compile("".join(_letter(letter) for letter in letters))


def _letters(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", text.lower())


def _wholes(name: str, word: str) -> Iterator[str]:
    """The whole name, and what is left of it without a companion before and behind."""
    letters = _letters(name)
    if len(_letters(word)) < SHORTEST_IN_COMPANY:
        yield letters
        return
    for before in ("", *filter(letters.startswith, _COMPANIONS)):
        rest = letters.removeprefix(before)
        for behind in ("", *filter(rest.endswith, _COMPANIONS)):
            yield rest.removesuffix(behind)


def _letter(letter: str) -> str:
    single = f"[{_LOOKS_LIKE.get(letter, letter)}]"
    return f"(?:{single}|{_PAIRS[letter]})+" if letter in _PAIRS else f"{single}+"


def _runs(name: str) -> Iterator[str]:
    """The words of the name, and neighbouring ones taken together: P.Z.U is read as one."""
    words = [word.lower() for word in _WORDS.findall(name)]
    for start in range(len(words)):
        for end in range(start, len(words)):
            yield "".join(words[start : end + 1])


def _chunks(name: str) -> list[str]:
    return [chunk for chunk in re.split(r"[^0-9a-z]+", name.lower()) if chunk]


def _holds(chunk: str, word: str, disguised: re.Pattern[str]) -> bool:
    if len(_letters(word)) >= LONG:
        return disguised.search(chunk) is not None
    ends = (chunk[start:] for start in range(len(chunk)))
    return disguised.match(chunk) is not None or any(map(disguised.fullmatch, ends))
