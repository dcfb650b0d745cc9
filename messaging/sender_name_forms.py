"""Forms about sender names: they clean and normalise, and never write."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from messaging.document_files import MAX_BYTES, REASONS, Document, DocumentRefused, read_document
from messaging.models import ReservedName, SenderName
from messaging.sender_name_requests import LONGEST, NameRefused, check_looks, check_spelling
from messaging.sender_names import choices_of

ACCEPTED = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"


class SenderNameField(forms.CharField):
    """A sender name as telephones show it. Not stripped: what was typed is judged, not something like it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Sender name"),
            help_text=_(
                "3 to 11 characters: letters without Polish accents, digits, dots, hyphens, spaces."
            ),
            strip=False,
            widget=forms.TextInput(
                attrs={"maxlength": LONGEST, "autocomplete": "off", "spellcheck": "false"}
            ),
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        name: str = super().clean(value)
        try:
            check_spelling(name)
        except NameRefused as error:
            raise ValidationError(error.message, code=error.code) from error
        return name


class OwnNameForm(forms.Form):
    """A name that the agency wants for itself."""

    name = SenderNameField()

    def __init__(self, agency: Agency, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.agency = agency

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        try:
            check_looks(name, self.agency)
        except NameRefused as error:
            raise ValidationError(error.message, code=error.code) from error
        return name


class SubmitForm(forms.Form):
    """The document and the statement. The document may be there from an earlier attempt."""

    file = forms.FileField(
        label=_("Document"),
        allow_empty_file=True,
        max_length=200,
        help_text=_("PDF, JPG or PNG, up to 5 MB."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={"required": _("Add the document that shows your right to the name.")},
    )
    statement = forms.BooleanField(
        label=_("I accept the statement"),
        error_messages={"required": _("Without the statement the name cannot be submitted.")},
    )

    def __init__(self, *args: Any, has_file: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = not has_file
        if has_file:
            self.fields["file"].label = _("Another document instead")

    def clean_file(self) -> Document | None:
        file = self.cleaned_data["file"]
        if file is None:
            return None
        if file.size > MAX_BYTES:
            raise ValidationError(str(REASONS["too_big"]), code="too_big")
        try:
            return read_document(file.read())
        except DocumentRefused as error:
            raise ValidationError(str(error.message), code=error.code) from error


class DefaultSenderForm(forms.Form):
    """Which of the names messages are signed with; cleans to a SenderName or None."""

    sender_name = forms.TypedChoiceField(
        label=_("Default name"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, names: Iterable[SenderName], data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.names = {name.pk: name for name in names}
        choices = [(pk or "", label) for pk, label in choices_of(self.names.values())]
        self.fields["sender_name"].choices = choices  # type: ignore[attr-defined]

    def clean_sender_name(self) -> SenderName | None:
        chosen = self.cleaned_data["sender_name"]
        return None if chosen is None else self.names[chosen]


class SharedNameForm(forms.Form):
    """A name to offer to all agencies."""

    name = SenderNameField()


class PermitForm(forms.Form):
    """A name that looks like a reserved word, for the agency that has the right to it; cleans `agency`."""

    agency = forms.CharField(label=_("Registration code or NIP of the agency"), max_length=40)
    name = SenderNameField()

    def clean_agency(self) -> Agency:
        agency = Agency.objects.named(self.cleaned_data["agency"])
        if agency is None:
            raise ValidationError(_("No agency has this registration code or NIP."), code="unknown")
        if agency.is_closed:
            raise ValidationError(_("This agency has closed its account."), code="closed")
        return agency


class ReasonForm(forms.Form):
    """Why a name is rejected or revoked; the agency reads it."""

    reason = forms.CharField(
        label=_("Reason, for the agency"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write why: the agency must know what to mend.")},
    )

    def clean_reason(self) -> str:
        return " ".join(self.cleaned_data["reason"].split())


class ReservedNameForm(forms.ModelForm):  # type: ignore[type-arg]
    """A word for the list of reserved ones."""

    class Meta:
        model = ReservedName
        fields = ["word", "kind", "reach"]
        help_texts = {"word": _("As its owner writes it: PZU, mBank, T-Mobile.")}

    def clean_word(self) -> str:
        word = " ".join(str(self.cleaned_data["word"]).split())
        if sum(letter.isascii() and letter.isalnum() for letter in word) < 2:
            raise ValidationError(
                _("Write at least two letters or digits, without Polish accents."), code="short"
            )
        if ReservedName.objects.filter(word__iexact=word).exists():
            raise ValidationError(_("This word is in the list already."), code="taken")
        return word
