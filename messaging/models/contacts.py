"""The agent's book: clients, their vehicles and policies."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Contact(models.Model):
    """A client of an agency: a person, a company, or a person of a company."""

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="contacts")
    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    last_name = models.CharField(_("last name"), max_length=100, blank=True)
    company = models.CharField(_("company"), max_length=200, blank=True)
    # E.164 of a Polish mobile, by messaging.phones.
    phone = models.CharField(_("mobile phone"), max_length=16)
    email = models.EmailField(_("e-mail"), blank=True)
    # What search looks in: lower case, no Polish letters.
    search_name = models.CharField(max_length=420, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.UniqueConstraint(fields=["agency", "phone"], name="contact_phone_once"),
            models.CheckConstraint(condition=~Q(last_name="", company=""), name="contact_has_name"),
        ]
        indexes = [models.Index("agency", "search_name", "id", name="contact_list")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """As lists show it: last name first, or the company."""
        person = " ".join(part for part in (self.last_name, self.first_name) if part)
        return person or self.company


class Vehicle(models.Model):
    """A client's vehicle and the day its technical inspection is valid to."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="vehicles")
    registration_number = models.CharField(_("registration number"), max_length=12)
    make_model = models.CharField(_("make and model"), max_length=100, blank=True)
    inspection_due = models.DateField(_("inspection due"), null=True, blank=True)

    class Meta:
        verbose_name = _("vehicle")
        verbose_name_plural = _("vehicles")
        constraints = [
            models.UniqueConstraint(fields=["contact", "registration_number"], name="vehicle_once")
        ]

    def __str__(self) -> str:
        return self.registration_number


class Policy(models.Model):
    """A client's insurance policy."""

    class Kind(models.TextChoices):
        OC = "oc", _("OC")
        AC = "ac", _("AC")
        NNW = "nnw", _("NNW")
        ASS = "ass", _("ASS")
        HOME = "home", _("Home")
        LIFE = "life", _("Life")
        OTHER = "other", _("Other")

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="policies")
    vehicle = models.ForeignKey(
        Vehicle, models.SET_NULL, null=True, blank=True, related_name="policies"
    )
    number = models.CharField(_("policy number"), max_length=40)
    kind = models.CharField(_("kind"), max_length=5, choices=Kind, default=Kind.OTHER)
    insurer = models.CharField(_("insurer"), max_length=100, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    # Grosze.
    premium = models.BigIntegerField(_("premium"), null=True, blank=True)

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        constraints = [
            models.UniqueConstraint(fields=["contact", "number"], name="policy_number_once")
        ]

    def __str__(self) -> str:
        return self.number
