"""Message templates (Wzory SMS)."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.template_types import TemplateType


class MessageTemplate(models.Model):
    """A text with merge fields that an agency sends again and again."""

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="templates")
    name = models.CharField(_("name"), max_length=80)
    type = models.CharField(_("type"), max_length=20, choices=TemplateType)
    body = models.CharField(_("text"), max_length=1600)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("template")
        verbose_name_plural = _("templates")
        constraints = [
            models.UniqueConstraint(fields=["agency", "name"], name="template_name_once")
        ]

    def __str__(self) -> str:
        return self.name
