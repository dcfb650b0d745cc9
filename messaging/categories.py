"""What a message is before the law: decides whose consent it needs."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Category(TextChoices):
    """A service message carries out a contract (art. 6(1)(b) and (f) RODO); marketing needs the client's consent first.

    Art. 398 of the Prawo komunikacji elektronicznej (Dz.U. 2024 poz. 1221).
    """

    SERVICE = "service", _("Service")
    MARKETING = "marketing", _("Marketing")
