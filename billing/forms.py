"""Forms about money: they clean and normalise, and never write."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from billing.money import parse_amount

MAX_STATEMENT_BYTES = 5 * 1024 * 1024


class AmountField(forms.Field):
    """An amount as people write it (1 234,50); cleans to grosze."""

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        try:
            return parse_amount(value)
        except ValueError as error:
            raise ValidationError(_("Write the amount as 1 234,50."), code="amount") from error


class StatementForm(forms.Form):
    """A statement file to import."""

    file = forms.FileField(label=_("Statement file (MT940)"), allow_empty_file=True)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_STATEMENT_BYTES:
            raise ValidationError(_("The file is larger than 5 MB."), code="too_large")
        return file


class ManualPaymentForm(forms.Form):
    """A payment that came without a statement."""

    agency = forms.ModelChoiceField(
        label=_("Agency"), queryset=Agency.objects.order_by("name", "id")
    )
    amount = AmountField(label=_("Amount in złoty"))
    received_on = forms.DateField(
        label=_("Received on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def clean_amount(self) -> int:
        amount: int = self.cleaned_data["amount"]
        if amount <= 0:
            raise ValidationError(_("The amount must be more than 0,00 zł."), code="not_positive")
        return amount

    def clean_received_on(self) -> Any:
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise ValidationError(_("The money cannot have come after today."), code="future")
        return day


class AssignLineForm(forms.Form):
    """Whose payment a bank line is."""

    agency = forms.ModelChoiceField(
        label=_("Agency"), queryset=Agency.objects.order_by("name", "id")
    )
