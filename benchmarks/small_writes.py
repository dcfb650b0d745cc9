"""Somebody else's small writes, one every 5 ms until a line comes in: started by benchmarks/campaigns.py."""

from __future__ import annotations

import os
import statistics
import sys
import threading
from time import perf_counter, sleep

import django


def main() -> None:
    """Say when it begins, and at the end how long the writes took."""
    django.setup()
    from django.db import connection, transaction

    from accounts.models import Agency

    connection.settings_dict["NAME"] = os.environ["BENCH_DATABASE"]
    own = Agency.objects.filter(pk=int(sys.argv[1]))
    own.update(city="Opole")
    is_over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), is_over.set()), daemon=True).start()
    print("begun", flush=True)
    waits = []
    while not is_over.is_set():
        start = perf_counter()
        with transaction.atomic():
            own.update(city="Opole")
        waits.append((perf_counter() - start) * 1000)
        sleep(0.005)
    waits.sort()
    p95 = waits[int(len(waits) * 0.95)]
    print(
        f"median {statistics.median(waits):.1f} ms, p95 {p95:.1f} ms, max {waits[-1]:.0f} ms of {len(waits)}"
    )


if __name__ == "__main__":
    main()
