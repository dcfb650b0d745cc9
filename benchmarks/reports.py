"""What gateways say of messages: 10,000 statuses at once, and delivery reports as they are pushed.

First how long 10,000 look-ups' answers take to be written, of one campaign and of messages anywhere among 300,000,
against save() of each. Then requests a second and p99 of pushed reports against a view that only updates the message,
at 8 connections on 2 workers. Run by bin/bench reports; needs wrk.
"""

from __future__ import annotations

import random
import re
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter
from typing import Any

from django.test.utils import CaptureQueriesContext

from benchmarks import pages_data
from benchmarks.bench_database import bench_database
from benchmarks.pages import CONNECTIONS, SECONDS, server

NUM_STATUSES, CHUNK, NUM_SAVED, ROUNDS = 10_000, 1_000, 500, 5
# Of three ends, as they come.
ENDS = ("delivered", "delivered", "delivered", "undelivered", "expired")
# Pushes a report of one message after another.
SCRIPT = """
local number = %d
request = function()
  number = number + 1
  return wrk.format("GET", "%s" .. number)
end
done = function(summary, latency, requests)
  io.write(string.format("p99 %%.2f\\n", latency:percentile(99) / 1000))
end
"""


def main() -> None:
    """Print a line for each way."""
    pages_data.NUM_MESSAGES, pages_data.NUM_OF_BIG, pages_data.DAYS = 300_000, 180_000, 15
    with bench_database():
        pages_data.fill()
        time_statuses()
        time_reports()


# --- Statuses -------------------------------------------------------------------------------------


def time_statuses() -> None:
    from messaging.models import Campaign, Message

    chance = random.Random(6)  # noqa: S311  (made-up messages)
    big = Campaign.objects.filter(agency=pages_data.big_agency()).latest("pk")
    own = big.messages.order_by("pk").values_list("pk", flat=True)
    ids = list(Message.objects.order_by("pk").values_list("pk", flat=True))
    for name, chosen in (
        ("one campaign", list(own[:NUM_STATUSES])),
        ("any messages", chance.sample(ids, NUM_STATUSES)),
    ):
        ours, saved = [], []
        for _round in range(ROUNDS):
            ours.append(timed(chosen, apply_in_chunks))
            saved.append(timed(chosen[:NUM_SAVED], save_each) * NUM_STATUSES / NUM_SAVED)
        times = median(saved) / median(ours)
        print(
            f"{NUM_STATUSES} statuses, {name}: {median(ours):.2f} s; save() each"
            f" {median(saved):.1f} s (scaled), {times:.0f} times"
        )
    print(f"statements for {CHUNK} statuses of {len(set(ENDS))} kinds: {num_statements(own)}")


def timed(ids: Sequence[int], work: Callable[[Sequence[tuple[int, str, str]]], None]) -> float:
    """Seconds, for messages that had just been sent."""
    from messaging.models import Message

    Message.objects.exclude(state="sent").update(state="sent", final_at=None)
    names = dict(Message.objects.filter(pk__in=ids).values_list("pk", "provider_id"))
    told = [(pk, names[pk], ENDS[number % len(ENDS)]) for number, pk in enumerate(ids)]
    start = perf_counter()
    work(told)
    return perf_counter() - start


def apply_in_chunks(told: Sequence[tuple[int, str, str]]) -> None:
    from messaging.delivery_reports import apply_reports
    from messaging.gateways.base import StatusReport

    for start in range(0, len(told), CHUNK):
        some = told[start : start + CHUNK]
        apply_reports("smsapi", [StatusReport(name, state) for _pk, name, state in some])


def save_each(told: Sequence[tuple[int, str, str]]) -> None:
    from django.utils import timezone

    from messaging.models import Message

    for pk, _name, state in told:
        message = Message.objects.get(pk=pk)
        message.state, message.final_at = state, timezone.now()
        message.save()


def num_statements(own: Any) -> int:
    from django.db import connection

    from messaging.models import Message

    Message.objects.filter(pk__in=list(own[:CHUNK])).update(state="sent", final_at=None)
    rows = Message.objects.filter(pk__in=list(own[:CHUNK])).values_list("pk", "provider_id")
    told = [(pk, name, ENDS[number % len(ENDS)]) for number, (pk, name) in enumerate(rows)]
    with CaptureQueriesContext(connection) as queries:
        apply_in_chunks(told)
    return sum(not q["sql"].startswith(("BEGIN", "COMMIT")) for q in queries)


# --- Reports --------------------------------------------------------------------------------------


def time_reports() -> None:
    from django.conf import settings

    ours = f"/dlr/smsapi/{settings.SMSAPI_CALLBACK_SECRET}/?status=404&donedate=1764000000&MsgId=ID"
    with server() as url:
        found: dict[str, list[tuple[float, float]]] = {"pushed reports": [], "an update alone": []}
        for number in range(3):
            found["pushed reports"].append(load(url, ours, number))
            found["an update alone"].append(load(url, "/bench/report/?MsgId=ID", number))
    rates = {name: median(rate for rate, _p99 in runs) for name, runs in found.items()}
    for name, runs in found.items():
        print(f"{name}: {rates[name]:.0f} a second, p99 {median(p99 for _r, p99 in runs):.0f} ms")
    print(f"{rates['pushed reports'] / rates['an update alone']:.2f} of the plain view")


def load(url: str, address: str, number: int) -> tuple[float, float]:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT % (number * 50_000, address))
        script.flush()
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", script.name, url]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    if "Non-2xx" in told:
        raise RuntimeError(told)
    rate, p99 = re.findall(r"(?:Requests/sec:|p99)\s*([\d.]+)", told)
    return float(rate), float(p99)


if __name__ == "__main__":
    main()
