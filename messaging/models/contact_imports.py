"""Imports of contacts: a file on its way into an agency's book."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy


class ContactImport(models.Model):
    """A file of contacts, from the upload to the report.

        reading -> columns -> checking -> ready -> running -> done
                      ^----------+-----------'

    In columns and ready it waits for the person, in the other states for a worker. From each state but the last it
    may become cancelled; from those of a worker failed. What it wrote into the book stays. Only
    messaging/contact_imports.py writes it.
    """

    class State(models.TextChoices):
        READING = "reading", pgettext_lazy("import", "Being read")
        COLUMNS = "columns", pgettext_lazy("import", "Columns to confirm")
        CHECKING = "checking", pgettext_lazy("import", "Being checked")
        READY = "ready", pgettext_lazy("import", "Checked")
        RUNNING = "running", pgettext_lazy("import", "Being imported")
        DONE = "done", pgettext_lazy("import", "Imported")
        CANCELLED = "cancelled", pgettext_lazy("import", "Cancelled")
        FAILED = "failed", pgettext_lazy("import", "Failed")

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="contact_imports")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    file_name = models.CharField(max_length=100)
    state = models.CharField(max_length=9, choices=State, default=State.READING)
    # The headers of the file, and the column of messaging/contact_columns.py that each one is ("": not read).
    headers = models.JSONField(default=list)
    columns = models.JSONField(default=list)
    # Lines of the file below the headers; those checked, and those among them that cannot be imported.
    num_rows = models.PositiveIntegerField(default=0)
    num_checked = models.PositiveIntegerField(default=0)
    num_refused = models.PositiveIntegerField(default=0)
    # How often each problem was found: [column of the file, code, limit, count].
    problem_counts = models.JSONField(default=list)
    # Parts written into the book, and what became of their rows.
    num_parts_done = models.PositiveIntegerField(default=0)
    num_created = models.PositiveIntegerField(default=0)
    num_updated = models.PositiveIntegerField(default=0)
    num_unchanged = models.PositiveIntegerField(default=0)
    # By the worker that works on it; `attempts` counts those that took it since it last moved on.
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Why it failed, or is back at the columns: a code of messaging/contact_file_errors.py, and the line at fault, if
    # it is one line.
    error = models.CharField(max_length=20, blank=True)
    error_line = models.PositiveIntegerField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency"], condition=Q(state="running"), name="contact_import_one_runs"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "cancelled", "failed"]) ^ Q(finished_at=None),
                name="contact_import_finished_has_time",
            ),
        ]
        indexes = [
            models.Index("agency", F("id").desc(), name="contact_import_newest"),
            # Used by the sweep.
            models.Index("id", condition=Q(finished_at=None), name="contact_import_under_way"),
        ]

    def __str__(self) -> str:
        return f"import {self.pk}: {self.state}"

    @property
    def is_working(self) -> bool:
        """Whether a worker has it, or should have."""
        return self.state in (self.State.READING, self.State.CHECKING, self.State.RUNNING)

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None

    @property
    def num_done(self) -> int:
        """Rows that are through."""
        return self.num_created + self.num_updated + self.num_unchanged + self.num_refused


class ContactImportFile(models.Model):
    """The file as it was sent, until it is read. In the database, so that any worker on any machine can read it."""

    contact_import = models.OneToOneField(
        ContactImport, models.CASCADE, primary_key=True, related_name="file"
    )
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"file of import {self.contact_import_id}"


class ContactImportPart(models.Model):
    """Some lines of the file: what one transaction checks, and one brings into the book. Deleted within a day.

    Packed by messaging/import_parts.py.
    """

    contact_import = models.ForeignKey(ContactImport, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    # The cells as they stand in the file; the rows read from them; the lines that were refused, with the reasons.
    lines = models.BinaryField()
    rows = models.BinaryField(default=bytes)
    refused = models.BinaryField(default=bytes)
    num_refused = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact_import", "number"], name="contact_import_part_once"
            )
        ]

    def __str__(self) -> str:
        return f"import {self.contact_import_id}: part {self.number}"


class ChosenColumn(models.Model):
    """What an agency chose a header to mean, where that is not what the portal takes it for."""

    agency = models.ForeignKey("accounts.Agency", models.CASCADE, related_name="chosen_columns")
    # Folded.
    header = models.CharField(max_length=100)
    column = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "header"], name="chosen_column_once")
        ]

    def __str__(self) -> str:
        return f"{self.header}: {self.column}"
