"""Forms of the import of contacts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from messaging.contact_columns import LABELS, NAME_COLUMNS, SKIP
from messaging.contact_file_errors import ContactFileError, reason
from messaging.contact_files import MAX_BYTES, check_start

ACCEPTED = ".xlsx,.csv,.txt,.tsv"


class ContactFileForm(forms.Form):
    """A file of contacts; what its size and its first bytes tell is refused at once."""

    file = forms.FileField(
        label=_("File (XLSX or CSV)"),
        allow_empty_file=True,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(str(reason("too_big")), code="too_big")
        try:
            check_start(file.read())
        except ContactFileError as error:
            raise ValidationError(str(error.message), code=error.code) from error
        file.seek(0)
        return file


class ColumnsForm(forms.Form):
    """What each column of a file is."""

    def __init__(self, headers: Sequence[str], columns: Sequence[str], data: Any = None) -> None:
        super().__init__(data)
        choices = [(SKIP, _("– skip –")), *LABELS.items()]
        for number, (header, column) in enumerate(zip(headers, columns, strict=True)):
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=header or _("(no header)"), choices=choices, required=False, initial=column
            )

    @property
    def columns(self) -> list[str]:
        """The chosen column of each header, of a valid form."""
        return [self.cleaned_data[name] for name in self.fields]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = set(cleaned.values())
        if "phone" not in chosen:
            self.add_error(None, _("Choose the column that holds the phone number."))
        if not chosen & set(NAME_COLUMNS):
            self.add_error(None, _("Choose the column that holds the name."))
        return cleaned
