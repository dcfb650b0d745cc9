"""A campaign of 100,000 contacts, from the button to queued rows, against writing the same rows barely.

Also how long a small write of somebody else waits meanwhile on SQLite. Run by bin/bench campaigns [number].
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from time import perf_counter
from typing import Any

from benchmarks.bench_database import bench_database
from benchmarks.sending import agency_of_bench

NUM_CONTACTS = 100_000
ROUNDS = 5
BODY = (
    "Dzien dobry, {imie}. Termin badania technicznego pojazdu {nr_rej} mija {data_badania}."
    " Warto umowic sie wczesniej. {agent} {tel_agenta}"
)


def main() -> None:
    """Print the medians of rounds in turn."""
    count = int(sys.argv[1]) if sys.argv[1:] else NUM_CONTACTS
    with bench_database():
        agency, person = agency_of_bench()
        fill_book(agency, count)
        measure(agency, person, count)
        measure_small_writes(agency, person)


def fill_book(agency: Any, count: int) -> None:
    """Contacts with a phone and a vehicle each, and money for several campaigns to all of them."""
    from django.db import connection
    from django.utils import timezone

    from accounts.bulk_sql import as_stored, insert_rows
    from billing import ledger
    from messaging.models import Contact, Vehicle

    now, due = as_stored(timezone.now()), timezone.localdate() + timedelta(days=20)
    insert_rows(
        Contact,
        (
            "agency",
            "first_name",
            "last_name",
            "company",
            "phone",
            "email",
            "notes",
            "search_name",
            "created_at",
        ),
        (
            (
                agency.pk,
                "Katarzyna",
                f"Kowalska{n}",
                "",
                f"+48{600_000_000 + n}",
                "",
                "",
                f"kowalska{n}",
                now,
            )
            for n in range(count)
        ),
    )
    ids = agency.contacts.order_by("id").values_list("pk", flat=True)
    insert_rows(
        Vehicle,
        ("agency", "contact", "registration_number", "make_model", "inspection_due"),
        ((agency.pk, pk, f"OP {pk}", "Skoda Octavia", as_stored(due)) for pk in ids),
    )
    ledger.credit(agency=agency, amount=10_000_000_00, reference="payment:bench")
    # A book is there for longer than a minute before anybody writes to all of it.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def measure(agency: Any, person: Any, count: int) -> None:
    """Ours, the bare rows, and the ordinary way, in turn."""
    from messaging import campaigns

    found: dict[str, list[float]] = {"campaign": [], "bare rows": [], "Template + bulk_create": []}
    for _round in range(ROUNDS):
        empty()
        draft = draft_to_all(agency, person)
        cost = campaigns.quote(draft).cost
        found["campaign"].append(timed(lambda d=draft, c=cost: send(d, c, person)))
        if not found["bare rows"]:
            # Before this program holds the rows itself, to write them barely.
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(f"peak memory {peak} MB (goal 400)")
        fields, rows = stored()
        if len(rows) != count:
            raise RuntimeError(f"{len(rows)} messages")
        empty(campaigns_too=False)
        found["bare rows"].append(timed(lambda f=fields, r=rows: write(f, r)))
        # What this program holds makes the collector of garbage slower for the others.
        del rows
        empty(campaigns_too=False)
        found["Template + bulk_create"].append(timed(lambda: ordinary(agency)))
    medians = {name: statistics.median(seconds) for name, seconds in found.items()}
    for name, seconds in medians.items():
        print(f"{name}: {seconds:.2f} s")
    ours = medians["campaign"]
    print(f"campaign: {ours / medians['bare rows']:.2f} times the bare rows;")
    print(f"  the ordinary way takes {medians['Template + bulk_create'] / ours:.1f} times as long")


def send(draft: Any, cost: int, person: Any) -> None:
    """What the button does, then the worker; the cost is on the page before anybody presses it."""
    from messaging import campaigns, preparing

    campaigns.confirm(draft, expected_cost=cost, confirmed_by=person)
    preparing.prepare(draft.pk)


def draft_to_all(agency: Any, person: Any) -> Any:
    from messaging import campaigns
    from messaging.models import MessageTemplate

    template, _made = MessageTemplate.objects.get_or_create(
        agency=agency, name="Pomiar", defaults={"type": "inspection", "body": BODY}
    )
    ids = list(agency.contacts.order_by("id").values_list("pk", flat=True))
    return campaigns.draft(agency=agency, template=template, contact_ids=ids, created_by=person)


def stored() -> tuple[list[str], list[tuple[Any, ...]]]:
    """The rows of the messages as the driver takes them."""
    from django.db import connection

    from messaging.models import Message

    columns = [field.column for field in Message._meta.concrete_fields]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} FROM messaging_message ORDER BY id")  # noqa: S608
        return columns, cursor.fetchall()


def write(columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    """The floor: executemany on SQLite, COPY on PostgreSQL, one transaction."""
    from django.db import connection, transaction

    names = ", ".join(columns)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY messaging_message ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        values = ", ".join(["%s"] * len(columns))
        sql = f"INSERT INTO messaging_message ({names}) VALUES ({values})"  # noqa: S608
        cursor.executemany(sql, rows)


def ordinary(agency: Any) -> None:
    """Good Django without regard to speed: models, a template parsed once, one debit, bulk_create."""
    from django.db import transaction
    from django.db.models import F
    from django.template import Context, Template

    from billing.models import Wallet
    from messaging.models import Campaign, Contact, Message
    from messaging.normalising import normalise
    from messaging.segments import count_parts

    campaign = Campaign.objects.order_by("-id")[0]
    template = Template(BODY.replace("{", "{{ ").replace("}", " }}"))
    messages = []
    for contact in (
        Contact.objects.filter(agency=agency).prefetch_related("vehicles").order_by("id")
    ):
        vehicle = contact.vehicles.all()[0]
        context = {
            "imie": contact.first_name,
            "nr_rej": vehicle.registration_number,
            "data_badania": f"{vehicle.inspection_due:%d.%m.%Y}",
            "agent": agency.name,
            "tel_agenta": agency.phone,
        }
        text = normalise(template.render(Context(context, autoescape=False)))
        message = Message(agency=agency, campaign=campaign, contact=contact, phone=contact.phone)
        message.text, message.parts, message.price = text, count_parts(text), 29
        messages.append(message)
    with transaction.atomic():
        Wallet.objects.filter(agency=agency).update(balance=F("balance") - 29 * len(messages))
        Message.objects.bulk_create(messages, batch_size=1000)
        Wallet.objects.filter(agency=agency).update(balance=F("balance") + 29 * len(messages))


def measure_small_writes(agency: Any, person: Any) -> None:
    """How long somebody else's small write waits, in a process of its own, while a campaign's messages are written."""
    from messaging import campaigns, preparing

    empty()
    draft = draft_to_all(agency, person)
    campaigns.confirm(draft, expected_cost=campaigns.quote(draft).cost, confirmed_by=person)
    somebody = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "benchmarks.small_writes", str(agency.pk)],
        env={**os.environ, "BENCH_DATABASE": database_name()},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    somebody.stdout.readline()  # type: ignore[union-attr]
    seconds = timed(lambda: preparing.prepare(draft.pk))
    found, _ = somebody.communicate("enough\n")
    print(f"meanwhile a small write: {found.strip()}; the messages were written in {seconds:.2f} s")


def database_name() -> str:
    from django.db import connection

    return str(connection.settings_dict["NAME"])


def empty(*, campaigns_too: bool = True) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM messaging_message")
        if campaigns_too:
            cursor.execute("DELETE FROM messaging_campaignchunk")
            cursor.execute("DELETE FROM messaging_campaigntally")
            cursor.execute("DELETE FROM messaging_campaign")


def timed(action: Callable[[], object]) -> float:
    start = perf_counter()
    action()
    return perf_counter() - start


if __name__ == "__main__":
    main()
