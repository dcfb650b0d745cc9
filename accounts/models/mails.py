"""Mail that must reach somebody: kept until the mail server took it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone


class OutgoingMail(models.Model):
    """One mail to compose and send: which function composes it, and the ids that it takes.

    The words are made when it is sent, so no password or link ever lies in the table. Only accounts/outbox.py
    writes it.
    """

    # Dotted path, e.g. accounts.emails.send_password_reset.
    function = models.CharField(max_length=100)
    arguments = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)
    # When it is tried next; moved ahead by whoever tries it, so that no two do.
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # Used by the sweep that sends what is still due.
            models.Index(
                "due_at", condition=Q(sent_at=None, given_up_at=None), name="outgoing_mail_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.function} {self.arguments}"
