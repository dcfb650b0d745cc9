"""What an agency agreed to: which document, in which wording, who and when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.append_only import AppendOnlyModel


class Consent(AppendOnlyModel):
    """One agreement. A new wording needs a new row; none is ever changed."""

    class Document(models.TextChoices):
        TERMS = "terms", _("Terms of service")
        ELECTRONIC_INVOICES = "electronic_invoices", _("Electronic invoices")
        DATA_PROCESSING = "data_processing", _("Data processing agreement")

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="consents")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    document = models.CharField(max_length=20, choices=Document)
    # The wording, e.g. 2026-11-01 (accounts/documents.py).
    version = models.CharField(max_length=10)
    ip = models.GenericIPAddressField(null=True)
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "document", "version"], name="consent_once_per_wording"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.document} {self.version}"

    @property
    def page(self) -> str:
        """The address of the wording that was agreed to."""
        return reverse(f"document_{self.document}", args=[self.version])
