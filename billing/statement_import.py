"""Importing a bank statement: parse, check, keep every line once, credit what its code names beyond doubt."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Set
from dataclasses import dataclass, field

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import events
from accounts.models import EventKind, User
from billing import csv_layouts, reversals
from billing.matching import match_lines
from billing.models import BankLine, Statement, StatementFile, UnreadLine
from billing.new_lines import Occurrences, new_line, store
from billing.statement_gaps import Gap, missing_before
from billing.statement_neighbours import keys_of_neighbours
from billing.statement_twins import mark_possible_twins
from billing.statements import read_statement
from billing.statements.checks import balance_problem
from billing.statements.reading import Reading
from billing.statements.rows import ParsedStatement

KEYS_PER_QUERY = 5_000


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
    num_unreadable: int = 0
    num_taken_back: int = 0
    gaps: list[Gap] = field(default_factory=list)
    skipped_accounts: list[str] = field(default_factory=list)


def import_statement(
    data: bytes,
    name: str,
    imported_by: User | None = None,
    reading: Reading | None = None,
    on_read: Callable[[int], object] = lambda _num_lines: None,
) -> ImportReport:
    """Import the bytes of a statement file: all of it or, with ImportRefused or StatementError, nothing.

    A line that an earlier file brought is counted and left alone; one that cannot be read is kept beside. Credits
    whose title names exactly one agency's registration code are credited and invoiced; the rest waits for staff.
    `on_read` is told the number of lines once they are read and proved, before they are booked.
    """
    file = StatementFile(
        sha256=hashlib.sha256(data).hexdigest(),
        name=name[:200],
        content=data,
        imported_by=imported_by,
    )
    reading = reading or Reading(layouts=csv_layouts.remembered(), account=settings.SELLER_ACCOUNT)
    _refuse_repeated(file)
    try:
        return _import(file, reading, on_read)
    except IntegrityError:
        # Somebody imported the same lines at this very moment. Now they are known.
        _refuse_repeated(file)
        return _import(file, reading, on_read)


def _import(
    file: StatementFile, reading: Reading, on_read: Callable[[int], object]
) -> ImportReport:
    statements = read_statement(bytes(file.content), reading)
    accounts = {statement.account for statement in statements}
    statements = [s for s in statements if s.account == settings.SELLER_ACCOUNT]
    _check(statements, accounts)
    on_read(sum(len(statement.rows) for statement in statements))
    report = ImportReport(file, skipped_accounts=sorted(accounts - {settings.SELLER_ACCOUNT}))
    with transaction.atomic():
        _store_file(report, statements)
        # A statement of 100,000 lines takes the memory that matching needs.
        statements.clear()
        _match(report)
        _take_back_reversed(report)
        missing = missing_before(list(file.statements.order_by("id")))
        report.gaps = [each.gap for each in missing if each.gap]
        _record(report)
    return report


def _store_file(report: ImportReport, statements: list[ParsedStatement]) -> None:
    report.file.pk = None
    report.file.save(force_insert=True)
    occurrences = Occurrences()
    previous: ParsedStatement | None = None
    for statement in statements:
        if previous is None or not _continues(previous, statement):
            occurrences.clear()
        _store(statement, report, occurrences)
        previous = statement


def _match(report: ImportReport) -> None:
    waiting = BankLine.objects.filter(
        statement__file=report.file, state=BankLine.State.UNMATCHED, reason=BankLine.Reason.NONE
    )
    report.num_credited = match_lines(
        list(waiting.order_by("id").values_list("pk", flat=True))
    ).credited
    report.num_waiting -= report.num_credited


def _take_back_reversed(report: ImportReport) -> None:
    reversed_lines = BankLine.objects.filter(
        statement__file=report.file, reason=BankLine.Reason.REVERSAL, amount__lt=0
    )
    fates = [reversals.settle(line) for line in reversed_lines.order_by("id")]
    report.num_taken_back = fates.count(reversals.Fate.TAKEN_BACK)
    if any(fate is not reversals.Fate.NOTHING_TO_DO for fate in fates):
        new = BankLine.objects.filter(statement__file=report.file)
        report.num_waiting = new.filter(state=BankLine.State.UNMATCHED).count()
        ended = (BankLine.State.NOT_A_PAYMENT, BankLine.State.SET_ASIDE)
        report.num_other = new.filter(state__in=ended).count()


def _record(report: ImportReport) -> None:
    """The operator's event, in Polish as the trail is; each credit is an event of its agency besides."""
    counts = (
        f"zaksięgowane: {report.num_credited}, czekają: {report.num_waiting}, "
        f"inne: {report.num_other}, znane wcześniej: {report.num_repeated}, nieodczytane: {report.num_unreadable}"
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


def _check(ours: list[ParsedStatement], accounts: Set[str]) -> None:
    if not ours:
        raise ImportRefused(
            _("The statement is of another account: %(accounts)s. Ours is %(ours)s.")
            % {"accounts": ", ".join(sorted(accounts)), "ours": settings.SELLER_ACCOUNT}
        )
    for statement in ours:
        if statement.currency != "PLN":
            raise ImportRefused(_("The statement is not in złoty but in %s.") % statement.currency)
        _refuse_future(statement)
        problem = balance_problem(statement)
        if problem and statement.unreadable:
            line = statement.unreadable[0]
            raise ImportRefused(
                _("Line %(line)d cannot be read: %(reason)s. Nothing was imported.")
                % {"line": line.line_number, "reason": line.reason.label}
            )
        if problem:
            raise ImportRefused(problem)


def _refuse_future(statement: ParsedStatement) -> None:
    today = timezone.localdate()
    row = next((row for row in statement.rows if row.booked_on > today), None)
    if row is not None:
        raise ImportRefused(
            _("Line %(line)d is booked on %(day)s, which has not come yet. Nothing was imported.")
            % {"line": row.line_number, "day": f"{row.booked_on:%d.%m.%Y}"}
        )


def _continues(previous: ParsedStatement, statement: ParsedStatement) -> bool:
    """Whether a statement goes on where the one before it in the file ends.

    Only then are equal lines in both of them two payments. In a file with the same statement twice, or with a day's
    statement and its month's, they are one. A statement that ends where it began may be its own copy.
    """
    start = statement.opening_grosze
    return start == previous.closing_grosze != previous.opening_grosze


def _store(parsed: ParsedStatement, report: ImportReport, occurrences: Occurrences) -> None:
    """Store a statement with those of its lines that are new, and count them."""
    days = [row.booked_on for row in parsed.rows]
    statement = Statement(
        file=report.file,
        format=parsed.format,
        encoding=parsed.encoding,
        account=parsed.account,
        number=parsed.number[:35],
        opening_balance=parsed.opening_grosze,
        closing_balance=parsed.closing_grosze,
        first_day=min(days, default=None),
        last_day=max(days, default=None),
    )
    neighbours = keys_of_neighbours(parsed)
    lines = [new_line(row, statement.account, occurrences, neighbours) for row in parsed.rows]
    keys = {line.key for line in lines}
    known = _known(keys)
    new = [line for line in lines if line.key not in known]
    mark_possible_twins(new, statement, keys)
    statement.num_repeated = len(lines) - len(new)
    statement.save(force_insert=True)
    store(new, statement)
    _keep_unreadable(parsed, statement)
    num_waiting = sum(line.is_waiting for line in new)
    report.num_waiting += num_waiting
    report.num_other += len(new) - num_waiting
    report.num_repeated += statement.num_repeated
    report.num_unreadable += len(parsed.unreadable)


def _known(keys: Set[str]) -> set[str]:
    """Which keys are stored, asked in portions that every database takes as parameters."""
    known, asked = set[str](), list(keys)
    for start in range(0, len(asked), KEYS_PER_QUERY):
        portion = BankLine.objects.filter(key__in=asked[start : start + KEYS_PER_QUERY])
        known.update(portion.values_list("key", flat=True))
    return known


def _keep_unreadable(parsed: ParsedStatement, statement: Statement) -> None:
    UnreadLine.objects.bulk_create(
        UnreadLine(
            statement=statement,
            line_number=line.line_number,
            amount=line.amount_grosze,
            reason=line.reason,
            raw=line.raw,
        )
        for line in parsed.unreadable
    )
