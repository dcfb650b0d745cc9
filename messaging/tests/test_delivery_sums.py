"""Sums of where and when messages ended: once for each message, whatever is reported how often."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Agency, User
from messaging.delivery_reports import move
from messaging.delivery_sums import by_network, delivered_by_hour, sums_of
from messaging.gateways.base import StatusReport
from messaging.models import DeliverySum, Message
from messaging.report_inbox import apply_waiting, take
from messaging.tests.book import messages_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("owner")]

# 23:30 UTC on 31 July is half past one on 1 August in Warsaw.
AT_NIGHT = datetime(2026, 7, 31, 23, 30, tzinfo=UTC)
AUGUST = (date(2026, 8, 1), date(2026, 8, 31))


def report(state: str, network: str = "26001", at: datetime | None = AT_NIGHT) -> StatusReport:
    return StatusReport("", state, happened_at=at, network=network)


def test_a_message_counts_where_and_when_it_ended_in_warsaw(agency: Agency) -> None:
    first, second, third = messages_of(agency, "sent", "sent", "sent")
    move([(first.pk, report("delivered")), (second.pk, report("delivered", "26006"))])
    move([(third.pk, report("undelivered"))])
    assert [(name, c.delivered, c.failed) for name, c in by_network(sums_of(agency, *AUGUST))] == [
        ("Plus", 1, 1),
        ("Play", 1, 0),
    ]
    assert delivered_by_hour(sums_of(agency, *AUGUST))[1] == 2
    assert sum(delivered_by_hour(sums_of(agency, *AUGUST))) == 2
    assert by_network(sums_of(agency, date(2026, 7, 1), date(2026, 7, 31))) == []


def test_a_repeated_or_later_report_counts_no_more(agency: Agency) -> None:
    (message,) = messages_of(agency, "sent")
    for state in ("sent", "delivered", "delivered", "undelivered"):
        move([(message.pk, report(state))])
    assert DeliverySum.objects.get().number == 1


def test_without_time_and_network_it_counts_now_and_as_not_told(agency: Agency) -> None:
    (message,) = messages_of(agency, "sent")
    move([(message.pk, report("delivered", network="", at=None))])
    kept = DeliverySum.objects.get()
    message.refresh_from_db()
    assert message.final_at is not None
    assert kept.day == timezone.localdate(message.final_at)
    assert by_network(sums_of(agency, kept.day, kept.day))[0][0] == "operator nieznany"


def test_other_agencies_are_not_counted(agency: Agency, other_agency: Agency) -> None:
    User.objects.create_user("inna@wzor.example", "haslo-testu", role="owner", agency=other_agency)
    (message,) = messages_of(other_agency, "sent")
    move([(message.pk, report("delivered", "26099"))])
    assert by_network(sums_of(agency, *AUGUST)) == []
    assert by_network(sums_of(other_agency, *AUGUST))[0][0] == "inny (26099)"


def test_a_report_keeps_network_and_time_on_its_way_through_the_inbox(agency: Agency) -> None:
    (message,) = messages_of(agency, "sent")
    Message.objects.update(gateway="smsapi", provider_id="A1")
    told = StatusReport("A1", "delivered", "", "404", AT_NIGHT, "26003")
    take("smsapi", [told])
    apply_waiting(float("inf"))
    message.refresh_from_db()
    assert message.state == "delivered"
    kept = DeliverySum.objects.get()
    assert (kept.network, kept.day, kept.hour) == ("26003", date(2026, 8, 1), 1)


STATES = ("sent", "delivered", "undelivered", "expired")


@pytest.fixture
def five(agency: Agency) -> list[int]:
    return [message.pk for message in messages_of(agency, *["sent"] * 5)]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=st.lists(
        st.tuples(st.integers(0, 4), st.sampled_from(STATES), st.sampled_from(["26001", ""])),
        max_size=25,
    )
)
def test_whatever_is_reported_the_sums_are_the_messages(
    five: list[int], told: list[tuple[int, str, str]]
) -> None:
    Message.objects.update(state="sent", final_at=None)
    DeliverySum.objects.all().delete()
    for number, state, network in told:
        move([(five[number], report(state, network))])
    ended = Message.objects.filter(final_at__isnull=False)
    kept = DeliverySum.objects.values_list("state").annotate(Sum("number"))
    assert dict(kept) == Counter(ended.values_list("state", flat=True))
