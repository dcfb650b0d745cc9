"""Forms of messaging: they clean and normalise, and never write."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from messaging.phones import PhoneError, parse_mobile


class UnseenNumberInput(forms.TextInput):
    """A field that never comes back filled in, so that no page holds the number that was typed."""

    input_type = "tel"

    def format_value(self, value: Any) -> None:
        return None


class NumberSearchForm(forms.Form):
    """A client's whole number, which support got from the agency."""

    phone = forms.CharField(
        label=_("Client's whole number"),
        max_length=40,
        widget=UnseenNumberInput(attrs={"autocomplete": "off"}),
    )

    def clean_phone(self) -> str:
        try:
            return parse_mobile(self.cleaned_data["phone"])
        except PhoneError as error:
            raise ValidationError(error.message, code=error.code) from error
