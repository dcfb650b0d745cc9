"""The phone of an agency's office, as its clients read it in messages and call it back."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_ALLOWED = re.compile(r"\+?[0-9 ()-]+")
# E.164 has at most fifteen; no country's numbers with its own are shorter than eight.
_FOREIGN_DIGITS = range(8, 16)


class OfficePhoneField(forms.CharField):
    """A phone of any kind, kept in the spelling in which it was typed: it is read by people."""

    default_error_messages = {"invalid": _("Write the phone number in digits, e.g. 601 234 567.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Office phone"),
            max_length=16,
            help_text=_("Clients see it in your messages, e.g. 601 234 567."),
            widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        """Raises ValidationError for what nobody can call."""
        text: str = super().clean(value)
        if not _ALLOWED.fullmatch(text) or not _can_be_called(text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return text


def _can_be_called(text: str) -> bool:
    """Nine digits without a 0 before them, or a number with its country's."""
    digits = "".join(filter(str.isdecimal, text))
    whole = digits.removeprefix("00")
    if whole.startswith("48") and len(whole) != 9:
        return len(whole) == 11
    if text.startswith("+") or digits != whole:
        return len(whole) in _FOREIGN_DIGITS
    return len(digits) == 9 and not digits.startswith("0")
