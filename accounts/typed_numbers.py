"""Whole numbers in what browsers send: ids, places in a list, amounts. Anybody can write anything there."""

from __future__ import annotations

# Digits of the largest number that both databases can hold.
MAX_DIGITS = 18


def whole_number(text: str | None, max_digits: int = MAX_DIGITS) -> int | None:
    """The number that the text is, of ASCII digits alone; None for all else, and for what no row can be called."""
    if text and text.isascii() and text.isdecimal() and len(text) <= max_digits:
        return int(text)
    return None
