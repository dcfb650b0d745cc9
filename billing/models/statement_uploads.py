"""Statements on their way from the browser into the books, and what was learned of tables on the way."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StatementUpload(models.Model):
    """A file that somebody sent: read and booked by a worker, kept for a day, then only its StatementFile is left.

    waiting -> booking -> done
       ^ |-------'`-> refused        with the reason
       | `-> asking                  a person must say how it is to be read, or gives it up: refused
       '------'
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("statement upload", "Is being read")
        BOOKING = "booking", pgettext_lazy("statement upload", "Is being booked")
        ASKING = "asking", pgettext_lazy("statement upload", "Asks how it is to be read")
        DONE = "done", pgettext_lazy("statement upload", "Imported")
        REFUSED = "refused", pgettext_lazy("statement upload", "Refused")

    name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    # Where from, for the events of what the file credits.
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=200, blank=True, default="")
    # What its person reads: reasons are written in it.
    language = models.CharField(max_length=7)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    # Why it asks or is refused: a code, and the sentence for the person.
    reason = models.CharField(max_length=20, blank=True, default="")
    error = models.TextField(blank=True, default="")
    # What the person has said so far (billing/statement_uploads.py).
    answers = models.JSONField(default=dict)
    num_lines = models.PositiveIntegerField(null=True)
    # The counts of the import.
    report = models.JSONField(default=dict)
    file = models.ForeignKey(
        "billing.StatementFile", models.PROTECT, null=True, related_name="uploads"
    )
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | Q(file__isnull=False),
                name="statement_upload_done_is_in_the_books",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_working(self) -> bool:
        """Whether a worker has it, or will have."""
        return self.state in (self.State.WAITING, self.State.BOOKING)


class CsvLayout(models.Model):
    """What the columns of a bank's table are, as a person said: the next file with these headers is read so."""

    # The folded headers, by csv_columns.layout_of.
    headers = models.CharField(max_length=2000, unique=True)
    # A csv_columns.Column for each of them, "" for one that is not read.
    columns = models.JSONField()
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    chosen_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.headers

    @property
    def header_words(self) -> str:
        """For people to know it by."""
        return self.headers.replace("|", ", ")
