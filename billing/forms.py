"""Forms about money: they clean and normalise, and never write."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from billing.money import format_amount, parse_amount

MAX_STATEMENT_BYTES = 20 * 1024 * 1024
# Grosze. A slip of the comma must not sell a part for a hundred times its price.
MAX_PART_PRICE = 10_00
LAST_DAY = date(2999, 12, 31)


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

    file = forms.FileField(
        label=_("Statement file (CSV, MT940, CAMT.053 or ZIP)"), allow_empty_file=True
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_STATEMENT_BYTES:
            raise ValidationError(_("The file is larger than 20 MB."), code="too_large")
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
    """Whose payment a bank line is; cleans `agency` to the agency."""

    agency = forms.CharField(label=_("Registration code or NIP of the agency"), max_length=40)

    def clean_agency(self) -> Agency:
        agency = Agency.objects.named(self.cleaned_data["agency"])
        if agency is None:
            raise ValidationError(_("No agency has this registration code or NIP."), code="unknown")
        return agency


class ShareForm(AssignLineForm):
    """One agency's share of a transfer."""

    amount = AmountField(label=_("Amount in złoty"))
    field_order = ("agency", "amount")

    def clean_amount(self) -> int:
        amount: int = self.cleaned_data["amount"]
        if amount <= 0:
            raise ValidationError(_("The amount must be more than 0,00 zł."), code="not_positive")
        return amount


class SplitFormSet(forms.formset_factory(ShareForm, extra=5, max_num=20)):  # type: ignore[misc]
    """The shares of a transfer of `total` grosze; rows that are left empty do not count."""

    def __init__(self, *args: Any, total: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._total = total

    def clean(self) -> None:
        if any(self.errors):
            return
        shares = self.shares()
        if len({agency.pk for agency, _amount in shares}) < len(shares):
            raise ValidationError(_("An agency is named twice."), code="twice")
        if len(shares) < 2:
            raise ValidationError(_("Name at least two different agencies."), code="few")
        left = self._total - sum(amount for _agency, amount in shares)
        if left:
            message = _("The transfer is %(total)s; left to share: %(left)s.")
            amounts = {"total": format_amount(self._total), "left": format_amount(left)}
            raise ValidationError(message % amounts, code="sum")

    def shares(self) -> list[tuple[Agency, int]]:
        """Agencies with their grosze."""
        given = (form.cleaned_data for form in self.forms if form.cleaned_data)
        return [(data["agency"], data["amount"]) for data in given]


class SetAsideForm(forms.Form):
    """Why a bank line is no payment for an agency."""

    note = forms.CharField(label=_("Why it is set aside"), max_length=200, strip=True)


class PriceForm(forms.Form):
    """A price of an SMS part from a day on; cleans `agency` to the agency, or None for the general price."""

    ALL, ONE = "all", "one"

    scope = forms.ChoiceField(
        label=_("For whom"),
        choices=[(ALL, _("All agencies without a price of their own")), (ONE, _("One agency"))],
        widget=forms.RadioSelect,
    )
    agency = forms.CharField(
        label=_("Registration code or NIP of the agency"), max_length=40, required=False
    )
    price = AmountField(
        label=_("Price of a part in złoty, gross"), help_text=_("With VAT, e.g. 0,29.")
    )
    valid_from = forms.DateField(
        label=_("Valid from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[MaxValueValidator(LAST_DAY, _("Give a day before the year 3000."))],
    )

    def clean_price(self) -> int:
        price: int = self.cleaned_data["price"]
        if not 0 < price <= MAX_PART_PRICE:
            raise ValidationError(
                _("A part costs between 0,01 zł and 10,00 zł."), code="not_a_part_price"
            )
        return price

    def clean_valid_from(self) -> date:
        day: date = self.cleaned_data["valid_from"]
        if day < timezone.localdate():
            raise ValidationError(
                _("A price begins today or later: what was sold stays sold."), code="past"
            )
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = cleaned.pop("agency", "")
        cleaned["agency"] = None
        if cleaned.get("scope") == self.ONE:
            cleaned["agency"] = Agency.objects.named(typed)
            if cleaned["agency"] is None:
                self.add_error("agency", _("No agency has this registration code or NIP."))
        elif typed:
            self.add_error("agency", _("Leave this empty for a price of all agencies."))
        return cleaned
