"""From day to day: the two fields of every list that is narrowed to days."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

# Days outside of it are slips of the keyboard, and at the ends of the calendar no database counts on.
_DAYS = (date(2000, 1, 1), date(2999, 12, 31))


class DayField(forms.DateField):
    """A day that may be left out, with the browser's calendar."""

    def __init__(self, label: Any) -> None:
        super().__init__(
            label=label,
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            validators=[
                MinValueValidator(_DAYS[0], _("Give a day after the year 2000.")),
                MaxValueValidator(_DAYS[1], _("Give a day before the year 3000.")),
            ],
        )


class DayRangeForm(forms.Form):
    """`since` and `until`, in this order."""

    since = DayField(_("From day"))
    until = DayField(_("To day"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            raise ValidationError(
                {"until": ValidationError(_("This is before the first day."), code="order")}
            )
        return cleaned
