"""Forms of the agency's own settings: they clean and normalise, and never write."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from accounts.models.agencies import MESSAGE_TEXT_MONTHS
from accounts.office_phones import OfficePhoneField
from accounts.registration_codes import fold
from accounts.visible_text import VisibleCharField


class AgencyDataForm(forms.ModelForm):  # type: ignore[type-arg]
    """What an owner may change of the agency. NIP and registration code are the operator's to change."""

    postal_code = forms.RegexField(
        label=_("Postal code"),
        regex=r"^[0-9]{2}[- ]?[0-9]{3}$",
        max_length=6,
        error_messages={"invalid": _("Write the postal code as 00-000.")},
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )
    email = forms.EmailField(
        label=_("E-mail for invoices"),
        help_text=_("Invoices go to this address. It is not what you log in with."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = OfficePhoneField()
    language = forms.ChoiceField(label=_("Language of mails"), choices=settings.LANGUAGES)
    message_text_months = forms.IntegerField(
        label=_("Keep the texts of messages for (months)"),
        min_value=MESSAGE_TEXT_MONTHS[0],
        max_value=MESSAGE_TEXT_MONTHS[1],
        help_text=_(
            "From 1 to 60. Older texts are erased by themselves; numbers, statuses, dates and charges stay."
        ),
    )

    class Meta:
        model = Agency
        fields = (
            "name",
            "street",
            "postal_code",
            "city",
            "email",
            "phone",
            "language",
            "message_text_months",
        )
        field_classes = dict.fromkeys(("name", "street", "city"), VisibleCharField)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, value in _AUTOCOMPLETE.items():
            self.fields[name].widget.attrs["autocomplete"] = value

    def clean_postal_code(self) -> str:
        digits = "".join(filter(str.isdecimal, self.cleaned_data["postal_code"]))
        return f"{digits[:2]}-{digits[2:]}"


_AUTOCOMPLETE = {"name": "organization", "street": "street-address", "city": "address-level2"}


class ClosingForm(forms.Form):
    """The one question before an account is closed."""

    LATER = "later"
    AT_ONCE = "at_once"

    erase = forms.ChoiceField(
        label=_("When are clients and texts erased?"),
        choices=[
            (LATER, _("After 30 days. Until then you can open the account again.")),
            (AT_ONCE, _("At once. This cannot be undone.")),
        ],
        initial=LATER,
        widget=forms.RadioSelect,
    )
    code = forms.CharField(
        label=_("Your registration code"),
        max_length=60,
        help_text=_("Type it to confirm. You find it on the dashboard."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, agency: Agency, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency = agency
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_code(self) -> str:
        code = fold(self.cleaned_data["code"])
        if code != self.agency.registration_code:
            raise ValidationError(
                _("This is not the registration code of your agency."), code="wrong_code"
            )
        return code

    @property
    def is_at_once(self) -> bool:
        return bool(self.cleaned_data["erase"] == self.AT_ONCE)
