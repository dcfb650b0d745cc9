"""Asking the gateway about many messages at once (Odśwież status), and how far that is."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StatusRefresh(models.Model):
    """One question about many messages, worked off by a job in batches, newest message first.

        running -> done | cancelled | unavailable

    A worker that dies leaves `position`, from which the sweep has another one go on. Written by
    messaging/status_refreshing.py alone.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Asking")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")
        UNAVAILABLE = "unavailable", _("The gateway does not answer")

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="status_refreshes")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # The ids of ticked messages, or what the list was narrowed to; emptied at the end, since it may name clients.
    chosen = models.JSONField(default=dict)
    state = models.CharField(max_length=11, choices=State, default=State.RUNNING)
    # Messages with an id below this one are still to be asked about.
    position = models.BigIntegerField()
    num_total = models.PositiveIntegerField()
    num_done = models.PositiveIntegerField(default=0)
    # Those whose status the answers changed.
    num_moved = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    claimed_at = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            # The gateway is everybody's: one agency asks one question at a time.
            models.UniqueConstraint(
                fields=["agency"], condition=Q(state="running"), name="status_refresh_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"status refresh {self.pk}"

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING
