"""What a bank statement says, whatever format it came in. Amounts are signed grosze."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class EntryKind(TextChoices):
    """What happened to the account. Only a credit can be a payment: a reversed debit is not."""

    CREDIT = "credit", _("credit")
    DEBIT = "debit", _("debit")
    REVERSAL_OF_CREDIT = "reversal_of_credit", _("reversal of a credit")
    REVERSAL_OF_DEBIT = "reversal_of_debit", _("reversal of a debit")

    @property
    def sign(self) -> int:
        """1 when the entry adds to the balance of the account, -1 when it takes from it."""
        return 1 if self in (EntryKind.CREDIT, EntryKind.REVERSAL_OF_DEBIT) else -1


class UnreadableReason(TextChoices):
    """Why a line of a statement could not be read."""

    LAYOUT = "layout", _("the line is not laid out as a statement line")
    DATE = "date", _("there is no such date")
    AMOUNT = "amount", _("the amount cannot be read")
    BATCH = "batch", _("several transfers are booked as one amount")


class Refusal(TextChoices):
    """Why a file is not accepted as a statement, with the advice shown to the person."""

    EMPTY = "empty", _("The file is empty. Download the statement from the bank again.")
    PDF = (
        "pdf",
        _("This is a PDF file. Download the statement from the bank as CSV, MT940 or CAMT.053."),
    )
    ARCHIVE = (
        "archive",
        _(
            "This is a spreadsheet or an archive that cannot be unpacked. Download the statement "
            "from the bank as CSV, MT940 or CAMT.053."
        ),
    )
    ARCHIVE_TOO_LARGE = (
        "archive_too_large",
        _("The archive unpacks to more than a bank's statements hold. Unpack it yourself."),
    )
    TOO_LARGE = "too_large", _("The file is larger than 20 MB.")
    BINARY = (
        "binary",
        _("This is not a text file. Choose the statement downloaded from the bank."),
    )
    XML = (
        "xml",
        _("This XML file is not a CAMT.053 statement. Download the statement as CAMT.053."),
    )
    OPERATIONS_LIST = (
        "operations_list",
        _(
            "This is mBank's list of operations (Lista operacji), which proves nothing. Download "
            "the statement of operations (Elektroniczne zestawienie operacji) instead."
        ),
    )
    CSV_COLUMNS = (
        "csv_columns",
        _(
            "This CSV file is not a known bank's statement. Import one like it on the page of statements, where you "
            "say what its columns are."
        ),
    )
    CSV_ACCOUNT = (
        "csv_account",
        _(
            "The file does not name its account. Import it on the page of statements, where you vouch for it."
        ),
    )
    CSV_BALANCES = (
        "csv_balances",
        _(
            "The file has no balances, so a missing line would not show. Import it on the page of statements, "
            "where you enter them."
        ),
    )
    CSV_CHAIN = (
        "csv_chain",
        _(
            "The balances in the file do not follow from its amounts: a line is missing, or a column is not what it is "
            "taken for."
        ),
    )
    OTHER_TEXT = (
        "other_text",
        _("This text is not a bank statement. Choose the file downloaded from the bank."),
    )
    TRUNCATED = (
        "truncated",
        _("The file ends in the middle of a statement. Download it from the bank again."),
    )
    DAMAGED = (
        "damaged",
        _("The statement is incomplete or has been changed. Download it from the bank again."),
    )
    FOREIGN_ACCOUNT = (
        "foreign_account",
        _("The account number of the statement is not a Polish one (26 digits)."),
    )


class StatementError(Exception):
    """The file is refused as a whole; nothing of it was read."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.code = refusal.value
        self.message: str | Promise = refusal.label


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One booked line.

    `booked_on` is the bank's day in Warsaw. `amount_grosze` is negative for money that left, in
    hundredths of `currency`. `payer_account` is the other side's (26 digits, a foreign IBAN or
    nothing); `bank_reference` is the strongest identifier the bank gives, or nothing, and is not
    unique in every bank. `line_number` says where it begins in the file, which is kept as it came.
    """

    booked_on: date
    amount_grosze: int
    currency: str
    kind: EntryKind
    title: str
    payer_name: str
    payer_account: str
    bank_reference: str
    line_number: int


@dataclass(frozen=True, slots=True)
class UnreadableLine:
    """A statement line kept for people to look at; it never counts as an amount of zero.

    `raw` holds its lines as they stand in the file from `line_number` on. `amount_grosze` is signed, and None where not
    even the amount can be read.
    """

    line_number: int
    raw: str
    reason: UnreadableReason
    amount_grosze: int | None = None


@dataclass(frozen=True, slots=True)
class ParsedStatement:
    """One statement of one account. Without a closing balance `closing_grosze` is None."""

    format: str
    account: str
    currency: str
    number: str
    opening_grosze: int
    closing_grosze: int | None
    rows: tuple[StatementRow, ...]
    unreadable: tuple[UnreadableLine, ...]
    # That the text was read in, one of `text_encoding.ENCODINGS`; empty where the file declares its own.
    encoding: str = ""
