"""A test message (próbny SMS): the text of a template to one's own phone, paid like any other."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import closing, events
from accounts.jobs import enqueue
from accounts.models import Agency, EventKind, User
from billing import ledger
from messaging import sending_limits
from messaging.campaigns import CostChanged
from messaging.categories import Category
from messaging.models import Campaign, Contact, Message, MessageTemplate, OptedOutNumber
from messaging.obstacles import Obstacle
from messaging.preparing import DEADLINE
from messaging.sender_names import sender_for
from messaging.sending_limits import MonthlyLimitReached
from messaging.template_preview import Example

# An agency's in 24 hours: enough to try a text, too few to write to clients around consents and opt-outs.
TESTS_A_DAY = 10


class TooManyTests(Exception):
    """The agency has sent all its test messages of these 24 hours. Nothing was debited."""


class NotToThisNumber(Exception):
    """The number is that of a client who may not be written to. Nothing was debited."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle)
        self.obstacle = obstacle


def send_test(
    *,
    template: MessageTemplate,
    example: Example,
    phone: str,
    expected_cost: int,
    sent_by: User,
) -> Campaign:
    """Pay for one message to `phone` (E.164) with the example's text, and let it go; one transaction.

    The template need not be saved. Raises CostChanged when the cost is no longer `expected_cost` grosze, TooManyTests,
    NotToThisNumber, MonthlyLimitReached, AgencyClosed and InsufficientBalance.
    """
    if example.cost != expected_cost:
        raise CostChanged
    with transaction.atomic():
        agency = closing.lock_open(template.agency_id)
        _check_number(agency, phone, template)
        if num_tests_left(agency) == 0:
            raise TooManyTests
        allowance = sending_limits.lock_allowance(sent_by)
        if allowance and not allowance.covers(parts=example.measure.parts, cost=example.cost):
            raise MonthlyLimitReached(allowance)
        campaign = _write(template, example, phone, sent_by)
        ledger.debit(
            agency=agency,
            amount=campaign.cost,
            reference=f"campaign:{campaign.pk}",
            note=campaign.name,
            actor=sent_by,
        )
        events.record(EventKind.TEST_MESSAGE_SENT, template.name, agency=agency, person=sent_by)
        enqueue("messaging.tasks.send_due")
    return campaign


def num_tests_left(agency: Agency) -> int:
    """How many test messages the agency may still send; the oldest of the last 24 hours frees its place."""
    since = timezone.now() - timedelta(days=1)
    sent = agency.campaigns.filter(is_test=True, confirmed_at__gt=since).count()
    return max(TESTS_A_DAY - sent, 0)


def _check_number(agency: Agency, phone: str, template: MessageTemplate) -> None:
    """A test is no way around an opt-out or a missing consent. Raises NotToThisNumber."""
    client = Contact.objects.filter(agency=agency, phone=phone).first()
    if OptedOutNumber.objects.filter(agency=agency, phone=phone).exists() or (
        client and client.opted_out_at
    ):
        raise NotToThisNumber(Obstacle.OPTED_OUT)
    if template.category == Category.MARKETING and client and not client.marketing_consent_at:
        raise NotToThisNumber(Obstacle.NO_CONSENT)


def _write(template: MessageTemplate, example: Example, phone: str, sent_by: User) -> Campaign:
    sender = sender_for(template.agency, template.sender_name)
    campaign = Campaign.objects.create(
        agency=template.agency,
        name=_("Test: %(name)s")[:80] % {"name": template.name[:60]},
        template=template if template.pk else None,
        template_type=template.type,
        category=template.category,
        is_contractual=template.is_contractual,
        body=template.body,
        sender=sender.name,
        sender_name=sender.wanted,
        is_test=True,
        is_urgent=True,
        state=Campaign.State.RUNNING,
        leaves_at=timezone.now(),
        num_messages=1,
        price=example.price,
        cost=example.cost,
        created_by=sent_by,
        confirmed_by=sent_by,
        confirmed_at=timezone.now(),
    )
    Message.objects.create(
        agency=template.agency,
        campaign=campaign,
        phone=phone,
        text=example.text,
        sender=sender.name,
        category=template.category,
        parts=example.measure.parts,
        price=example.price,
        deadline_at=timezone.now() + DEADLINE,
    )
    return campaign
