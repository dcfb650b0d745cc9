"""What workers do for an import: read the file, check its rows, bring them into the book.

Each step is done part by part, in a transaction each. A worker that dies leaves an import that another takes up.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic, sleep

from django.db import transaction
from django.db.models import F

from messaging import contact_imports as imports
from messaging.book_loading import (
    NameAndPolicy,
    find_by_policy,
    folded_name,
    group_names,
    name_and_policy,
)
from messaging.book_writing import Written, write_rows
from messaging.contact_file_errors import ContactFileError
from messaging.contact_files import Line, read_lines
from messaging.contact_rows import ContactRow, RefusedLine, RowReader
from messaging.contact_values import clean_cell
from messaging.import_parts import (
    in_parts,
    pack_lines,
    pack_refused,
    pack_rows,
    unpack_lines,
    unpack_refused,
    unpack_rows,
)
from messaging.models import Channel, ContactImport, ContactImportPart
from messaging.opt_outs import Said
from messaging.phones import PhoneError, parse_mobile

State = ContactImport.State

# Seconds between two parts: on SQLite the small writes of others get in between.
GAP = 0.002
# By one file. More are a column that was taken for groups and holds something else.
MAX_NEW_GROUPS = 200


def read_file(import_id: int) -> None:
    """Take the file apart into lines. Begun anew, should a worker have died over it."""
    contact_import = imports.claim(import_id, State.READING)
    if contact_import is None:
        return
    try:
        headers = _write_parts(contact_import)
    except ContactFileError as error:
        imports.fail(contact_import, error.code, error.line)
    else:
        if headers is not None:
            imports.note_read(contact_import, headers)


def _write_parts(contact_import: ContactImport) -> list[str] | None:
    """Returns the headers; None if the import was taken away meanwhile."""
    contact_import.parts.all().delete()
    lines = read_lines(bytes(contact_import.file.content))
    headers = [clean_cell(header) for header in next(lines).cells]
    if any(map(_is_mobile, headers)):
        raise ContactFileError("headers_missing")
    num_rows = 0
    for number, part in enumerate(in_parts(lines)):
        num_rows += len(part)
        with transaction.atomic():
            if not imports.advance(contact_import, num_rows=num_rows):
                return None
            ContactImportPart.objects.create(
                contact_import=contact_import, number=number, lines=pack_lines(part)
            )
    return headers


def _is_mobile(cell: str) -> bool:
    try:
        parse_mobile(cell)
    except PhoneError:
        return False
    return True


def check(import_id: int) -> None:
    """Read every row by the chosen columns and note all problems. Begun anew, should a worker have died over it."""
    contact_import = imports.claim(import_id, State.CHECKING)
    if contact_import is None:
        return
    checker = _Checker(contact_import)
    for number in contact_import.parts.order_by("number").values_list("number", flat=True):
        with _collector_paused():
            is_checked = checker.check_part(contact_import.parts.get(number=number))
        if not is_checked:
            return
        if len(checker.new_groups) > MAX_NEW_GROUPS:
            imports.ask_again(contact_import, "too_many_groups")
            return
    imports.note_checked(contact_import, checker.counts)


class _Checker:
    """Reads the parts of an import one after the other."""

    def __init__(self, contact_import: ContactImport) -> None:
        self.counts: Counter[tuple[int, str, int | None]] = Counter()
        # Names in lower case.
        self.new_groups: set[str] = set()
        self._import = contact_import
        self._reader = RowReader(contact_import.columns)
        self._num_checked = self._num_refused = 0
        self._groups = group_names(contact_import.agency)
        # Names and policies of earlier rows: a later one without a phone may be about them. Most files have no such
        # row, so they are made comparable (which takes a sixth of the check) once one comes.
        self._named: list[tuple[str, str, str, str]] = []
        self._met: set[NameAndPolicy] = set()

    def check_part(self, part: ContactImportPart) -> bool:
        """False if the import was taken away meanwhile."""
        lines = unpack_lines(part)
        rows, refused = self._read(lines)
        self.new_groups |= {name.lower() for row in rows for name in row.groups} - self._groups
        for item in refused:
            self.counts.update((p.column, p.code, p.limit) for p in item.problems)
        self._num_checked += len(lines)
        self._num_refused += len(refused)
        with transaction.atomic():
            part.rows, part.refused = pack_rows(rows), pack_refused(refused)
            part.num_refused = len(refused)
            part.save(update_fields=["rows", "refused", "num_refused"])
            return imports.advance(
                self._import, num_checked=self._num_checked, num_refused=self._num_refused
            )

    def _read(self, lines: Sequence[Line]) -> tuple[list[ContactRow], list[RefusedLine]]:
        read = [(line, self._reader.read(line)) for line in lines]
        without_phone = [
            name_and_policy(row)
            for _line, row in read
            if isinstance(row, ContactRow) and not row.phone
        ]
        known = find_by_policy(self._import.agency, without_phone)
        rows, refused = [], []
        for line, row in read:
            if isinstance(row, ContactRow) and not self._is_somebody(row, known):
                row = self._reader.refuse(line, row.phone_problem)
            if isinstance(row, ContactRow):
                rows.append(row)
            else:
                refused.append(row)
        return rows, refused

    def _is_somebody(self, row: ContactRow, known: dict[NameAndPolicy, int]) -> bool:
        """Whether it is known whom the row is about, by now. Sure it is only when the row is stored."""
        if row.phone:
            if row.policy_number:
                name = (row.first_name, row.last_name, row.company)
                self._named.append((*name, row.policy_number))
            return True
        self._met.update((folded_name(*name), policy) for *name, policy in self._named)
        self._named.clear()
        return name_and_policy(row) in self._met or name_and_policy(row) in known


def run(import_id: int, time_budget: float) -> None:
    """Bring the parts into the book that are not there yet. After `time_budget` seconds another job goes on."""
    contact_import = imports.claim(import_id, State.RUNNING)
    if contact_import is None:
        return
    end = monotonic() + time_budget
    numbers = contact_import.parts.order_by("number").values_list("number", flat=True)
    for number in list(numbers.filter(number__gte=contact_import.num_parts_done)):
        if monotonic() > end:
            imports.hand_over(contact_import)
            return
        with _collector_paused():
            is_written = _write_part(contact_import, contact_import.parts.get(number=number))
        if not is_written:
            return
        sleep(GAP)
    imports.finish(contact_import)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """A part makes tens of thousands of objects without cycles: looking for cycles took a quarter of its time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@transaction.atomic
