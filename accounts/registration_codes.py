"""The registration code an agency writes in a transfer title, so that its payment finds it.

New codes are eight Crockford base32 characters, the last one a Luhn mod 32 check character. Codes
issued by the desktop program have other shapes; they are stored and compared folded, like ours.
"""

from __future__ import annotations

import secrets
import unicodedata

from stdnum import luhn

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
# Account, telephone and invoice numbers are runs of digits: a code with letters is not one of them.
MIN_LETTERS = 2

# Of a code that another program issued: shorter ones get hit by chance, longer ones get mistyped.
FOREIGN_LENGTH = (6, 20)

# NFKD takes the tails off the other Polish letters, but knows no parts of ł.
_WITHOUT_STROKE = str.maketrans("łŁ", "lL")
_LOOK_ALIKES = str.maketrans("OIL", "011")
_PUNCTUATION = {code: None for code in range(128) if not chr(code).isalnum()}


def generate() -> str:
    """Draw a new code of 8 characters, folded; whether it is already taken is up to the caller."""
    while True:
        body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
        code = body + str(luhn.calc_check_digit(body, ALPHABET))
        if sum(character.isalpha() for character in code) >= MIN_LETTERS:
            return code


def fold(text: str) -> str:
    """Reduce text to what survives typing and bank systems: upper-case ASCII letters and digits.

    Diacritics, spaces and punctuation go; O becomes 0, I and L become 1. Folding twice changes
    nothing.
    """
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.translate(_WITHOUT_STROKE))
        text = decomposed.upper().encode("ascii", "ignore").decode("ascii")
    return text.upper().translate(_PUNCTUATION).translate(_LOOK_ALIKES)


def format_code(code: str) -> str:
    """Write a code for people: 7K3M9QW3 as 7K3M-9QW3; a code of another length stays as it is."""
    return f"{code[:4]}-{code[4:]}" if len(code) == LENGTH else code


# What payers write around a code.
_USUAL_TITLE = "doładowanie konta SMS, kod rejestracyjny programu AGENT.m6, m6 Soft Plus, MPS"


def is_findable(typed: str) -> bool:
    """Tell whether a code that another program issued, as typed, can be told from the rest of a transfer's title.

    It needs letters, or account and invoice numbers would pass for it; digits, or words would; and must not
    stand in every title anyhow.
    """
    folded = fold(typed)
    shortest, longest = FOREIGN_LENGTH
    return (
        shortest <= len(folded) <= longest
        and any(character.isalpha() for character in folded)
        and any(character.isdigit() for character in typed)
        and folded not in fold(_USUAL_TITLE)
    )


def is_valid(code: str) -> bool:
    """Tell whether the text, however typed, has the shape and the check character of our codes."""
    folded = fold(code)
    return len(folded) == LENGTH and bool(luhn.is_valid(folded, ALPHABET))
