"""What bin/bench pages reads: 1,000,000 messages of 1,000 agencies, one with 300,000, in the order of sixty days."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from itertools import count, islice
from typing import Any

NUM_AGENCIES, NUM_MESSAGES, NUM_OF_BIG = 1_000, 1_000_000, 300_000
DAYS, NUM_CLIENTS, PAGE_SIZE = 60, 20_000, 50
STATES = (["delivered"] * 92 + ["undelivered"] * 5 + ["expired"] * 2 + ["unknown"]) * 10
RARE = "rejected"


def big_agency() -> Any:
    from accounts.models import Agency

    return Agency.objects.get(name="Agencja 0")


def cursor_of_page(number: int) -> int:
    """The id that leads to a page of the big agency's list."""
    own = big_agency().messages.order_by("-pk").values_list("pk", flat=True)
    return own[(number - 1) * PAGE_SIZE - 1]


def fill() -> None:
    from django.db import connection

    from accounts.bulk_sql import create_many
    from messaging.models import Message

    if connection.vendor == "sqlite":
        # What is being filled need not survive a power cut.
        connection.cursor().execute("PRAGMA synchronous = OFF")
    chance = random.Random(9)  # noqa: S311  (made-up messages)
    campaigns = make_campaigns(make_agencies())
    clients = make_clients()
    numbers = count(1)
    rows = messages_of_days(chance, campaigns, clients, numbers)
    while some := list(islice(rows, 20_000)):
        create_many(Message, some)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    print(f"{connection.vendor}: {Message.objects.count()} messages, {NUM_AGENCIES} agencies")


def make_agencies() -> list[int]:
    from accounts.models import Agency, User

    for number in range(NUM_AGENCIES):
        Agency.objects.create(name=f"Agencja {number}", registration_code=f"{number:08}")
    ids = list(Agency.objects.order_by("pk").values_list("pk", flat=True))
    for number, pk in enumerate(ids):
        User.objects.create(
            email=f"a{number}@wzor.example", full_name="Anna Wzór", role="owner", agency_id=pk
        )
    return ids


def make_campaigns(agencies: list[int]) -> list[list[int]]:
    """For each day a campaign of the big agency, then those of the others that leave on it."""
    from django.utils import timezone

    from accounts.models import User
    from messaging.models import Campaign

    owners = dict(User.objects.values_list("agency_id", "pk"))
    start = timezone.now() - timedelta(days=DAYS)

    def campaign(agency_id: int, day: int) -> int:
        at = start + timedelta(days=day)
        return Campaign.objects.create(
            agency_id=agency_id,
            name=f"Badania, dzień {day}",
            template_type="inspection",
            body="Dzien dobry",
            sender="Bramka SMS",
            state="finished",
            price=29,
            created_by_id=owners[agency_id],
            created_at=at,
            confirmed_at=at,
            leaves_at=at,
        ).pk

    days: list[list[int]] = [[campaign(agencies[0], day)] for day in range(DAYS)]
    for number, agency_id in enumerate(agencies[1:]):
        days[number % DAYS].append(campaign(agency_id, number % DAYS))
    return days


def make_clients() -> list[tuple[int, str]]:
    """The big agency's clients: id and phone."""
    from messaging.models import Contact

    agency = big_agency()
    Contact.objects.bulk_create(
        (
            Contact(
                agency=agency,
                first_name="Anna",
                last_name=f"Kowalska {number}",
                phone=f"+48{600000000 + number}",
            )
            for number in range(NUM_CLIENTS)
        ),
        batch_size=5_000,
    )
    return list(agency.contacts.order_by("pk").values_list("pk", "phone"))


def messages_of_days(
    chance: random.Random,
    days: list[list[int]],
    clients: list[tuple[int, str]],
    numbers: Iterator[int],
) -> Iterator[dict[str, Any]]:
    """In the order of their times, as they would be written."""
    from messaging.models import Campaign

    facts = {
        pk: (agency, at)
        for pk, agency, at in Campaign.objects.values_list("pk", "agency_id", "leaves_at")
    }
    of_big = NUM_OF_BIG // DAYS
    of_other = (NUM_MESSAGES - NUM_OF_BIG) // (NUM_AGENCIES - 1)
    for big, *others in days:
        for client_id, phone in chance.sample(clients, of_big):
            yield message(chance, big, facts[big], next(numbers), client_id, phone)
        for other in others:
            for _number in range(of_other):
                number = next(numbers)
                yield message(chance, other, facts[other], number, None, f"+485{number:08}")


def message(
    chance: random.Random,
    campaign: int,
    facts: tuple[int, Any],
    number: int,
    client_id: int | None,
    phone: str,
) -> dict[str, Any]:
    from accounts.bulk_sql import as_stored

    agency, at = facts
    moment = as_stored(at)
    return {
        "agency_id": agency,
        "campaign_id": campaign,
        "contact_id": client_id,
        "phone": phone,
        "text": f"Dzien dobry. Termin badania technicznego pojazdu OP{number} mija 26.12.2026. Ubezpieczenia Nowak",
        "sender": "Bramka SMS",
        "parts": 1,
        "price": 29,
        "state": RARE if number % 1_000 == 0 else chance.choice(STATES),
        "gateway": "smsapi",
        "provider_id": f"ID{number}",
        "created_at": moment,
        "sent_at": moment,
        "final_at": moment,
        "next_attempt_at": moment,
    }
