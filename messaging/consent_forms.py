"""Forms of what clients allow: steps of their history, wordings, opted-out numbers. They clean and never write."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.text import Truncator, format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from messaging.contact_forms import DayField
from messaging.models import Channel, ConsentWording, ContactConsent
from messaging.number_lists import MAX_NUMBERS, MAX_SIZE, BadLine, decode, read_numbers
from messaging.opt_outs import Said

# What the buttons beside a client's consents record: of which kind, and whether it is a yes.
CONSENT_STEPS = {
    "consent": (ContactConsent.Kind.MARKETING, True),
    "withdrawal": (ContactConsent.Kind.MARKETING, False),
    "opt-in": (ContactConsent.Kind.MESSAGES, True),
    "opt-out": (ContactConsent.Kind.MESSAGES, False),
}
# How people are told something; the portal itself hears it by SMS and reads it in files.
_CHANNELS = [
    ("", _("choose")),
    *(choice for choice in Channel.choices if choice[0] not in (Channel.SMS, Channel.IMPORT)),
]
_SHOWN_PROBLEMS = 5


class WordingField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Which wording somebody agreed to, the newest first."""

    def label_from_instance(self, obj: Any) -> str:
        start = Truncator(obj.text).chars(60)
        return f"{format_date(timezone.localtime(obj.created_at), 'd.m.Y')}: {start}"


class SaidForm(forms.Form):
    """How a client's will is known."""

    channel = forms.ChoiceField(label=_("How"), choices=_CHANNELS)
    said_on = DayField(label=_("Day it was said"))
    source = forms.CharField(
        label=_("Where you know it from"),
        max_length=200,
        help_text=_("For example: agreement 12/2026, in the red binder. It may have to be proved."),
    )
    wording = WordingField(
        ConsentWording.objects.none(),
        label=_("Wording of the consent"),
        required=False,
        empty_label=_("another, or not known"),
        help_text=_("Of a consent only: what the client agreed to."),
    )

    def __init__(self, data: Any, wordings: QuerySet[ConsentWording]) -> None:
        super().__init__(data)
        wording: Any = self.fields["wording"]
        wording.queryset = wordings
        # Read once: the field by itself asks for them as often as somebody looks at its choices.
        newest = list(wordings.order_by("-id"))
        labels = [(each.pk, wording.label_from_instance(each)) for each in newest]
        wording.choices = [("", wording.empty_label), *labels]
        wording.initial = newest[0].pk if newest else None
        self.has_wordings = bool(newest)
        self.fields["said_on"].initial = timezone.localdate

    def clean_said_on(self) -> Any:
        day = self.cleaned_data["said_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day has not come yet."), code="future")
        return day

    def said(self, person: User) -> Said:
        """What the cleaned form says, written down by that person."""
        names = ("channel", "source", "said_on", "wording")
        return Said(**{name: self.cleaned_data[name] for name in names}, recorded_by=person)


class ConsentForm(SaidForm):
    """A step in the history of what a client allows; the button says which."""

    step = forms.ChoiceField(choices=[(step, "") for step in CONSENT_STEPS])


class ConsentOfManyForm(SaidForm):
    """The same of all the chosen clients. Nobody is let in again in bulk: that has a reason of its own each time."""

    step = forms.ChoiceField(choices=[("consent", ""), ("opt-out", "")])


class WordingForm(forms.Form):
    """What clients shall agree to from now on."""

    text = forms.CharField(
        label=_("Wording"), max_length=1000, widget=forms.Textarea(attrs={"rows": 9, "lang": "pl"})
    )

    def __init__(self, data: Any, newest: ConsentWording | None, suggestion: str) -> None:
        super().__init__(data, initial={"text": newest.text if newest else suggestion})
        self._newest = newest

    def clean_text(self) -> str:
        lines = self.cleaned_data["text"].replace("\r\n", "\n").splitlines()
        text = "\n".join(line.rstrip() for line in lines).strip()
        if self._newest and text == self._newest.text:
            raise ValidationError(_("This is the wording that you have."), code="same")
        return text


class OptOutsForm(forms.Form):
    """Numbers that want no messages: typed, pasted, or in a file."""

    numbers = forms.CharField(
        label=_("Numbers"),
        required=False,
        max_length=MAX_SIZE,
        help_text=_("One in each line. Other columns may stand beside them."),
        widget=forms.Textarea(attrs={"rows": 6, "inputmode": "tel", "autocomplete": "off"}),
    )
    file = forms.FileField(
        label=_("or a file (CSV, TXT)"),
        required=False,
        allow_empty_file=True,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt"}),
    )
    channel = forms.ChoiceField(label=_("How"), choices=_CHANNELS)
    source = forms.CharField(
        label=_("Where you know it from"),
        max_length=200,
        help_text=_("For example: by phone today; the list of the former program."),
    )
    skip_bad = forms.BooleanField(
        label=_("Leave out lines without a mobile number"), required=False
    )

    def clean_file(self) -> str:
        file = self.cleaned_data["file"]
        if not file:
            return ""
        if file.size > MAX_SIZE:
            raise ValidationError(_("The file is larger than 2 MB."), code="too_big")
        try:
            return decode(file.read())
        except ValueError:
            raise ValidationError(
                _("This is not a text file. Save the sheet as CSV."), code="not_text"
            ) from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "numbers" in cleaned and "file" in cleaned:
            name = "file" if cleaned["file"] else "numbers"
            self._read(name, f"{cleaned['numbers']}\n{cleaned['file']}".strip("\n"))
        return cleaned

    @property
    def phones(self) -> list[str]:
        """The numbers of a valid form, E.164."""
        phones: list[str] = self.cleaned_data["phones"]
        return phones

    def _read(self, name: str, text: str) -> None:
        found = read_numbers(text)
        if found.bad and not self.cleaned_data.get("skip_bad"):
            self.add_error(name, _problems(found.bad))
        elif not found.phones:
            self.add_error(name, _("There is no mobile number here."))
        elif len(found.phones) > MAX_NUMBERS:
            self.add_error(name, _("At most 50,000 numbers at a time."))
        self.cleaned_data["phones"] = found.phones


class LetInForm(forms.Form):
    """Why a number gets messages again."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_(
            "For example: asked for reminders again by phone on 12.03.2026. Kept in the history."
        ),
    )


def _problems(bad: list[BadLine]) -> list[Any]:
    """The first of them, and how many more."""
    told: list[Any] = [
        format_lazy(
            _("Line {number}: {text} – {reason}"),
            number=line.number,
            text=line.text,
            reason=line.reason,
        )
        for line in bad[:_SHOWN_PROBLEMS]
    ]
    left = len(bad) - _SHOWN_PROBLEMS
    if left > 0:
        more = ngettext("And %(count)d more.", "And %(count)d more.", left)
        told.append(more % {"count": left})
    return told
