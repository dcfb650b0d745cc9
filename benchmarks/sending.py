"""The whole sender: claim, HTTP, outcomes, to a gateway that answers after a fixed time.

Against the limit: threads x batch / latency. Run by bin/bench sending.
"""

from __future__ import annotations

import socket
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, perf_counter, process_time
from typing import Any

from benchmarks.bench_database import bench_database

THREADS = 8
BATCH = 100
ROUNDS = 5
LATENCIES = (50, 200)  # milliseconds


def main() -> None:
    """Print a line for each latency."""
    with bench_database():
        for latency in LATENCIES:
            measure(latency)


def measure(latency: int) -> None:
    """Rounds of a queue with as much as one job sends at the limit, threads and connections begun anew for each."""
    from django.conf import settings

    from messaging import sending
    from messaging.gateways import gateway_called
    from messaging.tasks import SENDING_BUDGET

    settings.SEND_THREADS, settings.SEND_BATCH_SIZE = THREADS, BATCH
    limit = THREADS * BATCH * 1000 // latency
    num_messages = limit * SENDING_BUDGET
    rates, cpu = [], []
    for _round in range(ROUNDS):
        with fake_gateway(latency) as url:
            settings.SMSAPI_URL = url
            gateway_called.cache_clear()
            queue(num_messages)
            start, cpu_start = perf_counter(), process_time()
            sending.drain(monotonic() + 600)
            rates.append(num_messages / (perf_counter() - start))
            cpu.append((process_time() - cpu_start) / num_messages)
            check_all_sent(num_messages)
    rate = statistics.median(rates)
    print(
        f"{latency} ms: {rate:.0f} messages/s of {limit}, {rate / limit:.0%};"
        f" {statistics.median(cpu) * 1e6:.0f} us of CPU a message"
    )


@contextmanager
def fake_gateway(latency: int) -> Iterator[str]:
    """The process, while the block runs; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "benchmarks.fake_gateway", str(port), str(latency)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)  # noqa: S603
    process.stdout.readline()  # type: ignore[union-attr]
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.kill()
        process.wait()


def queue(num_messages: int) -> None:
    """A running campaign with so many queued messages, and nothing else."""
    from django.db import connection

    from accounts.bulk_sql import create_many
    from messaging.models import Message

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM messaging_message")
    campaign = _campaign()
    text = "Dzien dobry. Badanie techniczne pojazdu OP 12345 do 15.12.2026. Biuro Nowak 601 234 567"
    same = {
        "agency_id": campaign.agency_id,
        "campaign_id": campaign.pk,
        "sender": campaign.sender,
        "price": campaign.price,
        "text": text,
        "parts": 1,
    }
    create_many(
        Message,
        [{**same, "phone": f"+48{600_000_000 + number}"} for number in range(num_messages)],
    )


def _campaign() -> Any:
    from django.utils import timezone

    from messaging.models import Campaign

    agency, person = agency_of_bench()
    return Campaign.objects.create(
        agency=agency,
        name="Pomiar",
        template_type="own",
        body="x",
        sender="Bramka SMS",
        state="running",
        price=29,
        confirmed_at=timezone.now(),
        leaves_at=timezone.now(),
        created_by=person,
    )


def agency_of_bench() -> tuple[Any, Any]:
    """An agency and its owner."""
    from accounts.models import Agency, User
    from accounts.roles import Role

    agency, _made = Agency.objects.get_or_create(
        registration_code="7K3M9QW3",
        defaults={
            "name": "Ubezpieczenia Nowak",
            "street": "ul. Długa 1",
            "postal_code": "45-221",
            "city": "Opole",
            "email": "p@example.com",
            "phone": "+48601000001",
        },
    )
    person = agency.people.first() or User.objects.create_user(
        "p@example.com", "haslo-na-pomiar", full_name="Jan", role=Role.OWNER, agency=agency
    )
    return agency, person


def check_all_sent(num_messages: int) -> None:
    from messaging.models import Message

    sent = Message.objects.filter(state="sent").exclude(provider_id="").count()
    if sent != num_messages:
        raise RuntimeError(f"{sent} of {num_messages} messages were sent")


if __name__ == "__main__":
    main()
