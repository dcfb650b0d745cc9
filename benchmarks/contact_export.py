"""Exporting 50,000 clients with a vehicle and a policy each. Run by bin/bench contact_export."""

from __future__ import annotations

import statistics
from multiprocessing import get_context
from typing import Any

from benchmarks.bench_database import bench_database
from benchmarks.contacts import NUM_ROWS, ROUNDS, import_file, make_files, new_agency, timed


def main() -> None:
    """Print a line for each format."""
    with get_context("spawn").Pool(1) as pool:
        files = pool.apply(make_files)
    with bench_database():
        agency = new_agency("biuro")
        import_file(agency, files["csv"])
        for kind in files:
            seconds = statistics.median(timed(lambda: export(agency, kind)) for _ in range(ROUNDS))  # noqa: B023
            print(f"{kind}: {NUM_ROWS} clients in {seconds:.2f} seconds, median of {ROUNDS}")


def export(agency: Any, kind: Any) -> None:
    """All that the web process does, to the last byte."""
    from messaging.contact_exports import export_contacts

    for _piece in export_contacts(agency.contacts.order_by("search_name", "pk"), kind):  # type: ignore[attr-defined]
        pass


if __name__ == "__main__":
    main()
