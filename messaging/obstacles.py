"""Why a client cannot get a message, whoever chose them."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, TextChoices
from django.utils.translation import gettext_lazy as _

from messaging.categories import Category
from messaging.merge_data import MergeData
from messaging.models import Campaign, Contact, OptedOutNumber


class Obstacle(TextChoices):
    """In words for the agent."""

    NO_NUMBER = "no_number", _("no mobile number")
    OPTED_OUT = "opted_out", _("opted out of messages")
    # Art. 398 of the Prawo komunikacji elektronicznej.
    NO_CONSENT = "no_consent", _("no consent to marketing")
    MISSING_DATA = "missing_data", _("data are missing")
    ALREADY_TODAY = "already_today", _("already got this text today")


def obstacle_to(client: MergeData, category: str, *, is_contractual: bool) -> Obstacle | None:
    """The first reason against any message of the category to the client, whatever its text.

    An opt-out stops everything but what the contract needs.
    """
    if not client.phone:
        return Obstacle.NO_NUMBER
    if client.is_opted_out and not is_contractual:
        return Obstacle.OPTED_OUT
    if category == Category.MARKETING and not client.has_consent:
        return Obstacle.NO_CONSENT
    return None


def unwanted(campaign: Campaign) -> Q:
    """Those of the campaign's messages that may not leave any more: their client said no after they were written.

    The last moment counts: consent must stand when the message is sent (art. 7(1) RODO), and an objection holds from
    the moment it is made (art. 21(3)). A test goes to the agency's own phone and needs no consent.
    """
    client = Contact.objects.filter(pk=OuterRef("contact"))
    found = Q(pk=None)
    if not campaign.is_contractual:
        number = OptedOutNumber.objects.filter(agency=campaign.agency_id, phone=OuterRef("phone"))
        found |= Q(Exists(number)) | Q(Exists(client.filter(opted_out_at__isnull=False)))
    if campaign.category == Category.MARKETING and not campaign.is_test:
        found |= ~Q(Exists(client.filter(marketing_consent_at__isnull=False)))
    return found
