"""Forms of the accounts: they clean and normalise, and never write."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row, Submit
from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as InvalidNumber
from stdnum.pl import nip as nip_number

from accounts.models import Agency, User
from accounts.registration import AgencyData

POSTAL_CODE = r"\d{2}-\d{3}"


class RegistrationForm(forms.Form):
    """An agency and its first person."""

    name = forms.CharField(label=_("Agency name"), max_length=200)
    nip = forms.CharField(
        label=_("NIP"),
        max_length=20,
        required=False,
        help_text=_("Ten digits. It goes on your invoices."),
    )
    no_nip = forms.BooleanField(
        label=_("I am a natural person who runs no business and have no NIP"), required=False
    )
    street = forms.CharField(label=_("Street and number"), max_length=200)
    postal_code = forms.RegexField(
        label=_("Postal code"),
        regex=f"^{POSTAL_CODE}$",
        max_length=6,
        error_messages={"invalid": _("Write the postal code as 00-000.")},
    )
    city = forms.CharField(label=_("Town"), max_length=100)
    person = forms.CharField(label=_("First and last name"), max_length=150)
    email = forms.EmailField(
        label=_("E-mail"), help_text=_("The password and the invoices come to this address.")
    )
    phone = forms.RegexField(
        label=_("Office phone"),
        regex=r"^\+?[0-9 ()-]{9,16}$",
        max_length=16,
        help_text=_("Clients see it in your messages, e.g. 601 234 567."),
        error_messages={"invalid": _("Write the phone number in digits, e.g. 601 234 567.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, value in _AUTOCOMPLETE.items():
            self.fields[name].widget.attrs["autocomplete"] = value
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Fieldset(
                _("Agency"),
                "name",
                "nip",
                "no_nip",
                "street",
                Row(Column("postal_code", css_class="col-5"), Column("city", css_class="col-7")),
            ),
            Fieldset(_("Contact person"), "person", "email", "phone"),
            Submit("register", _("Register")),
        )

    def clean_nip(self) -> str:
        value: str = self.cleaned_data["nip"].strip()
        if not value:
            return ""
        try:
            nip: str = nip_number.validate(value)
        except InvalidNumber as error:
            raise ValidationError(
                _("This is not a valid NIP. Check its ten digits."), code="nip_invalid"
            ) from error
        if Agency.objects.filter(nip=nip).exists():
            raise ValidationError(
                _("An agency with this NIP is registered already."), code="nip_taken"
            )
        return nip

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email).exists():
            raise ValidationError(
                _("There is an account with this e-mail. Log in, or use “Forgotten password?”."),
                code="email_taken",
            )
        return email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("nip") and not cleaned.get("no_nip") and "nip" not in self.errors:
            self.add_error("nip", _("Write the NIP, or tick that you have none."))
        if cleaned.get("no_nip"):
            cleaned["nip"] = ""
        return cleaned

    def agency_data(self) -> AgencyData:
        """What the cleaned form says."""
        cleaned = {k: v for k, v in self.cleaned_data.items() if k != "no_nip"}
        return AgencyData(language=(get_language() or "pl")[:2], **cleaned)


_AUTOCOMPLETE = {
    "name": "organization",
    "street": "street-address",
    "postal_code": "postal-code",
    "city": "address-level2",
    "person": "name",
    "email": "email",
    "phone": "tel",
}


class FirstPasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """The password of one's own that replaces the mailed one."""

    def clean_new_password1(self) -> str:
        password: str = self.cleaned_data["new_password1"]
        if self.user.check_password(password):
            raise ValidationError(
                _("Choose a password other than the one from the e-mail."), code="password_reused"
            )
        return password


class CorrectEmailForm(forms.Form):
    """The right address of somebody whose own was mistyped."""

    email = forms.EmailField(label=_("New e-mail"), max_length=254)

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email).exists():
            raise ValidationError(_("Somebody has this e-mail already."), code="email_taken")
        return email
