"""Why a contact file cannot be read at all, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_REASONS: dict[str, StrOrPromise] = {
    "empty": _("The file is empty."),
    "headers_only": _("The file has headers but no clients below them."),
    "headers_missing": _(
        "The first line must name the columns, for example: Nazwisko i imię;Telefon;Nr polisy."
        " Here it seems to hold a client's data."
    ),
    "archive": _("This is an archive. Unpack it and send the workbook or CSV file."),
    "old_workbook": _(
        "This is an old workbook (.xls) or one with a password."
        " Save it as “Excel workbook (.xlsx)” without a password, or as “CSV UTF-8”."
    ),
    "other_workbook": _("This workbook is of another kind. Save it as “Excel workbook (.xlsx)”."),
    "macros": _(
        "This workbook holds macros (.xlsm). Save it as “Excel workbook (.xlsx)”, without macros."
    ),
    "broken_workbook": _(
        "This workbook is damaged. Open it, save it again as .xlsx and send that."
    ),
    "swollen": _(
        "Unpacked, this workbook is far larger than a list of clients can be."
        " Copy the clients into a new workbook and send that."
    ),
    "merged_cells": _(
        "Row {line} has merged cells: it is not clear whose data they are."
        " Unmerge them and fill in each row."
    ),
    "pdf": _("This is a PDF document. Export the clients as a workbook or as a CSV file."),
    "document": _("This is a text document. Export the clients as a workbook or as a CSV file."),
    "binary": _(
        "This is not a text file in UTF-8 or Windows-1250. Export the clients as “CSV UTF-8”."
    ),
    "too_big": _("The file is larger than 20 MB. Divide it into smaller ones."),
    "too_many_rows": _("The file has more than 50,000 rows. Divide it into smaller ones."),
    "too_many_columns": _("The file has more than 200 columns. Delete those that are not needed."),
    "too_many_cells": _("Line {line} has more cells than there are headers."),
    "broken_quote": _("A quotation mark in or below line {line} is not closed properly."),
    "too_many_groups": _(
        "By this column the file would make more than 200 new groups."
        " Choose what it really is, or skip it."
    ),
    "gave_up": _("The file could not be read. Send it in smaller pieces."),
}


class ContactFileError(ValueError):
    """A file that cannot be read at all; `code` is a key of the reasons, `message` for people,
    `line` the number of the line at fault, if it is one line."""

    def __init__(self, code: str, line: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.line = line
        self.message = reason(code, line)


def reason(code: str, line: int | None = None) -> StrOrPromise:
    """What a ContactFileError of that code tells people."""
    return format_lazy(_REASONS[code], line=line) if line else _REASONS[code]
