"""Texts without the characters that nobody sees: they come along from web pages and PDF files."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms

_LINES = "\r\n"


def visible(text: str) -> str:
    """Without control characters, soft hyphens, marks of direction and the like; lines stay lines, tabs become spaces.

    PostgreSQL takes no NUL, nobody searches for a word with a soft hyphen in it, and a mark of direction turns around
    what others read.
    """
    if text.isprintable():
        return text
    return "".join(map(_seen, text))


def _seen(letter: str) -> str:
    if letter in _LINES:
        return letter
    if letter.isspace():
        return " "
    return "" if unicodedata.category(letter) in ("Cc", "Cf", "Cs") else letter


class VisibleCharField(forms.CharField):
    """A text as it is seen."""

    def to_python(self, value: Any) -> Any:
        """Before anything is checked, so that what is empty to the eye counts as empty."""
        return super().to_python(visible(value) if isinstance(value, str) else value)
