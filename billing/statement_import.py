"""Importing a bank statement: parse, check, keep every line once, credit what its code names beyond doubt."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Set
from dataclasses import dataclass, field

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import events
from accounts.models import Agency, EventKind, User
from accounts.registration_codes import fold
from billing import booking
from billing.models import BankLine, Statement, StatementFile
from billing.statement_neighbours import keys_of_neighbours
from billing.statements import read_statement
from billing.statements.checks import balance_problem
from billing.statements.rows import EntryKind, ParsedStatement, StatementRow
from billing.transfer_titles import CodeIndex, find_codes

State = BankLine.State
Reason = BankLine.Reason


class ImportRefused(Exception):
    """Nothing was imported; `str()` says why in the user's language."""


class AlreadyImported(ImportRefused):
    """The same bytes were imported before."""

    def __init__(self, file: StatementFile) -> None:
        day = timezone.localtime(file.imported_at).strftime("%d.%m.%Y %H:%M")
        super().__init__(
            _("This file was imported on %(day)s already. Nothing was credited again.")
            % {"day": day}
        )
        self.file = file


@dataclass
class ImportReport:
    """What an import did, by number of lines."""

    file: StatementFile
    num_credited: int = 0
    num_waiting: int = 0
    num_other: int = 0
    num_repeated: int = 0
    skipped_accounts: list[str] = field(default_factory=list)


def import_statement(data: bytes, name: str, imported_by: User | None = None) -> ImportReport:
    """Import the bytes of a statement file: all of it or, with ImportRefused or StatementError, nothing.

    A line that an earlier file brought is counted and left alone. Credits whose title names exactly one agency's
    registration code are credited and invoiced; the rest waits for staff.
    """
    file = StatementFile(
        sha256=hashlib.sha256(data).hexdigest(),
        name=name[:200],
        content=data,
        imported_by=imported_by,
    )
    _refuse_repeated(file)
    statements = read_statement(data)
    ours = [s for s in statements if s.account == settings.SELLER_ACCOUNT]
    _check(statements, ours)
    try:
        report = _import(file, ours)
    except IntegrityError:
        # Somebody imported the same lines at this very moment. Now they are known.
        _refuse_repeated(file)
        report = _import(file, ours)
    report.skipped_accounts = sorted({s.account for s in statements} - {settings.SELLER_ACCOUNT})
    return report


@transaction.atomic
def _import(file: StatementFile, statements: list[ParsedStatement]) -> ImportReport:
    file.pk = None
    file.save(force_insert=True)
    report = ImportReport(file)
    occurrences: Counter[tuple[object, ...]] = Counter()
    previous: ParsedStatement | None = None
    for statement in statements:
        if previous is None or not _continues(previous, statement):
            occurrences.clear()
        _store(statement, report, occurrences)
        previous = statement
    _credit_by_code(report)
    _record(report)
    return report


def _record(report: ImportReport) -> None:
    """The operator's event, in Polish as the trail is; each credit is an event of its agency besides."""
    counts = (
        f"zaksięgowane: {report.num_credited}, czekają: {report.num_waiting}, "
        f"inne: {report.num_other}, znane wcześniej: {report.num_repeated}"
    )
    events.record(
        EventKind.STATEMENT_IMPORTED,
        f"{report.file.name[:100]} ({counts})",
        person=report.file.imported_by,
    )


def _refuse_repeated(file: StatementFile) -> None:
    repeated = StatementFile.objects.filter(sha256=file.sha256).first()
    if repeated is not None:
        raise AlreadyImported(repeated)


def _check(statements: list[ParsedStatement], ours: list[ParsedStatement]) -> None:
    if not ours:
        accounts = ", ".join(sorted({s.account for s in statements}))
        raise ImportRefused(
            _("The statement is of another account: %(accounts)s. Ours is %(ours)s.")
            % {"accounts": accounts, "ours": settings.SELLER_ACCOUNT}
        )
    for statement in ours:
        if statement.currency != "PLN":
            raise ImportRefused(_("The statement is not in złoty but in %s.") % statement.currency)
        if statement.unreadable:
            line = statement.unreadable[0]
            raise ImportRefused(
                _("Line %(line)d cannot be read: %(reason)s. Nothing was imported.")
                % {"line": line.line_number, "reason": line.reason.label}
            )
        problem = balance_problem(statement)
        if problem:
            raise ImportRefused(problem)


