"""The life of a statement that was sent from the browser. The only writer of its rows.

The worker that booked it and died before it could say so leaves the file in the books: the next one finds it there.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.jobs import enqueue
from accounts.models import User
from accounts.origin import Origin, carrying_on, current_origin
from billing import csv_layouts
from billing.models import StatementFile, StatementUpload
from billing.statement_import import AlreadyImported, ImportRefused, ImportReport, import_statement
from billing.statements import is_encoding_in_doubt
from billing.statements.archives import is_archive
from billing.statements.reading import Reading
from billing.statements.rows import Refusal, StatementError

State = StatementUpload.State

# What files hold is deleted after it, whatever became of them; those in the books are kept there.
KEEP = timedelta(hours=24)
# Above the queue's timeout (Q_CLUSTER): a worker that claimed it longer ago is dead.
LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 3
JOB = "billing.tasks.import_upload"

ENCODING = "encoding"
# What a person can answer, and how it is asked; everything else ends the upload.
QUESTIONS = {
    Refusal.CSV_COLUMNS.value: gettext_lazy(
        "This bank's table is new to us. Say once what its columns are; the next files with these headers are read by "
        "themselves."
    ),
    Refusal.CSV_ACCOUNT.value: gettext_lazy("The file does not name its account. Is it ours?"),
    Refusal.CSV_BALANCES.value: gettext_lazy(
        "The file has no balances, so a missing line would not show. Enter them below."
    ),
    Refusal.CSV_CHAIN.value: Refusal.CSV_CHAIN.label,
}
_WORKING = (State.WAITING, State.BOOKING)


@dataclass(frozen=True, slots=True)
class Answers:
    """What the person has said of a file: see `Reading`. `layout` are the folded headers that `columns` belong to."""

    encoding: str = ""
    layout: str = ""
    columns: list[str] = field(default_factory=list)
    is_vouched: bool = False
    opening: int | None = None
    closing: int | None = None

    def reading(self) -> Reading:
        layouts = csv_layouts.remembered()
        if self.layout:
            layouts[self.layout] = self.columns
        return Reading(
            encoding=self.encoding,
            layouts=layouts,
            account=settings.SELLER_ACCOUNT,
            is_vouched=self.is_vouched,
            opening_grosze=self.opening,
            closing_grosze=self.closing,
        )


@transaction.atomic
def start(content: bytes, name: str, by: User) -> StatementUpload:
    """Keep a file and have it imported."""
    origin = current_origin()
    upload = StatementUpload.objects.create(
        ip=origin.ip,
        user_agent=origin.user_agent.replace("\0", ""),
        name=name.replace("\0", "")[-200:],
        content=content,
        uploaded_by=by,
        language=translation.get_language() or settings.LANGUAGE_CODE,
    )
    enqueue(JOB, upload.pk)
    return upload


@transaction.atomic
def answer(upload: StatementUpload, answers: Answers) -> bool:
    """Read the file again, as the person says. False if it does not ask any more."""
    asking = StatementUpload.objects.filter(pk=upload.pk, state=State.ASKING)
    answered = asking.update(
        state=State.WAITING,
        reason="",
        error="",
        answers=asdict(answers),
        claimed_at=None,
        attempts=0,
    )
    if answered:
        enqueue(JOB, upload.pk)
    return bool(answered)


def give_up(upload: StatementUpload) -> None:
    """The person does not want to import it."""
    StatementUpload.objects.filter(pk=upload.pk, state=State.ASKING).update(
        state=State.REFUSED, reason="given_up", error=_("You gave it up."), content=b""
    )


def run(upload_id: int) -> None:
    """Read one file and book it, unless it was done or is in other hands."""
    upload = _claim(upload_id)
    if upload is None:
        return
    answers = Answers(**upload.answers)
    origin = Origin(upload.uploaded_by, upload.ip, upload.user_agent)
    with translation.override(upload.language), carrying_on(origin):
        try:
            _import(upload, answers)
        except AlreadyImported as error:
            _finish(upload, error.file, error=str(error))
        except ImportRefused as error:
            # What was typed may be the reason: balances that do not fit, columns that are mistaken.
            _stop(upload, State.ASKING if answers.layout else State.REFUSED, "refused", str(error))
        except StatementError as error:
            question = None if is_archive(bytes(upload.content)) else QUESTIONS.get(error.code)
            state = State.REFUSED if question is None else State.ASKING
            _stop(upload, state, error.code, str(question or error.message))


def _import(upload: StatementUpload, answers: Answers) -> None:
    content = bytes(upload.content)
    if not answers.encoding and is_encoding_in_doubt(content):
        _stop(upload, State.ASKING, ENCODING, _("It is not sure how the letters are written."))
        return

    def note_read(num_lines: int) -> None:
        _mine(upload).update(state=State.BOOKING, num_lines=num_lines)

    report = import_statement(
        content, upload.name, upload.uploaded_by, answers.reading(), on_read=note_read
    )
    if answers.layout:
        csv_layouts.remember(answers.layout, answers.columns, upload.uploaded_by)
    _finish(upload, report.file, report=_counts(report))


def _counts(report: ImportReport) -> dict[str, Any]:
    names = ("credited", "waiting", "repeated", "unreadable", "taken_back")
    counts = {name: getattr(report, f"num_{name}") for name in names}
    return {**counts, "skipped_accounts": report.skipped_accounts}


def _claim(upload_id: int) -> StatementUpload | None:
    """Take it for this worker: a dead one's only when its lease is over."""
    now = timezone.now()
    free = Q(claimed_at=None) | Q(claimed_at__lte=now - LEASE)
    waiting = StatementUpload.objects.filter(
        free, pk=upload_id, state__in=_WORKING, attempts__lt=MAX_ATTEMPTS
    )
    if not waiting.update(claimed_at=now, attempts=F("attempts") + 1, state=State.WAITING):
        return None
    claimed = StatementUpload.objects.select_related("uploaded_by")
    return claimed.filter(pk=upload_id, claimed_at=now).first()


def _mine(upload: StatementUpload) -> Any:
    """The row, as long as no other worker has it."""
    return StatementUpload.objects.filter(
        pk=upload.pk, state__in=_WORKING, claimed_at=upload.claimed_at
    )


def _stop(upload: StatementUpload, state: State, reason: str, error: str) -> None:
    changes: dict[str, Any] = {"content": b""} if state == State.REFUSED else {}
    _mine(upload).update(state=state, reason=reason, error=error, **changes)


def _finish(
    upload: StatementUpload,
    file: StatementFile,
    report: dict[str, Any] | None = None,
    error: str = "",
) -> None:
    _mine(upload).update(state=State.DONE, file=file, report=report or {}, error=error, content=b"")


def sweep() -> None:
    """Queue again what dead workers left, give up what killed too many, delete what is a day old."""
    overdue = timezone.now() - LEASE
    left = StatementUpload.objects.filter(state__in=_WORKING).filter(
        Q(claimed_at__lte=overdue) | Q(claimed_at=None, uploaded_at__lte=overdue)
    )
    for upload in left.defer("content"):
        if upload.attempts >= MAX_ATTEMPTS:
            with translation.override(upload.language):
                sentence = _("It takes too long here. Use manage.py importstatement for this file.")
            _stop(upload, State.REFUSED, "gave_up", sentence)
        else:
            enqueue(JOB, upload.pk)
    StatementUpload.objects.filter(uploaded_at__lte=timezone.now() - KEEP).exclude(
        state__in=_WORKING
    ).delete()
