"""The registration form, and the one that asks for the first password again."""

from __future__ import annotations

import re
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Field, Fieldset, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse, reverse_lazy
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as InvalidNumber
from stdnum.pl import nip as nip_number
from stdnum.pl import regon as regon_number

from accounts.documents import (
    AGREED_AT_REGISTRATION,
    DATA_PROCESSING,
    ELECTRONIC_INVOICES,
    TERMS,
    Document,
)
from accounts.office_phones import OfficePhoneField
from accounts.person_names import only_a_name
from accounts.registration import AgencyData, is_code_taken
from accounts.registration_codes import fold, is_findable
from accounts.visible_text import VisibleCharField


def _link(text: str, document: Document) -> SafeString:
    """The text with its part in brackets linking the document, in a tab of its own so that the form stays."""
    before, linked, after = re.split(r"[\[\]]", str(text))
    return format_html(
        '{}<a href="{}" target="_blank">{}<span class="visually-hidden"> ({})</span></a>{}',
        before,
        reverse(f"document_{document.name}"),
        linked,
        _("opens in a new tab"),
        after,
    )


_lazy_link = lazy(_link, SafeString)


def _consent(text: Any, document: Document) -> forms.BooleanField:
    return forms.BooleanField(
        label=_lazy_link(text, document),
        error_messages={"required": _("Without this agreement you cannot register.")},
    )


class RegistrationForm(forms.Form):
    """An agency and its first person."""

    nip = forms.CharField(
        label=_("NIP"),
        max_length=20,
        required=False,
        help_text=_("Ten digits. It goes on your invoices."),
    )
    no_nip = forms.BooleanField(
        label=_("I am a natural person who runs no business and have no NIP"), required=False
    )
    name = VisibleCharField(label=_("Agency name"), max_length=200)
    regon = forms.CharField(
        label=_("REGON"),
        max_length=20,
        required=False,
        help_text=_("Not required. 9 or 14 digits."),
    )
    street = VisibleCharField(label=_("Street and number"), max_length=200)
    postal_code = forms.RegexField(
        label=_("Postal code"),
        regex=r"^[0-9]{2}-?[0-9]{3}$",
        max_length=6,
        error_messages={"invalid": _("Write the postal code as 00-000.")},
    )
    city = VisibleCharField(label=_("Town"), max_length=100)
    registration_code = forms.CharField(
        label=_("Registration code of your program AGENT.m6"),
        max_length=40,
        required=False,
        help_text=_("If you use the program. Without it you get a code from us."),
    )
    person = VisibleCharField(
        label=_("First and last name"), max_length=150, validators=[only_a_name]
    )
    email = forms.EmailField(
        label=_("E-mail"), help_text=_("The password and the invoices come to this address.")
    )
    phone = OfficePhoneField()
    terms = _consent(_("I accept the [terms of service]."), TERMS)
    electronic_invoices = _consent(
        _("I agree to [invoices in electronic form], sent by e-mail."), ELECTRONIC_INVOICES
    )
    data_processing = _consent(
        _("I make the [data processing agreement]: my clients' data are in your care."),
        DATA_PROCESSING,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, attributes in _ATTRIBUTES.items():
            self.fields[name].widget.attrs |= attributes
        self.helper = FormHelper()
        self.helper.form_action = reverse_lazy("account_signup")
        self.helper.layout = _layout()

    def clean_nip(self) -> str:
        value: str = self.cleaned_data["nip"].strip()
        return _valid(nip_number, value, _("This is not a valid NIP. Check its ten digits."))

    def clean_regon(self) -> str:
        value: str = self.cleaned_data["regon"].strip()
        return _valid(
            regon_number, value, _("This is not a valid REGON. Check its 9 or 14 digits.")
        )

    def clean_postal_code(self) -> str:
        digits: str = self.cleaned_data["postal_code"].replace("-", "")
        return f"{digits[:2]}-{digits[2:]}"

    def clean_registration_code(self) -> str:
        typed: str = self.cleaned_data["registration_code"].strip()
        if typed and not is_findable(typed):
            raise ValidationError(
                _(
                    "We could not find this code in a transfer's title: it takes 6 to 20 letters and "
                    "digits, with at least one of each. Leave the field empty, and you get a code from us."
                ),
                code="code_not_findable",
            )
        code = fold(typed)
        if code and is_code_taken(code):
            raise code_taken()
        return code

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email.lower()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("nip") and not cleaned.get("no_nip") and "nip" not in self.errors:
            self.add_error("nip", _("Write the NIP, or tick that you have none."))
        if cleaned.get("no_nip"):
            cleaned["nip"] = ""
        return cleaned

    def agency_data(self) -> AgencyData:
        """What the cleaned form says."""
        left_out = {"no_nip", *(document.name for document in AGREED_AT_REGISTRATION)}
        cleaned = {k: v for k, v in self.cleaned_data.items() if k not in left_out}
        return AgencyData(language=(get_language() or "pl")[:2], **cleaned)


class SendAgainForm(forms.Form):
    """Whom to mail the first password again."""

    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("The one that you gave when you registered."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email.lower()


def code_taken() -> ValidationError:
    """The error of a registration code that another agency has."""
    return ValidationError(
        _(
            "Another agency has this code. Check it, or leave the field empty to get a code from us."
        ),
        code="code_taken",
    )


def _valid(numbers: Any, value: str, message: Any) -> str:
    """The digits of a number that passes its check, or nothing of an empty field."""
    if not value:
        return ""
    try:
        return str(numbers.validate(value))
    except InvalidNumber as error:
        raise ValidationError(message, code="number_invalid") from error


def _layout() -> Layout:
    return Layout(
        # Enter in a field presses the first button of a form: it must not be the one that only looks up.
        HTML(
            '<button class="visually-hidden" type="submit" tabindex="-1" aria-hidden="true"></button>'
        ),
        Fieldset(
            _("Agency"),
            Field("nip", template="accounts/_nip_field.html"),
            "no_nip",
            "name",
            "street",
            Row(Column("postal_code", css_class="col-5"), Column("city", css_class="col-7")),
            "regon",
            "registration_code",
        ),
        Fieldset(_("Contact person"), "person", "email", "phone"),
        Fieldset(
            _("Agreements"),
            "terms",
            "electronic_invoices",
            "data_processing",
            HTML('{% include "accounts/_privacy_note.html" %}'),
        ),
        Submit("register", _("Register")),
    )


_ATTRIBUTES = {
    "nip": {"inputmode": "numeric", "autocomplete": "off"},
    "name": {"autocomplete": "organization"},
    "regon": {"inputmode": "numeric", "autocomplete": "off"},
    "street": {"autocomplete": "street-address"},
    "postal_code": {"autocomplete": "postal-code"},
    "city": {"autocomplete": "address-level2"},
    "registration_code": {"autocomplete": "off", "autocapitalize": "characters"},
    "person": {"autocomplete": "name"},
    "email": {"autocomplete": "email"},
}
