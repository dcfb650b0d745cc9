"""Counting a text for a book of 50,000 clients while it is written, against reading the same columns alone.

Each client has a vehicle and a policy on it. Run by bin/bench book_counts.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable
from datetime import date, timedelta
from time import process_time
from typing import Any

from benchmarks.bench_database import bench_database
from benchmarks.contacts import new_agency

NUM_CLIENTS = 50_000
ROUNDS = 5
FIRST_DAY = date(2026, 12, 1)


def main() -> None:
    """Print a line for each type of template."""
    with bench_database():
        agency = new_agency("book")
        fill_book(agency)
        print(f"{NUM_CLIENTS} clients; CPU seconds, median of {ROUNDS} rounds in turn")
        measure(agency)


def fill_book(agency: Any) -> None:
    """Clients with made-up data, always the same."""
    from messaging.models import Contact, Policy, Vehicle

    source = random.Random(1)  # noqa: S311 - made-up people
    contacts = Contact.objects.bulk_create(
        [
            Contact(
                agency=agency,
                first_name=source.choice(("Jan", "Łukasz", "Katarzyna")),
                last_name=source.choice(("Nowak", "Żółć", "Wiśniewska")),
                phone=f"+48{600_000_000 + number}",
            )
            for number in range(NUM_CLIENTS)
        ],
        batch_size=1000,
    )
    vehicles = Vehicle.objects.bulk_create(
        [
            Vehicle(
                agency=agency,
                contact=contact,
                registration_number=f"OP {number:05}",
                inspection_due=day(source),
            )
            for number, contact in enumerate(contacts)
        ],
        batch_size=1000,
    )
    Policy.objects.bulk_create(
        [
            Policy(
                agency=agency,
                contact=vehicle.contact,
                vehicle=vehicle,
                kind="oc",
                number=f"POL/{number:08}",
                insurer=source.choice(("PZU", "Warta")),
                ends_on=day(source),
            )
            for number, vehicle in enumerate(vehicles)
        ],
        batch_size=1000,
    )


def day(source: random.Random) -> date:
    return FIRST_DAY + timedelta(days=source.randrange(365))


def measure(agency: Any) -> None:
    from messaging.book_counts import count_book
    from messaging.composing import compile_body
    from messaging.models import Policy, Vehicle
    from messaging.template_types import TemplateType

    def counting(kind: TemplateType) -> Callable[[], object]:
        body = compile_body(kind.starter)
        return lambda: count_book(agency, kind, body, category=kind.category)

    ways = {
        "floor: contacts": lambda: list(agency.contacts.values_list("pk", "phone", "first_name")),
        "floor: vehicles": lambda: list(
            Vehicle.objects.filter(agency=agency).values_list("pk", "inspection_due")
        ),
        "floor: policies": lambda: list(
            Policy.objects.filter(agency=agency).values_list("pk", "number", "ends_on")
        ),
        **{
            kind.value: counting(kind)
            for kind in (TemplateType.OWN, TemplateType.INSPECTION, TemplateType.OC_END)
        },
    }
    rounds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            start = process_time()
            way()
            rounds[name].append(process_time() - start)
    for name, taken in rounds.items():
        print(f"  {name}: {statistics.median(taken):.2f}")


if __name__ == "__main__":
    main()
