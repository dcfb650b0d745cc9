"""A change of somebody's e-mail address, confirmed from the old and from the new one."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

VALID_FOR = timedelta(days=2)


def _two_days_from_now() -> datetime:
    return timezone.now() + VALID_FOR


class EmailChangeQuerySet(models.QuerySet["EmailChange"]):
    def open(self) -> EmailChangeQuerySet:
        """Neither done nor withdrawn; perhaps expired."""
        return self.filter(done_at=None, withdrawn_at=None)


class EmailChange(models.Model):
    """Done when both addresses have confirmed it; withdrawn by a newer one, or by whoever reads the old mailbox."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="email_changes"
    )
    old_email = models.EmailField()
    new_email = models.EmailField(_("new e-mail"))
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(default=_two_days_from_now)
    old_confirmed_at = models.DateTimeField(null=True)
    new_confirmed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = EmailChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(done_at=None, withdrawn_at=None),
                name="email_change_open_once",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None)
                | Q(old_confirmed_at__isnull=False, new_confirmed_at__isnull=False),
                name="email_change_done_is_confirmed_twice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_email} -> {self.new_email}"

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()
