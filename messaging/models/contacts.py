"""The agent's book: clients, their vehicles and policies."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.append_only import AppendOnlyModel


class Contact(models.Model):
    """A client of an agency: a person, a company, or a person of a company."""

    # Here and below: no index of its own, since those of Meta begin with it.
    agency = models.ForeignKey(
        "accounts.Agency", models.PROTECT, related_name="contacts", db_index=False
    )
    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    last_name = models.CharField(_("last name"), max_length=100, blank=True)
    company = models.CharField(_("company"), max_length=200, blank=True)
    # E.164 of a Polish mobile, by messaging.phones: the number for SMS. Empty: this client cannot get any.
    phone = models.CharField(_("mobile phone"), max_length=16, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    birthday = models.DateField(_("birthday"), null=True, blank=True)
    notes = models.TextField(_("notes"), max_length=2000, blank=True)
    groups = models.ManyToManyField(
        "messaging.ContactGroup", related_name="contacts", blank=True, verbose_name=_("groups")
    )
    # What the newest ContactConsent of each kind says; written by messaging/consents.py alone.
    marketing_consent_at = models.DateTimeField(null=True, editable=False)
    opted_out_at = models.DateTimeField(null=True, editable=False)
    # The soonest of the client's dates from today on, so that a book of 50,000 is filtered and sorted by an index;
    # written by messaging/due_dates.py alone.
    next_end_on = models.DateField(_("next policy end"), null=True, editable=False)
    next_inspection_on = models.DateField(_("next inspection"), null=True, editable=False)
    next_instalment_on = models.DateField(_("next instalment"), null=True, editable=False)
    # What search looks in: lower case, no Polish letters.
    search_name = models.CharField(max_length=420, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "phone"], condition=~Q(phone=""), name="contact_phone_once"
            ),
            models.CheckConstraint(condition=~Q(last_name="", company=""), name="contact_has_name"),
        ]
        indexes = [
            # The list's orders.
            models.Index("agency", "search_name", "id", name="contact_list"),
            models.Index("agency", F("id").desc(), name="contact_newest"),
            models.Index("agency", "next_end_on", "id", name="contact_next_end"),
            models.Index("agency", "next_inspection_on", "id", name="contact_next_inspection"),
            # The list's filters that few clients pass.
            models.Index(
                "agency",
                "next_instalment_on",
                "id",
                condition=Q(next_instalment_on__isnull=False),
                name="contact_next_instalment",
            ),
            models.Index(
                "agency", "search_name", "id", condition=Q(phone=""), name="contact_no_number"
            ),
            models.Index(
                "agency",
                "search_name",
                "id",
                condition=Q(opted_out_at__isnull=False),
                name="contact_opted_out",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """As lists show it."""
        return name_of(self.first_name, self.last_name, self.company)


def name_of(first_name: str, last_name: str, company: str) -> str:
    """A client's name as lists show it: last name first, or the company."""
    return f"{last_name} {first_name}".strip() or company


class ContactGroup(models.Model):
    """A name under which an agency keeps some of its clients together."""

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="contact_groups")
    name = models.CharField(_("name"), max_length=60)

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        constraints = [models.UniqueConstraint("agency", Lower("name"), name="contact_group_once")]

    def __str__(self) -> str:
        return self.name


class ContactNumber(models.Model):
    """Another number of a client, beside the one for SMS: as people wrote it, perhaps a landline."""

    contact = models.ForeignKey(
        Contact, models.CASCADE, related_name="other_numbers", db_index=False
    )
    number = models.CharField(_("phone"), max_length=30)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact", "number"], name="contact_number_once")
        ]

    def __str__(self) -> str:
        return self.number


class Channel(models.TextChoices):
    """How a client's will came to the agency."""

    PAPER = "paper", _("On paper")
    OFFICE = "office", _("In person")
    PHONE = "phone", _("By phone")
    EMAIL = "email", _("By e-mail")
    ONLINE = "online", _("By an online form")
    SMS = "sms", _("By SMS")
    IMPORT = "import", _("From an imported file")


class ConsentWording(AppendOnlyModel):
    """What clients of an agency agree to, word for word. A new wording is a new row, since others agreed to the old."""

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="consent_wordings")
    text = models.TextField(_("wording"), max_length=1000)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index("agency", F("id").desc(), name="consent_wording_newest")]

    def __str__(self) -> str:
        return f"wording {self.pk}"


