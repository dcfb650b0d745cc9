"""Forms of messaging: they clean and normalise, and never write."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from messaging.composing import validate_body
from messaging.contact_files import MAX_BYTES
from messaging.models import Contact, MessageTemplate, Policy
from messaging.phones import PhoneError, format_phone, parse_mobile


class DateInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]
    """A client with, at first, one vehicle and one policy."""

    registration_number = forms.CharField(
        label=_("Registration number"), max_length=12, required=False
    )
    make_model = forms.CharField(label=_("Make and model"), max_length=100, required=False)
    inspection_due = forms.DateField(label=_("Inspection due"), required=False, widget=DateInput)
    policy_number = forms.CharField(label=_("Policy number"), max_length=40, required=False)
    policy_kind = forms.ChoiceField(label=_("Kind"), choices=Policy.Kind, required=False)
    insurer = forms.CharField(label=_("Insurer"), max_length=100, required=False)
    ends_on = forms.DateField(label=_("Ends on"), required=False, widget=DateInput)

    class Meta:
        model = Contact
        fields = ["first_name", "last_name", "company", "phone", "email"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Typed in any spelling, stored as E.164.
        self.fields["phone"] = forms.CharField(
            label=_("Mobile phone"),
            max_length=40,
            help_text=_("A Polish mobile number, e.g. 601 234 567."),
            widget=forms.TextInput(attrs={"inputmode": "tel"}),
        )
        if self.instance.pk:
            self.initial["phone"] = format_phone(self.instance.phone)

    def clean_phone(self) -> str:
        try:
            phone = parse_mobile(self.cleaned_data["phone"])
        except PhoneError as error:
            raise ValidationError(error.message, code=error.code) from error
        same = Contact.objects.filter(agency=self.instance.agency, phone=phone)
        taken = same.exclude(pk=self.instance.pk).first()
        if taken is not None:
            raise ValidationError(
                _("This number belongs to %(name)s."),
                code="phone_taken",
                params={"name": taken.name},
            )
        return phone

    def clean_registration_number(self) -> str:
        text: str = self.cleaned_data["registration_number"]
        return "".join(text.split()).upper()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("last_name") and not cleaned.get("company"):
            self.add_error("last_name", _("Write the last name or the company."))
        if cleaned.get("inspection_due") and not cleaned.get("registration_number"):
            self.add_error("registration_number", _("Which vehicle is the inspection of?"))
        if cleaned.get("ends_on") and not cleaned.get("policy_number"):
            self.add_error("policy_number", _("Write the number of the policy."))
        return cleaned


class ContactFileForm(forms.Form):
    """A CSV file of contacts."""

    file = forms.FileField(label=_("File (CSV)"), allow_empty_file=True)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(_("The file is larger than 5 MB."), code="too_big")
        return file


class TemplateForm(forms.ModelForm):  # type: ignore[type-arg]
    """A message template."""

    class Meta:
        model = MessageTemplate
        fields = ["name", "type", "body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 6, "spellcheck": "true"})}

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        same = MessageTemplate.objects.filter(agency=self.instance.agency, name=name)
        if same.exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("You have a template of this name already."), code="name_taken")
        return name

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"].replace("\r\n", "\n")
        if problems := validate_body(body):
            raise ValidationError([str(problem.message) for problem in problems])
        return body


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
