"""Counts by day and template: always what counting the messages themselves gives."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.models import Agency, User
from accounts.roles import Role
from messaging.day_chart import chart_of
from messaging.days import FAILED, ON_THEIR_WAY, Counts, sums_of
from messaging.models import Campaign, Message
from messaging.morning import morning_of
from messaging.tests.book import client_of, messages_of, template_of

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2026, 10, 20), date(2026, 11, 2)


@pytest.fixture(autouse=True)
def owners(owner: User, other_agency: Agency) -> None:
    """Campaigns are made by somebody."""
    User.objects.create_user(
        "jan@lecki.example", "haslo-jana-1", full_name="J", role=Role.OWNER, agency=other_agency
    )


def sent_at(agency: Agency, moment: datetime, *states: str, name: str = "Badania") -> Campaign:
    campaign = messages_of(agency, *states)[0].campaign
    campaign.leaves_at, campaign.name = moment, name
    campaign.save()
    return campaign


def test_days_are_warsaws_also_when_the_clock_changes(agency: Agency, other_agency: Agency) -> None:
    # Winter time since 25.10.2026 3:00: that day has 25 hours.
    sent_at(agency, datetime(2026, 10, 24, 21, 59, tzinfo=UTC), "delivered")
    sent_at(agency, datetime(2026, 10, 24, 22, 0, tzinfo=UTC), "undelivered", "sent", "cancelled")
    sent_at(agency, datetime(2026, 10, 25, 22, 59, tzinfo=UTC), "unknown")
    sent_at(agency, datetime(2026, 10, 25, 23, 0, tzinfo=UTC), "queued")
    sent_at(other_agency, datetime(2026, 10, 25, 12, 0, tzinfo=UTC), "delivered")
    days = sums_of(agency, FIRST, LAST).by_day()
    assert list(days) == [FIRST + timedelta(days=n) for n in range(14)]
    used = {day: counts for day, counts in days.items() if counts.all}
    assert used == {
        date(2026, 10, 24): Counts(delivered=1),
        date(2026, 10, 25): Counts(failed=2, waiting=1),
        date(2026, 10, 26): Counts(waiting=1),
    }


def test_the_kept_counts_are_those_of_the_messages_whatever_moved(agency: Agency) -> None:
    source = Random(26)  # noqa: S311 - made-up fates
    states = [str(state) for state in Message.State.values]
    for day in range(14):
        moment = datetime(2026, 10, 20, 10, 0, tzinfo=UTC) + timedelta(days=day)
        sent_at(agency, moment, *source.choices(states, k=6))
    for message in source.sample(list(Message.objects.all()), 50):
        Message.objects.filter(pk=message.pk).update(state=source.choice(states))
    counted: Counter[tuple[date, str]] = Counter()
    for leaves_at, state in Message.objects.values_list("campaign__leaves_at", "state"):
        counted[timezone.localdate(leaves_at), state] += 1
    for day, counts in sums_of(agency, FIRST, LAST).by_day().items():
        assert counts.delivered == counted[day, "delivered"]
        assert counts.failed == sum(counted[day, state] for state in FAILED)
        assert counts.waiting == sum(counted[day, state] for state in ON_THEIR_WAY)


def test_templates_are_listed_with_their_rates(agency: Agency) -> None:
    template = template_of(agency, name="OC")
    moment = datetime(2026, 10, 21, 10, 0, tzinfo=UTC)
    campaign = sent_at(agency, moment, "delivered", "delivered", "expired", "sent")
    Campaign.objects.filter(pk=campaign.pk).update(template=template)
    own = sent_at(agency, moment, "sent")
    Campaign.objects.filter(pk=own.pk).update(template=None)
    (first, oc), (second, text) = sums_of(agency, FIRST, LAST).by_template()
    assert (first, oc.all, oc.rate) == ("OC", 4, 66)
    assert (second, text.all, text.rate) == ("", 1, None)


def test_campaigns_that_failed_are_named(agency: Agency, other_agency: Agency) -> None:
    moment = datetime(2026, 10, 21, 10, 0, tzinfo=UTC)
    few = sent_at(agency, moment, "rejected", "delivered", name="Raty")
    many = sent_at(agency, moment, "undelivered", "expired", name="OC")
    sent_at(agency, moment, "delivered", name="Dobra")
    sent_at(other_agency, moment, "undelivered")
    sums = sums_of(agency, FIRST, LAST)
    assert sums.failed_on(date(2026, 10, 21)) == [(many.pk, "OC", 2), (few.pk, "Raty", 1)]
    assert sums.failed_on(date(2026, 10, 22)) == []


def test_many_days_take_as_many_queries_as_one(agency: Agency) -> None:
    for day in range(5):
        sent_at(agency, datetime(2026, 10, 20 + day, 10, 0, tzinfo=UTC), "delivered")
    with CaptureQueriesContext(connection) as queries:
        sums_of(agency, FIRST, LAST).by_day()
    assert len(queries) == 1


def test_bars_stand_on_each_other_and_the_tallest_fills_the_picture() -> None:
    days = {
        date(2026, 11, 1): Counts(delivered=60, failed=20, waiting=20),
        date(2026, 11, 2): Counts(delivered=1),
        date(2026, 11, 3): Counts(),
    }
    chart = chart_of(days)
    assert chart is not None
    tall, low, none = chart.bars
    assert chart.highest == 100
    assert tall.waiting.y >= chart.top
    assert tall.delivered.y + tall.delivered.height == chart.floor
    assert tall.failed.y + tall.failed.height == tall.delivered.y
    assert tall.waiting.y + tall.waiting.height == tall.failed.y
    assert low.delivered.height == 2
    assert none.delivered.height == none.failed.height == none.waiting.height == 0
    assert chart_of({date(2026, 11, 1): Counts()}) is None


def test_bars_and_table_tell_the_same_numbers() -> None:
    days = {
        date(2026, 11, 1): Counts(delivered=60, failed=20),
        date(2026, 11, 2): Counts(waiting=3),
    }
    chart = chart_of(days)
    assert chart is not None
    with translation.override("pl"):
        bars, rows = str(chart.drawn_bars()), str(chart.table_rows())
    assert "<title>01.11.2026: Dostarczone 60, Niedostarczone 20, W drodze 0</title>" in bars
    assert "<title>02.11.2026: Dostarczone 0, Niedostarczone 0, W drodze 3</title>" in bars
    # Delivered, and failed with its pattern; on the second day only what is on its way.
    assert bars.count("<rect") == 4
    assert bars.count("</g>") == 2
    first, second = rows.splitlines()
    assert re.findall(r">([^<>]+)<", first) == ["01.11.2026", "60", "20", "0"]
    assert re.findall(r">([^<>]+)<", second) == ["02.11.2026", "0", "0", "3"]


def test_who_is_due_soon(agency: Agency, owner: User, other_agency: Agency) -> None:
    today = timezone.localdate()
    for number, days in enumerate((0, 14, 15)):
        client = client_of(agency, number)
        client.next_inspection_on = today + timedelta(days=days)
        client.save()
    other = client_of(other_agency, 9)
    other.next_end_on = today
    other.save()
    assert [(due.filter, due.number) for due in morning_of(owner, agency).due_soon] == [
        ("inspection", 2)
    ]
