"""The pages that list messages, with 1,000,000 of them, 1,000 agencies, one with 300,000.

First what the lists, the look-ups and the counts ask the database, in milliseconds, page 5,000 beside page 1 and kept
sums beside counting the messages. Then requests a second and p95 of the list, against the ordinary way (filters in the
template) and the naive one (a query for each row, a count of all), at 8 connections on 2 workers. Run by
bin/bench pages; needs wrk.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from statistics import median
from time import perf_counter, sleep
from typing import Any

from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from benchmarks.bench_database import bench_database
from benchmarks.pages_data import RARE, big_agency, cursor_of_page, fill

RUNS = 30
CONNECTIONS, WORKERS, SECONDS, ROUNDS = 8, 2, 5, 3
P95 = """
done = function(summary, latency, requests)
  io.write(string.format("p95 %.2f\\n", latency:percentile(95) / 1000))
end
"""


def main() -> None:
    """Print a line for each list, count and page."""
    with bench_database():
        fill()
        time_queries()
        time_counts()
        time_pages()


# --- Queries --------------------------------------------------------------------------------------


def time_queries() -> None:
    from messaging.message_search import MessageCriteria

    agency, last_page = big_agency(), cursor_of_page(5_000)
    campaign, message = agency.campaigns.earliest("pk"), agency.messages.earliest("pk")
    print(f"\nthe page's rows, ms of SQL (median of {RUNS})")
    first = time_list(MessageCriteria())
    deep = time_list(MessageCriteria(), before=last_page)
    print(f"  page 1: {first:.2f}; page 5000: {deep:.2f}, {deep / first:.2f} times page 1")
    for name, criteria, before in (
        ("one status", MessageCriteria(state="delivered"), None),
        ("one status, page 5000", MessageCriteria(state="delivered"), last_page),
        ("a rare status", MessageCriteria(state=RARE), None),
        ("one campaign", MessageCriteria(campaign_id=campaign.pk), None),
        ("its one status", MessageCriteria(campaign_id=campaign.pk, state="delivered"), None),
        ("its rare status", MessageCriteria(campaign_id=campaign.pk, state=RARE), None),
        ("one client", MessageCriteria(client_ids=(message.contact_id,)), None),
        ("one number", MessageCriteria(phone=message.phone), None),
    ):
        print(f"  {name}: {time_list(criteria, before):.2f}")
    print(f"  by the provider's id: {look_up(message.provider_id):.2f}")


def time_list(criteria: Any, before: int | None = None) -> float:
    from accounts.newest_first import page_of
    from messaging.message_rows import for_rows
    from messaging.message_search import matching, order_of

    agency = big_agency()
    asked: Any = RequestFactory().get("/", {} if before is None else {"before": before})
    asked.user = agency.people.get()
    return sql_ms(lambda: page_of(asked, for_rows(matching(agency, criteria)), order_of(criteria)))


def sql_ms(work: Callable[[], object], runs: int = RUNS) -> float:
    """What the database takes for the work's queries and their rows, without what is made of them."""
    from django.db import connection

    with CaptureQueriesContext(connection) as queries:
        work()

    def ask() -> None:
        with connection.cursor() as cursor:
            for query in queries:
                cursor.execute(query["sql"])
                cursor.fetchall()

    return median_ms(ask, runs)


def look_up(provider_id: str) -> float:
    from messaging.delivery_reports import match
    from messaging.gateways.base import StatusReport

    report = StatusReport(provider_id, "delivered")
    return sql_ms(lambda: match("smsapi", [report]))


def time_counts() -> None:
    from django.utils import timezone

    from messaging.days import sums_of
    from messaging.message_search import MessageCriteria, count_up_to_many, matching
    from messaging.tallies import counts_of

    agency, today = big_agency(), timezone.localdate()
    month_ago = today - timedelta(days=29)
    campaign = agency.campaigns.latest("pk")
    print("\ncounts, ms of SQL")
    kept = sql_ms(lambda: sums_of(agency, month_ago, today))
    counted = sql_ms(lambda: aggregate_by_day(month_ago), runs=5)
    print(
        f"  30 days by status and template: {kept:.2f}; from the messages {counted:.0f}, {counted / kept:.0f} times"
    )
    print(f"  a campaign by status: {sql_ms(lambda: counts_of(campaign)):.2f}")
    found = matching(agency, MessageCriteria())
    print(f"  of a list, up to 1,000: {sql_ms(lambda: count_up_to_many(found)):.2f}")
    sums = {day: counts.all for day, counts in sums_of(agency, month_ago, today).by_day().items()}
    if sums != aggregate_by_day(month_ago):
        raise RuntimeError("the kept sums are not those of the messages")


