"""Forms of the book: clients, what they insure, groups. They clean and never write."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.typed_numbers import whole_number
from accounts.visible_text import VisibleCharField
from billing.money import format_decimal, parse_amount
from messaging.contact_values import CellError, read_registration_number
from messaging.models import Contact, ContactGroup, Instalment, Policy, Vehicle
from messaging.phones import PhoneError, format_phone, parse_mobile

# Days outside of it are slips of the keyboard.
_DAYS = (date(1900, 1, 1), date(2100, 12, 31))
_MAX_NUMBERS = 10
_MAX_NUMBER_LENGTH = 30
# Grosze: a hundred million złoty, more than any premium.
_MAX_AMOUNT = 100_000_000_00


class DateInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day that may stand on a policy."""

    widget = DateInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators += [
            MinValueValidator(_DAYS[0], _("Give a day after the year 1900.")),
            MaxValueValidator(_DAYS[1], _("Give a day before the year 2101.")),
        ]


class GroszeField(forms.Field):
    """An amount above zero as people write it (1 234,50); cleans to grosze."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def prepare_value(self, value: Any) -> Any:
        return format_decimal(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        try:
            amount = parse_amount(value)
        except ValueError as error:
            raise ValidationError(_("Write the amount as 1 234,50."), code="amount") from error
        if not 0 < amount <= _MAX_AMOUNT:
            raise ValidationError(_("Give an amount above zero."), code="range")
        return amount


class GroupsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Some of the agency's groups. Django asks the database for any number, and SQLite takes none of twenty digits."""

    def clean(self, value: Any) -> Any:
        for chosen in value or ():
            if whole_number(str(chosen)) is None:
                raise ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": chosen},
                )
        return super().clean(value)


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]
    """A client's own data. `numbers` and `groups` of the cleaned data are all that the client shall have."""

    birthday = DayField(label=_("Birthday"), required=False)
    other_numbers = forms.CharField(
        label=_("Other phone numbers"),
        required=False,
        max_length=_MAX_NUMBERS * (_MAX_NUMBER_LENGTH + 2),
        help_text=_("One in each line, landlines too. No SMS go to them."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    new_group = VisibleCharField(
        label=_("New group"), required=False, max_length=60, help_text=_("Is made with the client.")
    )

    class Meta:
        model = Contact
        fields = [
            "first_name",
            "last_name",
            "company",
            "phone",
            "other_numbers",
            "email",
            "birthday",
            "notes",
            "groups",
            "new_group",
        ]
        field_classes = {
            **dict.fromkeys(("first_name", "last_name", "company", "notes"), VisibleCharField),
            "groups": GroupsField,
        }
        widgets = {
            "notes": forms.Textarea(attrs={"rows": 4}),
            "groups": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Typed in any spelling, stored as E.164.
        self.fields["phone"] = forms.CharField(
            label=_("Mobile phone"),
            required=False,
            max_length=40,
            help_text=_("A Polish mobile number for SMS, e.g. 601 234 567."),
            widget=forms.TextInput(attrs={"inputmode": "tel"}),
        )
        own: QuerySet[ContactGroup] = self.instance.agency.contact_groups.order_by("name")
        self.fields["groups"].queryset = own  # type: ignore[attr-defined]
        if self.instance.pk:
            numbers = self.instance.other_numbers.order_by("pk").values_list("number", flat=True)
            self.initial["other_numbers"] = "\n".join(numbers)
            phone = self.instance.phone
            self.initial["phone"] = format_phone(phone) if phone else ""

    def clean_phone(self) -> str:
        text: str = self.cleaned_data["phone"]
        if not text.strip():
            return ""
        phone = _mobile(text)
        same = Contact.objects.filter(agency=self.instance.agency, phone=phone)
        taken = same.exclude(pk=self.instance.pk).first()
        if taken is not None:
            raise ValidationError(
                _("This number belongs to %(name)s."),
                code="phone_taken",
                params={"name": taken.name},
            )
        return phone

    def clean_other_numbers(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["other_numbers"].splitlines()]
        numbers = list(dict.fromkeys(filter(None, lines)))
        if len(numbers) > _MAX_NUMBERS:
            raise ValidationError(_("At most ten other numbers."), code="too_many")
        for number in numbers:
            if len(number) > _MAX_NUMBER_LENGTH or sum(map(str.isdecimal, number)) < 3:
                raise ValidationError(
                    _("This does not look like a phone number: %(number)s"),
                    code="unreadable",
                    params={"number": number},
                )
        return numbers

    def clean_new_group(self) -> str:
        return _single_spaced(self.cleaned_data["new_group"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("last_name") and not cleaned.get("company"):
            self.add_error("last_name", _("Write the last name or the company."))
        return cleaned


class NewContactForm(ContactForm):
    """A new client with, at first, one vehicle and one policy."""

    registration_number = VisibleCharField(
        label=_("Registration number"), max_length=12, required=False
    )
    make_model = VisibleCharField(label=_("Make and model"), max_length=100, required=False)
    inspection_due = DayField(label=_("Inspection due"), required=False)
    policy_number = VisibleCharField(label=_("Policy number"), max_length=40, required=False)
    policy_kind = forms.ChoiceField(label=_("Kind"), choices=Policy.Kind, required=False)
    insurer = VisibleCharField(label=_("Insurer"), max_length=100, required=False)
    ends_on = DayField(label=_("Ends on"), required=False)

    def clean_registration_number(self) -> str:
        return _registration_number(self.cleaned_data["registration_number"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("inspection_due") and not cleaned.get("registration_number"):
            self.add_error("registration_number", _("Which vehicle is the inspection of?"))
        if cleaned.get("ends_on") and not cleaned.get("policy_number"):
            self.add_error("policy_number", _("Write the number of the policy."))
        return cleaned

    def vehicle(self) -> Vehicle | None:
        """The vehicle that the cleaned form tells of, not saved."""
        if not self.cleaned_data["registration_number"]:
            return None
        names = ("registration_number", "make_model", "inspection_due")
        return Vehicle(**{name: self.cleaned_data[name] for name in names})

    def policy(self) -> Policy | None:
        """The policy, not saved."""
        if not self.cleaned_data["policy_number"]:
            return None
        return Policy(
            number=self.cleaned_data["policy_number"],
            kind=self.cleaned_data["policy_kind"] or Policy.Kind.OTHER,
            insurer=self.cleaned_data["insurer"],
            ends_on=self.cleaned_data["ends_on"],
        )


class VehicleForm(forms.ModelForm):  # type: ignore[type-arg]
    """A vehicle of a client."""

    inspection_due = DayField(label=_("Inspection due"), required=False)

    class Meta:
        model = Vehicle
        fields = ["registration_number", "make_model", "inspection_due"]
        field_classes = dict.fromkeys(("registration_number", "make_model"), VisibleCharField)

    def clean_registration_number(self) -> str:
        return _registration_number(self.cleaned_data["registration_number"])


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A policy of a client."""

    starts_on = DayField(label=_("Starts on"), required=False)
    ends_on = DayField(label=_("Ends on"), required=False)
    premium = GroszeField(label=_("Premium (PLN)"), required=False)

    class Meta:
        model = Policy
        fields = ["kind", "number", "insurer", "vehicle", "starts_on", "ends_on", "premium"]
        field_classes = dict.fromkeys(("number", "insurer"), VisibleCharField)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.instance.contact.vehicles.order_by("registration_number")
        self.fields["vehicle"].queryset = own  # type: ignore[attr-defined]
        self.fields["vehicle"].empty_label = _("none")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The policy ends before it starts."))
        return cleaned


class InstalmentForm(forms.ModelForm):  # type: ignore[type-arg]
    """An instalment of a policy."""

    number = forms.IntegerField(label=_("Instalment number"), min_value=1, max_value=99)
    due_on = DayField(label=_("Due on"))
    amount = GroszeField(label=_("Amount (PLN)"))
    paid_on = DayField(label=_("Paid on"), required=False)

    class Meta:
        model = Instalment
        fields = ["number", "due_on", "amount", "paid_on"]


class GroupNameForm(forms.Form):
    """A group's name."""

    name = VisibleCharField(label=_("Name"), max_length=60)

    def clean_name(self) -> str:
        return _single_spaced(self.cleaned_data["name"])


class MoveToGroupForm(forms.Form):
    """Which group the chosen clients go into or out of: one of the agency's, or a new one."""

    to_group = forms.ModelChoiceField(
        ContactGroup.objects.none(), label=_("Group"), required=False, empty_label=_("choose")
    )
    new_group = VisibleCharField(label=_("or a new group"), required=False, max_length=60)
    take_out = forms.BooleanField(required=False)

    def __init__(self, data: Any, groups: QuerySet[ContactGroup]) -> None:
        super().__init__(data)
        self.fields["to_group"].queryset = groups  # type: ignore[attr-defined]

    def clean_new_group(self) -> str:
        return _single_spaced(self.cleaned_data["new_group"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_new = bool(cleaned.get("new_group"))
        if cleaned.get("take_out"):
            if not cleaned.get("to_group"):
                self.add_error("to_group", _("Choose the group to take them out of."))
        elif bool(cleaned.get("to_group")) == is_new:
            self.add_error("to_group", _("Choose a group or name a new one."))
        return cleaned


def _mobile(text: str) -> str:
    try:
        return parse_mobile(text)
    except PhoneError as error:
        hint = _("It can stand among the other numbers.")
        message = error.message
        if error.code in ("landline", "premium", "not_mobile", "foreign"):
            message = format_lazy("{reason} {hint}", reason=error.message, hint=hint)
        raise ValidationError(message, code=error.code) from error


def _registration_number(text: str) -> str:
    """As files are read; empty if nothing was typed."""
    try:
        return read_registration_number(text) if text else ""
    except CellError as error:
        raise ValidationError(error.message, code=error.code) from error


def _single_spaced(text: str) -> str:
    return " ".join(text.split())
