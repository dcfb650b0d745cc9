"""Forms of what the operator's people do with invoices."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from stdnum import iban

from accounts.models import Agency
from billing.forms import AmountField

_ACCOUNT_DIGITS = 26


class SendAgainForm(forms.Form):
    """Where an invoice goes once more."""

    to = forms.EmailField(label=_("To"))
    is_duplicate = forms.BooleanField(
        label=_("As a duplicate, with today's date"),
        help_text=_("For somebody who lost the document (art. 106l of the VAT Act)."),
        required=False,
    )


class CorrectForm(forms.Form):
    """What is wrong with an invoice."""

    class What(TextChoices):
        BUYER = "buyer", _("Name or address: as the agency has them now")
        REPLACE = (
            "replace",
            _("NIP: correct to zero and issue a new invoice to the agency as it is now"),
        )

    what = forms.ChoiceField(
        label=_("What is corrected"), choices=What.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason, printed on the correction"), max_length=200, strip=True
    )


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(
        label=_("Reason, printed on the correction"), max_length=200, strip=True
    )


class ReturnForm(forms.Form):
    """Unused money that a customer wants back; cleans `agency` to the agency and `account` to 26 digits."""

    agency = forms.CharField(label=_("Registration code or NIP of the agency"), max_length=40)
    amount = AmountField(label=_("Amount in złoty"))
    account = forms.CharField(label=_("The customer's account"), max_length=40)
    reason = forms.CharField(
        label=_("Reason, printed on the correction"), max_length=200, strip=True
    )

    def clean_agency(self) -> Agency:
        agency = Agency.objects.named(self.cleaned_data["agency"])
        if agency is None:
            raise ValidationError(_("No agency has this registration code or NIP."), code="unknown")
        return agency

    def clean_amount(self) -> int:
        amount: int = self.cleaned_data["amount"]
        if amount <= 0:
            raise ValidationError(_("The amount must be more than 0,00 zł."), code="not_positive")
        return amount

    def clean_account(self) -> Any:
        digits = self.cleaned_data["account"].upper().replace(" ", "").removeprefix("PL")
        is_number = len(digits) == _ACCOUNT_DIGITS and digits.isascii() and digits.isdecimal()
        if not is_number or not iban.is_valid(f"PL{digits}"):
            raise ValidationError(
                _("This is not a Polish account number: check its 26 digits."), code="invalid"
            )
        return digits