def _write_part(contact_import: ContactImport, part: ContactImportPart) -> bool:
    """Write the part and count it as done, both or neither. False if the import was taken away meanwhile."""
    # First, so that nobody else writes or cancels it before this is committed.
    if not imports.advance(contact_import):
        return False
    said = Said(
        channel=Channel.IMPORT,
        source=contact_import.file_name,
        recorded_by=contact_import.started_by,
    )
    written = write_rows(contact_import.agency, unpack_rows(part), said=said)
    _refuse(contact_import, part, written)
    return imports.advance(
        contact_import,
        num_parts_done=F("num_parts_done") + 1,
        num_created=F("num_created") + written.num_created,
        num_updated=F("num_updated") + written.num_updated,
        num_unchanged=F("num_unchanged") + written.num_unchanged,
        num_refused=F("num_refused") + len(written.nobody),
    )


def _refuse(contact_import: ContactImport, part: ContactImportPart, written: Written) -> None:
    """Note the rows whose client was there when they were checked and is not any more."""
    if not written.nobody:
        return
    lines = {line.number: line for line in unpack_lines(part)}
    reader = RowReader(contact_import.columns)
    refused = unpack_refused(part)
    refused += [reader.refuse(lines[row.line_number], "nobody") for row in written.nobody]
    part.refused = pack_refused(sorted(refused, key=lambda item: item.line.number))
    part.num_refused = len(refused)
    part.save(update_fields=["refused", "num_refused"])