def _continues(previous: ParsedStatement, statement: ParsedStatement) -> bool:
    """Whether a statement goes on where the one before it in the file ends.

    Only then are equal lines in both of them two payments. In a file with the same statement twice, or with a day's
    statement and its month's, they are one. A statement that ends where it began may be its own copy.
    """
    start = statement.opening_grosze
    return start == previous.closing_grosze != previous.opening_grosze


def _store(
    parsed: ParsedStatement, report: ImportReport, occurrences: Counter[tuple[object, ...]]
) -> None:
    statement = Statement.objects.create(
        file=report.file,
        format=parsed.format,
        account=parsed.account,
        number=parsed.number,
        opening_balance=parsed.opening_grosze,
        closing_balance=parsed.closing_grosze,
    )
    neighbours = keys_of_neighbours(parsed)
    lines = [_line(row, statement, occurrences, neighbours) for row in parsed.rows]
    known = set(
        BankLine.objects.filter(key__in=[line.key for line in lines]).values_list("key", flat=True)
    )
    new = [line for line in lines if line.key not in known]
    BankLine.objects.bulk_create(new)
    statement.num_repeated = len(lines) - len(new)
    statement.save(update_fields=["num_repeated"])
    report.num_repeated += statement.num_repeated
    report.num_other += sum(line.state == State.NOT_A_PAYMENT for line in new)


def _line(
    row: StatementRow,
    statement: Statement,
    occurrences: Counter[tuple[object, ...]],
    neighbours: Set[str],
) -> BankLine:
    reason = _reason_not_a_payment(row)
    key = _key(statement.account, row, occurrences)
    while key in neighbours:
        # Not the same line: a statement that touches this one holds it. Whether both are payments, staff say.
        key = _key(statement.account, row, occurrences)
        reason = reason or Reason.POSSIBLE_TWIN
    return BankLine(
        statement=statement,
        key=key,
        line_number=row.line_number,
        booked_on=row.booked_on,
        amount=row.amount_grosze,
        currency=row.currency,
        title=row.title[:500],
        payer_name=row.payer_name[:300],
        payer_account=row.payer_account[:34],
        raw=row.raw,
        state=State.UNMATCHED if reason in _WAITS else State.NOT_A_PAYMENT,
        reason=reason,
    )


def _key(account: str, row: StatementRow, occurrences: Counter[tuple[object, ...]]) -> str:
    """What makes a booking the same in any file: its content, and which of its genuine twins of that day it is.

    Version 1 of the rule. A later rule must not recompute the keys of stored lines.
    """
    content = (
        "v1",
        account,
        row.booked_on,
        row.amount_grosze,
        row.currency,
        row.kind,
        row.payer_account,
        fold(row.title)[:60],
    )
    occurrences[content] += 1
    text = "|".join(map(str, (*content, occurrences[content])))
    return hashlib.sha256(text.encode()).hexdigest()


_WAITS = (Reason.NONE, Reason.POSSIBLE_TWIN)


def _reason_not_a_payment(row: StatementRow) -> Reason:
    if row.kind in (EntryKind.REVERSAL_OF_CREDIT, EntryKind.REVERSAL_OF_DEBIT):
        return Reason.REVERSAL
    if row.kind != EntryKind.CREDIT:
        return Reason.OUTGOING
    if row.currency != "PLN":
        return Reason.OTHER_CURRENCY
    if row.amount_grosze <= 0:
        return Reason.ZERO
    return Reason.NONE


def _credit_by_code(report: ImportReport) -> None:
    agencies = {agency.registration_code: agency for agency in Agency.objects.all()}
    codes = CodeIndex(agencies)
    waiting = BankLine.objects.filter(statement__file=report.file, state=State.UNMATCHED)
    report.num_waiting += waiting.filter(reason=Reason.POSSIBLE_TWIN).count()
    for line in waiting.filter(reason=Reason.NONE).order_by("id"):
        found = find_codes(line.title, codes)
        if len(found) == 1:
            booking.credit_line(line, agencies[found[0]])
            report.num_credited += 1
        else:
            line.reason = Reason.SEVERAL_CODES if found else Reason.NO_CODE
            line.save(update_fields=["reason"])
            report.num_waiting += 1
