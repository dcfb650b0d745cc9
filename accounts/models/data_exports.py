"""An export of all data of an agency."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DataExport(models.Model):
    """A ZIP of everything the portal keeps for an agency.

        waiting -> running -> ready -> (its parts are deleted at expires_at)
                      `----> failed

    The archive lies in the database, as invoices do: any web machine serves what any worker made. Only
    accounts/data_exports.py writes it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="data_exports")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    # By the worker that makes it, in its attempt number `attempts`; what a dead worker left is made again.
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Files of the archive: written so far, and all.
    num_done = models.PositiveIntegerField(default=0)
    num_files = models.PositiveIntegerField(default=0)
    # Bytes.
    size = models.PositiveBigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency"],
                condition=Q(state__in=["waiting", "running"]),
                name="data_export_one_at_a_time",
            )
        ]
        indexes = [models.Index("agency", F("id").desc(), name="data_export_newest")]

    def __str__(self) -> str:
        return f"export {self.pk}: {self.state}"

    @property
    def is_under_way(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)

    @property
    def is_downloadable(self) -> bool:
        """Ready, and not yet expired."""
        return self.expires_at is not None and self.expires_at > timezone.now()


class DataExportPart(models.Model):
    """A piece of an archive: small, so that neither its writing nor its download holds all of it in memory."""

    export = models.ForeignKey(DataExport, models.CASCADE, related_name="parts")
    # Of the attempt that wrote it: two workers that take each other for dead do not mix theirs.
    attempt = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["export", "attempt", "number"], name="data_export_part_once"
            )
        ]

    def __str__(self) -> str:
        return f"export {self.export_id}: part {self.number}"
