"""The agency: the tenant, the payer, the controller of its clients' data."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import registration_codes
from accounts.folding import fold

# The shortest and the longest time that an agency may keep the texts of its messages, in months.
MESSAGE_TEXT_MONTHS = (1, 60)


class AgencyQuerySet(models.QuerySet["Agency"]):
    def search(self, text: str) -> AgencyQuerySet:
        """Agencies whose name, NIP, e-mail or registration code contains the text, by name.

        Names without regard to case, accents and punctuation.
        """
        # PostgreSQL takes no NUL.
        words = text.replace("\0", "").strip()
        found = Q(email__icontains=words)
        if name := fold(words):
            found |= Q(search_name__contains=name)
        if code := registration_codes.fold(words):
            found |= Q(registration_code__contains=code)
        if digits := "".join(filter(str.isdecimal, words)):
            found |= Q(nip__contains=digits)
        return self.filter(found).order_by("search_name", "id")

    def named(self, text: str) -> Agency | None:
        """The one agency with this whole registration code or NIP, however typed."""
        code = registration_codes.fold(text)
        nip = "".join(filter(str.isdecimal, text))
        found = self.filter(registration_code=code).first()
        return found or (self.filter(nip=nip).first() if nip else None)


class Agency(models.Model):
    """A firm of insurance agents: owns contacts, messages, a wallet and invoices."""

    name = models.CharField(_("agency name"), max_length=200)
    # The name as searches and lists compare it; kept by save(). Folding may lengthen it: ½ becomes 1 2.
    search_name = models.CharField(max_length=800, editable=False, default="")
    # Ten digits; empty for a natural person who runs no business.
    nip = models.CharField(_("NIP"), max_length=10, blank=True)
    # Nine or fourteen digits, or empty.
    regon = models.CharField(_("REGON"), max_length=14, blank=True)
    street = models.CharField(_("street and number"), max_length=200)
    postal_code = models.CharField(_("postal code"), max_length=6)
    city = models.CharField(_("town"), max_length=100)
    # Invoices go here.
    email = models.EmailField(_("e-mail"))
    phone = models.CharField(_("phone"), max_length=16)
    # Folded (registration_codes.fold): what a bank transfer's title is searched for.
    registration_code = models.CharField(_("registration code"), max_length=40, unique=True)
    # Of mails and invoices' covering letters.
    language = models.CharField(_("language"), max_length=2, default="pl")
    # Texts of messages older than this are erased (messaging/erasure.py).
    message_text_months = models.PositiveSmallIntegerField(
        _("keep the texts of messages for"), default=24
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Closing (accounts/closing.py): from `closed_at` on nothing is sent; at `erase_at` contacts and texts go.
    closed_at = models.DateTimeField(null=True, editable=False)
    erase_at = models.DateTimeField(null=True, editable=False)
    erased_at = models.DateTimeField(null=True, editable=False)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        constraints = [
            models.UniqueConstraint(fields=["nip"], condition=~Q(nip=""), name="agency_nip_once"),
            models.CheckConstraint(
                condition=~Q(registration_code=""), name="agency_has_registration_code"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, erase_at=None, erased_at=None)
                | Q(closed_at__isnull=False, erase_at__isnull=False),
                name="agency_closed_knows_when_to_erase",
            ),
            models.CheckConstraint(
                condition=Q(message_text_months__range=MESSAGE_TEXT_MONTHS),
                name="agency_message_text_months_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_name = fold(self.name)[:800]
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_name"}
        super().save(*args, **kwargs)

    @property
    def formatted_code(self) -> str:
        """The registration code as people write it: 7K3M-9QW3."""
        return registration_codes.format_code(self.registration_code)

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def can_be_reopened(self) -> bool:
        """Closed, and the erasing has not begun."""
        return self.erase_at is not None and self.erase_at > timezone.now()

    @property
    def address(self) -> str:
        """Street, postal code and town in one line."""
        return f"{self.street}, {self.postal_code} {self.city}"
