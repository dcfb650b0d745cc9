"""The life of an import of contacts, from the upload to the report. The only writer of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts import events
from accounts.folding import fold
from accounts.jobs import enqueue
from accounts.models import Agency, EventKind, User
from messaging.contact_columns import recognise, recognise_all
from messaging.models import ChosenColumn, ContactImport, ContactImportFile, ContactImportPart

State = ContactImport.State

# What files hold is deleted after it, whatever became of the import.
KEEP = timedelta(hours=24)
# Above the queue's timeout (Q_CLUSTER): a worker that claimed it longer ago is dead.
LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 3
# Folded headers longer than this are not remembered.
MAX_HEADER_LENGTH = 100

JOBS = {
    State.READING: "messaging.tasks.read_contact_file",
    State.CHECKING: "messaging.tasks.check_contacts",
    State.RUNNING: "messaging.tasks.import_contacts",
}
_NOT_STARTED = (State.READING, State.COLUMNS, State.CHECKING, State.READY)


class AnotherRuns(Exception):
    """Another import of the agency is running. Nothing was written."""


@transaction.atomic
def start(*, agency: Agency, started_by: User, file_name: str, content: bytes) -> ContactImport:
    """Keep a file and have it read. What the same person sent before and did not import is cancelled."""
    for earlier in agency.contact_imports.filter(started_by=started_by, state__in=_NOT_STARTED):
        cancel(earlier)
    contact_import = ContactImport.objects.create(
        agency=agency, started_by=started_by, file_name=file_name.replace("\0", "")[-100:]
    )
    ContactImportFile.objects.create(contact_import=contact_import, content=content)
    enqueue(JOBS[State.READING], contact_import.pk)
    return contact_import


def claim(import_id: int, state: State) -> ContactImport | None:
    """Take an import in that state for this worker; None if it went on, was given up or is in other hands."""
    now = timezone.now()
    free = ContactImport.objects.filter(pk=import_id, state=state, attempts__lt=MAX_ATTEMPTS)
    for claimable in (free.filter(claimed_at=None), free.filter(claimed_at__lte=now - LEASE)):
        if claimable.update(claimed_at=now, attempts=F("attempts") + 1):
            claimed = ContactImport.objects.select_related("agency", "started_by")
            # Another worker may have it by now, if this one was held up.
            return claimed.filter(pk=import_id, claimed_at=now).first()
    return None


def advance(contact_import: ContactImport, **changes: Any) -> bool:
    """Note progress of the worker that claimed it. False if it was taken away meanwhile: cancelled, or overdue."""
    now = timezone.now()
    moved = _mine(contact_import).update(claimed_at=now, attempts=0, **changes)
    if moved:
        contact_import.claimed_at = now
    return bool(moved)


@transaction.atomic
def note_read(contact_import: ContactImport, headers: Sequence[str]) -> bool:
    """All parts are written: recognise the columns and wait for the person."""
    chosen = contact_import.agency.chosen_columns.values_list("header", "column")
    ContactImportFile.objects.filter(contact_import=contact_import).delete()
    return advance(
        contact_import,
        state=State.COLUMNS,
        headers=list(headers),
        columns=recognise_all(headers, dict(chosen)),
    )


@transaction.atomic
def confirm_columns(contact_import: ContactImport, columns: Sequence[str]) -> bool:
    """Take the columns as chosen, remember them for the next file, have the rows checked. False if it is too late."""
    waiting = ContactImport.objects.filter(
        pk=contact_import.pk, state__in=[State.COLUMNS, State.READY]
    )
    confirmed = waiting.update(
        state=State.CHECKING,
        columns=list(columns),
        num_checked=0,
        num_refused=0,
        problem_counts=[],
        error="",
        claimed_at=None,
        attempts=0,
    )
    if confirmed:
        _remember(contact_import, columns)
        enqueue(JOBS[State.CHECKING], contact_import.pk)
    return bool(confirmed)


def _remember(contact_import: ContactImport, columns: Sequence[str]) -> None:
    """Keep what differs from what the portal would take the headers for."""
    for header, column in zip(map(fold, contact_import.headers), columns, strict=True):
        own = ChosenColumn.objects.filter(agency_id=contact_import.agency_id, header=header)
        if recognise(header) == column:
            own.delete()
        elif header and len(header) <= MAX_HEADER_LENGTH:
            ChosenColumn.objects.update_or_create(
                agency_id=contact_import.agency_id, header=header, defaults={"column": column}
            )


def ask_again(contact_import: ContactImport, error: str) -> bool:
    """The columns cannot be meant so, for a reason of messaging/contact_file_errors.py: the person chooses anew."""
    return advance(contact_import, state=State.COLUMNS, error=error)


def note_checked(contact_import: ContactImport, counts: Mapping[tuple[Any, ...], int]) -> bool:
    """Every row is checked. `counts`: how often each (column, code, limit) was found."""
    listed = [[*problem, count] for problem, count in sorted(counts.items(), key=str)]
    return advance(contact_import, state=State.READY, problem_counts=listed)


def run(contact_import: ContactImport) -> bool:
    """Start bringing the checked rows into the book. False if it does not wait for that. Raises AnotherRuns."""
    ready = ContactImport.objects.filter(pk=contact_import.pk, state=State.READY)
    try:
        with transaction.atomic():
            started = ready.update(state=State.RUNNING, claimed_at=None, attempts=0)
            if started:
                enqueue(JOBS[State.RUNNING], contact_import.pk)
    except IntegrityError:
        raise AnotherRuns from None
    return bool(started)


def hand_over(contact_import: ContactImport) -> None:
    """Let the next job carry on: this one has run long enough."""
    with transaction.atomic():
        if _mine(contact_import).update(claimed_at=None):
            enqueue(JOBS[State(contact_import.state)], contact_import.pk)


@transaction.atomic
def finish(contact_import: ContactImport) -> bool:
    """All parts are in the book."""
    return _end(_mine(contact_import), State.DONE, contact_import.pk)


@transaction.atomic
def cancel(contact_import: ContactImport) -> bool:
    """Stop it, wherever it is. What is in the book stays. False if it was over."""
    unfinished = ContactImport.objects.filter(pk=contact_import.pk, finished_at=None)
    return _end(unfinished, State.CANCELLED, contact_import.pk)


@transaction.atomic
def fail(contact_import: ContactImport, error: str, line: int | None = None) -> bool:
    """Give it up for a reason of messaging/contact_file_errors.py. What is in the book stays."""
    own = ContactImport.objects.filter(pk=contact_import.pk, state=contact_import.state)
    return _end(own, State.FAILED, contact_import.pk, error=error, error_line=line)


def _end(imports: QuerySet[ContactImport], state: State, pk: int, **changes: Any) -> bool:
    ended = imports.update(state=state, finished_at=timezone.now(), claimed_at=None, **changes)
    if not ended:
        return False
    ContactImportFile.objects.filter(contact_import=pk).delete()
    parts = ContactImportPart.objects.filter(contact_import=pk)
    contact_import = ContactImport.objects.select_related("agency", "started_by").get(pk=pk)
    if contact_import.num_parts_done:
        parts.update(lines=b"", rows=b"")
        _record(contact_import)
    elif state != State.DONE:
        parts.delete()
    return True


def _record(contact_import: ContactImport) -> None:
    # In Polish, as the trail is.
    counts = (
        f"nowi: {contact_import.num_created}, zmienieni: {contact_import.num_updated},"
        f" bez zmian: {contact_import.num_unchanged}, odrzuceni: {contact_import.num_refused}"
    )
    events.record(
        EventKind.CONTACTS_IMPORTED,
        counts,
        agency=contact_import.agency,
        person=contact_import.started_by,
    )


def resume() -> None:
    """Queue jobs again for imports that no worker has, give up those that killed too many: for the sweep."""
    overdue = timezone.now() - LEASE
    unfinished = ContactImport.objects.filter(finished_at=None, state__in=JOBS)
    left_behind = unfinished.filter(claimed_at__lte=overdue) | unfinished.filter(
        claimed_at=None, started_at__lte=overdue
    )
    for contact_import in left_behind:
        if contact_import.attempts >= MAX_ATTEMPTS:
            fail(contact_import, "gave_up")
        else:
            enqueue(JOBS[State(contact_import.state)], contact_import.pk)


def forget(now: datetime) -> None:
    """Delete what files held a day ago. What is left of an import is its report."""
    for stale in ContactImport.objects.filter(finished_at=None, started_at__lte=now - KEEP):
        cancel(stale)
    old = ContactImportPart.objects.filter(contact_import__finished_at__lte=now - KEEP)
    # A few at a time: a long deletion would keep everybody else from writing on SQLite.
    while ids := list(old.values_list("pk", flat=True)[:20]):
        ContactImportPart.objects.filter(pk__in=ids).delete()


def _mine(contact_import: ContactImport) -> QuerySet[ContactImport]:
    """The row, as long as nobody else has claimed, cancelled or failed it."""
    return ContactImport.objects.filter(
        pk=contact_import.pk, state=contact_import.state, claimed_at=contact_import.claimed_at
    )
