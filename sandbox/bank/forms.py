"""Making a transfer."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sandbox.bank import mt940
from sandbox.bank.accounts import clean_nrb, grouped
from sandbox.bank.amounts import parse_amount
from sandbox.models import Transfer

SAMPLE_PAYER_ACCOUNT = "87109010560000000000001001"


class SingleLineField(forms.CharField):
    """Text that fits on a statement: blanks joined, only characters of the bank's alphabet."""

    def clean(self, value: str) -> str:
        text = " ".join(super().clean(value).split())
        try:
            text.encode(mt940.ENCODING)
        except UnicodeEncodeError as error:
            sign = text[error.start]
            raise ValidationError(
                _("The bank cannot print the character “%(sign)s”."), params={"sign": sign}
            ) from error
        return text


class AccountField(forms.CharField):
    """An account number in any spacing, with or without PL."""

    def clean(self, value: str) -> str:
        return clean_nrb(super().clean(value))


class TransferForm(forms.Form):
    """A transfer to our account, or from it; `booked_on` is a Warsaw day, not after today."""

    INCOMING, OUTGOING = "incoming", "outgoing"

    amount = forms.CharField(
        label=_("Amount (zł)"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "placeholder": "58,00"}),
    )
    title = SingleLineField(label=_("Title"), max_length=140)
    name = SingleLineField(label=_("Payer's name"), max_length=70, initial="Anna Testowa")
    address = SingleLineField(
        label=_("Payer's address"),
        max_length=105,
        required=False,
        initial="ul. Kwiatowa 1, 45-001 Opole",
    )
    payer_account = AccountField(
        label=_("Payer's account"), initial=lambda: grouped(SAMPLE_PAYER_ACCOUNT)
    )
    account = AccountField(
        label=_("Receiver's account"), initial=lambda: grouped(settings.BANK_ACCOUNT)
    )
    booked_on = forms.DateField(
        label=_("Booking date"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    direction = forms.ChoiceField(
        label=_("Direction"),
        choices=[
            (INCOMING, _("In: the payer pays the receiver")),
            (OUTGOING, _("Out: money goes back to the payer")),
        ],
        initial=INCOMING,
    )

    def clean_amount(self) -> int:
        return parse_amount(self.cleaned_data["amount"])

    def clean_booked_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["booked_on"]
        if day > timezone.localdate():
            raise ValidationError(_("The bank books nothing in the future."))
        return day

    def transfer(self) -> Transfer:
        """Return the unsaved transfer of a valid form."""
        data = self.cleaned_data
        sign = -1 if data["direction"] == self.OUTGOING else 1
        return Transfer(
            account=data["account"],
            booked_on=data["booked_on"],
            amount=sign * data["amount"],
            title=data["title"],
            party_name=data["name"],
            party_address=data["address"],
            party_account=data["payer_account"],
        )
