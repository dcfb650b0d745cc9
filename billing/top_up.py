"""Doładuj: what to transfer for so many SMS, and how many an amount buys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from billing.forms import AmountField

# Numbers of SMS that are offered.
PACKAGES = (100, 200, 500, 1000, 2000)
MAX_SMS = 1_000_000
# Grosze. Beyond this it is a slip of the keyboard.
MAX_AMOUNT = 1_000_000_00


@dataclass(frozen=True, slots=True)
class Offer:
    """A transfer of `amount` grosze buys `parts` SMS parts; `rest` grosze stay in the account."""

    amount: int
    parts: int
    rest: int = 0


def packages(price: int) -> list[Offer]:
    """The offered numbers of SMS at `price` grosze a part."""
    return [Offer(parts * price, parts) for parts in PACKAGES]


class TopUpForm(forms.Form):
    """A number of SMS or an amount; from the address, so that the transfer's page can be sent to whoever pays."""

    sms = forms.IntegerField(
        label=_("Number of SMS"),
        required=False,
        validators=[
            MinValueValidator(1, _("At least one SMS.")),
            MaxValueValidator(MAX_SMS, _("At most a million at once.")),
        ],
    )
    amount = AmountField(label=_("or amount in złoty"), required=False)

    def clean_amount(self) -> int | None:
        amount: int | None = self.cleaned_data["amount"]
        if amount is not None and amount <= 0:
            raise ValidationError(_("The amount must be more than 0,00 zł."), code="not_positive")
        if amount is not None and amount > MAX_AMOUNT:
            raise ValidationError(_("At most 1 000 000,00 zł at once."), code="too_much")
        return amount

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("sms") and cleaned.get("amount"):
            message = _("Give a number of SMS or an amount, not both.")
            raise ValidationError({"amount": ValidationError(message, code="both")})
        return cleaned

    def offer(self, price: int) -> Offer | None:
        """What was asked for, at `price` grosze a part; None where nothing was, or nothing that makes sense."""
        if not self.is_valid():
            return None
        if sms := self.cleaned_data.get("sms"):
            return Offer(sms * price, sms)
        if amount := self.cleaned_data.get("amount"):
            return Offer(amount, *divmod(amount, price))
        return None


class WarningForm(forms.Form):
    """Below which balance the agency is warned; empty: never. Cleans to grosze."""

    below = AmountField(label=_("Warn below (zł)"), required=False)

    def clean_below(self) -> int | None:
        below: int | None = self.cleaned_data["below"]
        if below is not None and not 0 < below <= MAX_AMOUNT:
            raise ValidationError(
                _("Give an amount above 0,00 zł, or nothing for no warning."), code="not_positive"
            )
        return below