def aggregate_by_day(first: Any) -> dict[Any, int]:
    """The same by counting the messages themselves."""
    from django.db.models import Count
    from django.db.models.functions import TruncDate

    from messaging.message_dates import start_of

    rows = big_agency().messages.filter(campaign__leaves_at__gte=start_of(first))
    rows = rows.annotate(day=TruncDate("campaign__leaves_at")).values_list("day", "state")
    found = {first + timedelta(days=number): 0 for number in range(30)}
    for day, _state, number in rows.annotate(Count("pk")):
        found[day] += number
    return found


def median_ms(work: Callable[[], object], runs: int = RUNS) -> float:
    taken = []
    for _run in range(runs):
        start = perf_counter()
        work()
        taken.append((perf_counter() - start) * 1000)
    return median(taken)


# --- Pages ----------------------------------------------------------------------------------------


def time_pages() -> None:
    session = log_in()
    deep = f"?before={cursor_of_page(5_000)}"
    print(f"\nrequests a second (median of {ROUNDS}), {CONNECTIONS} connections, {WORKERS} workers")
    with server() as url:
        rates = {
            name: measure(f"{url}{address}", session)
            for name, address in (
                ("the list", "/wiadomosci/"),
                ("the list, page 5000", f"/wiadomosci/{deep}"),
                ("the ordinary way", "/bench/ordinary/"),
                ("the naive way", "/bench/naive/"),
                ("Pulpit", "/pulpit/"),
            )
        }
    own, own_p95, _size = rates["the list"]
    for name, (rate, p95, size) in rates.items():
        ratio = (
            ""
            if name in ("the list", "Pulpit")
            else f"; the list does {own / rate:.1f} times as many"
        )
        print(f"  {name}: {rate:.0f}, p95 {p95:.0f} ms, {size / 1000:.0f} kB{ratio}")
    # Milliseconds say as much of the machine as of the page.
    print(f"p95 of the list: {own_p95 / rates['the ordinary way'][1]:.2f} of the ordinary way's")


def measure(url: str, session: str) -> tuple[float, float, int]:
    """Requests a second, p95 in ms, and the bytes of the page."""
    import requests

    page = requests.get(url, headers={"Cookie": session}, timeout=30, allow_redirects=False)
    if page.status_code != 200:
        raise RuntimeError(f"{url}: {page.status_code}")
    runs = [load(url, session) for _round in range(ROUNDS)]
    return median(run[0] for run in runs), median(run[1] for run in runs), len(page.content)


def load(url: str, session: str) -> tuple[float, float]:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(P95)
        script.flush()
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", script.name]
        told = subprocess.run(  # noqa: S603
            [*command, "-H", f"Cookie: {session}", url], capture_output=True, text=True, check=True
        ).stdout
    if "Non-2xx" in told:
        raise RuntimeError(told)
    rate, p95 = re.findall(r"(?:Requests/sec:|p95)\s*([\d.]+)", told)
    return float(rate), float(p95)


@contextmanager
def server() -> Iterator[str]:
    """The portal in two workers of gunicorn, with the other ways beside it."""
    from django.core.management import call_command
    from django.db import connection

    call_command("collectstatic", interactive=False, verbosity=0)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(  # noqa: S603
        [
            *(sys.executable, "-m", "gunicorn", "benchmarks.pages_server"),
            *(f"--workers={WORKERS}", f"--bind=127.0.0.1:{port}", "--log-level=error"),
        ],
        env={**os.environ, "BENCH_DATABASE": str(connection.settings_dict["NAME"])},
    )
    try:
        for _try in range(100):
            with socket.socket() as door:
                if door.connect_ex(("127.0.0.1", port)) == 0:
                    break
            sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def log_in() -> str:
    """The cookie of a session of the big agency's owner."""
    from django.conf import settings
    from django.test import Client

    browser = Client()
    browser.force_login(big_agency().people.get())
    return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"


if __name__ == "__main__":
    main()
