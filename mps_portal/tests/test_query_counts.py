"""Lists and look-ups ask the database few questions, whatever they show."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Agency
from messaging.models import Campaign, Message
from messaging.tests.book import messages_of

pytestmark = pytest.mark.django_db

MOST = 6


@pytest.fixture
def message(agency: Agency, as_owner: Client) -> Message:
    """The last of a list of more than a page, all sent."""
    rows = messages_of(agency, *["delivered"] * 60)
    now = timezone.now()
    Campaign.objects.update(state="finished", price=29, confirmed_at=now, leaves_at=now)
    return rows[-1]


@pytest.mark.parametrize(
    "address",
    [
        "/klienci/",
        "/klienci/?search=imie",
        "/wysylki/",
        "/wysylki/{campaign}/",
        "/wysylki/{campaign}/?state=delivered",
        "/wiadomosci/",
        "/wiadomosci/?state=delivered",
        "/wiadomosci/?before={message}",
        "/wiadomosci/{message}/",
        "/wiadomosci/odebrane/",
        "/faktury/",
    ],
)
def test_a_page_asks_little(
    address: str, message: Message, as_owner: Client, django_assert_max_num_queries: Any
) -> None:
    path = address.format(message=message.pk, campaign=message.campaign_id)
    assert as_owner.get(path).status_code == 200
    with django_assert_max_num_queries(MOST):
        as_owner.get(path)
