"""Message templates (Wzory SMS)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.categories import Category
from messaging.template_types import MARKETING_TYPES, TemplateType


class MessageTemplate(models.Model):
    """A text with merge fields that an agency sends again and again."""

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="templates")
    name = models.CharField(_("name"), max_length=80)
    type = models.CharField(_("type"), max_length=20, choices=TemplateType)
    category = models.CharField(
        _("category"), max_length=9, choices=Category, default=Category.SERVICE
    )
    # Goes also to those who opted out: what the contract itself needs, such as an instalment that was missed.
    is_contractual = models.BooleanField(_("needed by the contract"), default=False)
    body = models.CharField(_("text"), max_length=1600)
    # Empty: the agency's default one.
    sender_name = models.ForeignKey(
        "messaging.SenderName",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sender name"),
    )
    # Where it stands in the agency's list; equal ones by id.
    position = models.PositiveIntegerField(default=0, editable=False)
    archived_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("template")
        verbose_name_plural = _("templates")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "name"],
                condition=Q(archived_at=None),
                name="template_name_once",
            ),
            # Art. 398 of the Prawo komunikacji elektronicznej: some types are advertising, whatever their text says.
            models.CheckConstraint(
                condition=~Q(type__in=sorted(MARKETING_TYPES)) | Q(category="marketing"),
                name="template_offer_is_marketing",
            ),
            models.CheckConstraint(
                condition=Q(is_contractual=False) | Q(category="service"),
                name="template_contractual_is_service",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StartedTemplates(models.Model):
    """That an agency was given a template of each type to start from: once, whatever it made of them since."""

    agency = models.OneToOneField(
        "accounts.Agency", models.CASCADE, primary_key=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.agency_id}"