class ContactConsent(AppendOnlyModel):
    """One step in the history of what a client allowed: consent to marketing, or no messages at all."""

    class Kind(models.TextChoices):
        # Art. 398 of the Prawo komunikacji elektronicznej: before any marketing by SMS.
        MARKETING = "marketing", _("Marketing by SMS")
        # Withdrawn: an opt-out of everything.
        MESSAGES = "messages", _("Messages")

    contact = models.ForeignKey(
        Contact, models.CASCADE, related_name="consent_history", db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind)
    is_given = models.BooleanField()
    # How the client said it; empty in steps older than the question.
    channel = models.CharField(_("how"), max_length=8, choices=Channel, blank=True)
    # Where it comes from, in the agent's words: "agreement of 12.03.2026"; why an opt-out was taken back.
    source = models.CharField(_("source"), max_length=200, blank=True)
    # The day the client said it (Warsaw), which may be long before it was written down at `at`.
    said_on = models.DateField(_("day"), null=True, blank=True)
    # What exactly was agreed to, where that is known.
    wording = models.ForeignKey(
        ConsentWording, models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index("contact", F("id").desc(), name="contact_consent_newest")]

    def __str__(self) -> str:
        return f"{self.contact_id}: {self.kind} {self.is_given}"


class SearchWord(models.Model):
    """A word by whose beginning a client is found: of the name, a phone, a policy or registration number.

    Written by messaging/search_words.py alone. A range of this index finds a beginning on any database, in a book of
    50,000 clients as fast as in one of fifty, whatever other agencies hold.
    """

    agency = models.ForeignKey("accounts.Agency", models.CASCADE, related_name="+", db_index=False)
    contact = models.ForeignKey(
        Contact, models.CASCADE, related_name="search_words", db_index=False
    )
    word = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "word", "contact"], name="search_word_once")
        ]
        # Used to see whether somebody who has one word has another too.
        indexes = [models.Index("contact", "word", name="search_word_of_contact")]

    def __str__(self) -> str:
        return self.word


class Vehicle(models.Model):
    """A client's vehicle and the day its technical inspection is valid to."""

    # The contact's, so that an index finds what falls due in one agency.
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="vehicles", db_index=False)
    registration_number = models.CharField(_("registration number"), max_length=12)
    make_model = models.CharField(_("make and model"), max_length=100, blank=True)
    inspection_due = models.DateField(_("inspection due"), null=True, blank=True)

    class Meta:
        verbose_name = _("vehicle")
        verbose_name_plural = _("vehicles")
        constraints = [
            models.UniqueConstraint(fields=["contact", "registration_number"], name="vehicle_once")
        ]
        indexes = [models.Index("agency", "inspection_due", name="vehicle_due")]

    def __str__(self) -> str:
        return self.registration_number

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.agency_id = self.contact.agency_id
        super().save(*args, **kwargs)


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

    # The contact's, so that an index finds what ends in one agency.
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="policies", db_index=False)
    vehicle = models.ForeignKey(
        Vehicle, models.SET_NULL, null=True, blank=True, related_name="policies"
    )
    number = models.CharField(_("policy number"), max_length=40)
    kind = models.CharField(_("kind"), max_length=5, choices=Kind, default=Kind.OTHER)
    insurer = models.CharField(_("insurer"), max_length=100, blank=True)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    # Grosze.
    premium = models.BigIntegerField(_("premium"), null=True, blank=True)

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        constraints = [
            models.UniqueConstraint(fields=["contact", "number"], name="policy_number_once")
        ]
        indexes = [models.Index("agency", "ends_on", name="policy_end")]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.agency_id = self.contact.agency_id
        super().save(*args, **kwargs)


class Instalment(models.Model):
    """A part of a policy's premium."""

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    policy = models.ForeignKey(Policy, models.CASCADE, related_name="instalments", db_index=False)
    number = models.PositiveSmallIntegerField(_("instalment number"))
    due_on = models.DateField(_("due on"))
    # Grosze.
    amount = models.BigIntegerField(_("amount"))
    paid_on = models.DateField(_("paid on"), null=True, blank=True)

    class Meta:
        verbose_name = _("instalment")
        verbose_name_plural = _("instalments")
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="instalment_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="instalment_positive"),
        ]
        indexes = [models.Index("agency", "due_on", name="instalment_due")]

    def __str__(self) -> str:
        return f"{self.policy_id}/{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.agency_id = self.policy.agency_id
        super().save(*args, **kwargs)
