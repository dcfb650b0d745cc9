"""The weeks that the demo's agency has behind it: paid, sent and reported, each on a day of its own.

Made by the portal's own functions with the clock set back; only what gateway and networks answered is made up, since
the sandbox begins with the demo.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random

import time_machine
from django.db.models import Q
from django.utils import timezone

from accounts.documents import TERMS, valid_from
from accounts.models import Agency, User
from billing.booking import book_by_hand
from messaging import campaign_control, campaigns, claiming, delivery_reports, preparing
from messaging.gateways import route
from messaging.gateways.base import SendResult, StatusReport
from messaging.models import Campaign, Message, Policy
from messaging.outcomes import record_results
from messaging.template_types import TemplateType

_FEWEST_DAYS, _MOST_DAYS = 7, 60
# What is written about, and to whom.
_CLIENTS = {
    TemplateType.INSPECTION: Q(vehicles__isnull=False),
    TemplateType.OC_END: Q(policies__kind=Policy.Kind.OC),
    TemplateType.DOCUMENT_READY: Q(policies__isnull=False),
}
_FEWEST, _MOST = 5, 18  # clients of a campaign
# How many of a hundred messages end so, and whose phones they go to.
_ENDS = {"delivered": 94, "undelivered": 3, "expired": 2, "unknown": 1}
_NETWORKS = {"26003": 30, "26002": 27, "26006": 25, "26001": 18}


def days_ago(number: int, hour: int = 9) -> time_machine.travel:
    """The clock set back so many days, to that hour in Warsaw, while the block runs."""
    day = timezone.localdate() - timedelta(days=number)
    return time_machine.travel(_at(day, hour), tick=False)


def days_behind() -> int:
    """How many days ago the agency registered: nobody can have agreed to documents that did not apply yet."""
    days = (timezone.localdate() - valid_from(TERMS.current)).days
    return max(_FEWEST_DAYS, min(days, _MOST_DAYS))


def write_history(agency: Agency, people: Sequence[User], clerk: User) -> None:
    """What the agency paid and sent between its registration and yesterday; the clerk books."""
    # The same in each demo.
    chance = Random(2026)  # noqa: S311  (made-up messages)
    first = days_behind()
    # Days ago, and grosze.
    paid = {first: 200_00, first // 3: 50_00, 1: 100_00}
    for number in range(first, 0, -1):
        if number in paid:
            with days_ago(number):
                _pay(agency, paid[number], clerk)
        if chance.random() < 0.8 and number < first:
            _send(agency, number, chance.choice(people), chance)


def _pay(agency: Agency, amount: int, clerk: User) -> None:
    today = timezone.localdate()
    book_by_hand(agency=agency, amount=amount, received_on=today, note="", booked_by=clerk)


def _send(agency: Agency, number: int, person: User, chance: Random) -> None:
    """A campaign that an agent sent on that day, if it was one of work."""
    hour = chance.randint(8, 16)
    with days_ago(number, hour) as clock:
        if timezone.localdate().weekday() > 4:
            return
        campaign = _confirmed(agency, person, chance)
        preparing.prepare(campaign.pk)
        clock.shift(timedelta(minutes=1))
        while batch := claiming.claim_next(route()[0], size=100):
            record_results(
                batch.messages,
                [SendResult(sms.idx, f"{chance.getrandbits(96):024X}") for sms in batch.messages],
            )
        campaign_control.finish_done()
        for reports in _reports_by_minute(campaign, chance):
            clock.shift(timedelta(minutes=1))
            delivery_reports.apply_reports(route()[0], reports)


def _confirmed(agency: Agency, person: User, chance: Random) -> Campaign:
    kind = chance.choice(list(_CLIENTS))
    found = agency.contacts.filter(_CLIENTS[kind]).distinct().order_by("id")
    ids = list(found.values_list("pk", flat=True))
    draft = campaigns.draft(
        agency=agency,
        template=agency.templates.get(type=kind),
        contact_ids=sorted(chance.sample(ids, chance.randint(_FEWEST, _MOST))),
        created_by=person,
    )
    campaigns.confirm(draft, expected_cost=campaigns.quote(draft).cost, confirmed_by=person)
    return draft


def _reports_by_minute(campaign: Campaign, chance: Random) -> Iterator[list[StatusReport]]:
    """What the networks tell of each message, minute by minute: each time of half of those that are left."""
    left = list(campaign.messages.filter(state=Message.State.SENT))
    while left:
        told, left = left[: (len(left) + 1) // 2], left[(len(left) + 1) // 2 :]
        ends = chance.choices(list(_ENDS), list(_ENDS.values()), k=len(told))
        networks = chance.choices(list(_NETWORKS), list(_NETWORKS.values()), k=len(told))
        yield [
            StatusReport(message.provider_id, end, network=network)
            for message, end, network in zip(told, ends, networks, strict=True)
        ]


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), timezone.get_default_timezone())
