"""The life of a data export: asked for, claimed by a worker, made, downloaded, expired. The only writer of its rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import IO

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts import events
from accounts.models import Agency, DataExport, DataExportPart, EventKind, User
from accounts.outbox import queue_mail

State = DataExport.State

KEEP = timedelta(hours=24)
# Above the queue's timeout (Q_CLUSTER): a worker that claimed it longer ago is dead.
LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 3
# Bytes of an archive in one row.
PART_SIZE = 1024 * 1024


class AlreadyUnderWay(Exception):
    """The agency's export is being made already. Nothing was written."""


@transaction.atomic
def ask(*, agency: Agency, asked_by: User) -> DataExport:
    """Note that an export is wanted; the caller queues its making. Raises AlreadyUnderWay."""
    try:
        with transaction.atomic():
            export = DataExport.objects.create(agency=agency, asked_by=asked_by)
    except IntegrityError as error:
        raise AlreadyUnderWay from error
    events.record(EventKind.DATA_EXPORT_ASKED, agency=agency, person=asked_by)
    return export


def claim(export_id: int) -> DataExport | None:
    """Take the export for this worker, in a new attempt; None when it is made, given up or in other hands."""
    with transaction.atomic():
        claimable = _claimable().filter(pk=export_id, attempts__lt=MAX_ATTEMPTS)
        claimed = claimable.update(
            state=State.RUNNING,
            claimed_at=timezone.now(),
            attempts=F("attempts") + 1,
            num_done=0,
            num_files=0,
        )
        # In the same transaction, so that the attempt's number is this worker's own.
        return DataExport.objects.select_related("agency").get(pk=export_id) if claimed else None


def note_progress(export: DataExport, num_done: int, num_files: int) -> None:
    """How many files of how many are in the archive."""
    _mine(export).update(num_done=num_done, num_files=num_files)


def store(export: DataExport, archive: IO[bytes]) -> bool:
    """Keep the finished archive for KEEP and tell by mail. False if the export was taken away meanwhile.

    The part rows of each attempt are its own; only the one that ends as `attempts` says is ever served.
    """
    size = 0
    for number, content in enumerate(iter(lambda: archive.read(PART_SIZE), b"")):
        DataExportPart.objects.create(
            export=export, attempt=export.attempts, number=number, content=content
        )
        size += len(content)
    if _finish(export, size):
        _drop(DataExportPart.objects.filter(export=export).exclude(attempt=export.attempts))
        return True
    _drop(DataExportPart.objects.filter(export=export, attempt=export.attempts))
    return False


@transaction.atomic
def _finish(export: DataExport, size: int) -> bool:
    now = timezone.now()
    finished = _mine(export).update(
        state=State.READY, size=size, finished_at=now, expires_at=now + KEEP
    )
    if not finished:
        return False
    # The newest has all that the older ones have.
    older = DataExport.objects.filter(agency=export.agency, pk__lt=export.pk, expires_at__gt=now)
    older.update(expires_at=now)
    queue_mail("accounts.data_export_mails.send_export_ready", export.pk)
    return True


def fetch(export: DataExport, *, fetched_by: User) -> Iterator[bytes]:
    """The archive, piece by piece. Notes who fetched it."""
    events.record(EventKind.DATA_EXPORT_FETCHED, agency=export.agency, person=fetched_by)
    parts = export.parts.filter(attempt=export.attempts).order_by("number")
    numbers = list(parts.values_list("number", flat=True))
    return (bytes(parts.get(number=number).content) for number in numbers)


def due() -> list[int]:
    """Exports that wait for a worker, or that a dead one left: for the sweep."""
    return list(_claimable().filter(attempts__lt=MAX_ATTEMPTS).values_list("pk", flat=True))


def give_up() -> int:
    """Mark as failed what MAX_ATTEMPTS workers could not finish. Returns how many."""
    hopeless = list(_claimable().filter(attempts__gte=MAX_ATTEMPTS).values_list("pk", flat=True))
    given_up = (
        _claimable().filter(pk__in=hopeless).update(state=State.FAILED, finished_at=timezone.now())
    )
    _drop(DataExportPart.objects.filter(export__in=hopeless, export__state=State.FAILED))
    return given_up


def drop_expired() -> None:
    """Delete archives whose time is over. What is left of an export is the line that tells about it."""
    _drop(DataExportPart.objects.filter(export__expires_at__lte=timezone.now()))


def _claimable() -> QuerySet[DataExport]:
    dead = Q(state=State.RUNNING, claimed_at__lte=timezone.now() - LEASE)
    return DataExport.objects.filter(Q(state=State.WAITING) | dead)


def _mine(export: DataExport) -> QuerySet[DataExport]:
    """The row, as long as nobody else has claimed, failed or erased it."""
    return DataExport.objects.filter(pk=export.pk, state=State.RUNNING, attempts=export.attempts)


def _drop(parts: QuerySet[DataExportPart]) -> None:
    """A few at a time: a long deletion would keep everybody else from writing on SQLite."""
    while ids := list(parts.values_list("pk", flat=True)[:20]):
        DataExportPart.objects.filter(pk__in=ids).delete()
