"""Importing 50,000 clients, new and again, against reading the file and one executemany of the same rows.

Each client has a vehicle and a policy. Run by bin/bench contacts [csv] [xlsx].
"""

from __future__ import annotations

import csv
import io
import random
import resource
import statistics
import sys
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from multiprocessing import get_context
from time import perf_counter
from typing import Any

from benchmarks.bench_database import bench_database

NUM_ROWS = 50_000
ROUNDS = 3
HEADERS = (
    "Nazwisko i imię",
    "Telefon kom.",
    "E-mail",
    "Nr polisy",
    "Rodzaj",
    "Towarzystwo",
    "Koniec ochrony",
    "Składka",
    "Nr rej.",
    "Marka i model",
    "Badanie techniczne",
)
LAST_NAMES = ("Kowalski", "Wiśniewska", "Żółć", "Dąbrowski", "Nowak", "Łęcka")
FIRST_NAMES = ("Jan", "Anna", "Łukasz", "Elżbieta", "Piotr", "Święcisława")


def main() -> None:
    """Print a line for each format."""
    print(f"{NUM_ROWS} clients, seconds, median of {ROUNDS}")
    print("floor: reading the cells + executemany of the rows; steps: reading, check, import")
    files = in_own_process(make_files)
    for kind in sys.argv[1:] or files:
        in_own_process(measure, kind, files[kind])


def in_own_process(action: Callable[..., Any], *arguments: Any) -> Any:
    """What making the files takes, or the other format's floor, is not this import's memory."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(action, arguments)


def make_files() -> dict[str, bytes]:
    """The same clients as CSV and as XLSX."""
    from openpyxl import Workbook

    source = random.Random(1)  # noqa: S311 - made-up people
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADERS)
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADERS)
    for number in range(NUM_ROWS):
        cells = client(source, number)
        sheet.append(cells)
        writer.writerow([f"{c:%d.%m.%Y}" if isinstance(c, date) else c for c in cells])
    content = io.BytesIO()
    book.save(content)
    return {"csv": text.getvalue().encode("utf-8-sig"), "xlsx": content.getvalue()}


def client(source: random.Random, number: int) -> list[Any]:
    """A line of the file."""
    last, first = source.choice(LAST_NAMES), source.choice(FIRST_NAMES)
    return [
        f"{last} {first}",
        f"{600_000_000 + 7 * number}",
        f"klient{number}@example.com",
        f"POL/{number:08}",
        source.choice(("OC", "AC", "OC/AC")),
        source.choice(("PZU", "Warta", "Uniqa")),
        date(2026, 12, 1) + timedelta(days=source.randrange(365)),
        source.randrange(400, 3000),
        f"OP {number:05}",
        source.choice(("Skoda Octavia", "Toyota Yaris")),
        date(2026, 12, 1) + timedelta(days=source.randrange(365)),
    ]


def measure(kind: str, content: bytes) -> None:
    """Print the lines of a format, measured in turn, in a database of its own."""
    with bench_database():
        _measure(kind, content)


def _measure(kind: str, content: bytes) -> None:
    floors: list[list[float]] = []
    steps: dict[str, list[list[float]]] = {"new": [], "again": []}
    for number in range(ROUNDS):
        empty_book()
        agency = new_agency(f"{kind}{number}")
        for found in steps.values():
            found.append(import_file(agency, content))
        if not number:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(f"{kind}: peak memory {peak} MB")
        tables = stored_rows()
        empty_book()
        floors.append([timed(lambda: read(kind, content)), timed(lambda rows=tables: write(rows))])
        del tables
    floor = medians(floors)
    print(f"{kind}: floor {floor[0]:.2f} + {floor[1]:.2f}", flush=True)
    for name, rounds in steps.items():
        found_steps = medians(rounds)
        told = " + ".join(f"{step:.2f}" for step in found_steps)
        times = sum(found_steps) / sum(floor)
        print(f"{kind}: {name} {told} = {sum(found_steps):.2f}, {times:.1f} times the floor")


def medians(rounds: list[list[float]]) -> list[float]:
    """Of each step over the rounds."""
    return [statistics.median(step) for step in zip(*rounds, strict=True)]


def timed(action: Callable[[], object]) -> float:
    start = perf_counter()
    action()
    return perf_counter() - start


def new_agency(name: str) -> Any:
    """An agency and its owner."""
    from accounts.models import Agency, User
    from accounts.registration import new_registration_code
    from accounts.roles import Role

    agency = Agency.objects.create(
        name=name,
        street="ul. Długa 1",
        postal_code="45-221",
        city="Opole",
        email=f"{name}@example.com",
        phone="+48601000001",
        registration_code=new_registration_code(),
    )
    User.objects.create_user(
        f"{name}@example.com", "haslo-na-pomiar", full_name="Jan", role=Role.OWNER, agency=agency
    )
    return agency


def import_file(agency: Any, content: bytes) -> list[float]:
    """All that the wizard and its workers do. Seconds of reading, check and import."""
    from messaging import contact_imports, import_jobs

    started = contact_imports.start(
        agency=agency, started_by=agency.people.get(), file_name="k", content=content
    )
    seconds = [timed(lambda: import_jobs.read_file(started.pk))]
    started.refresh_from_db()
    contact_imports.confirm_columns(started, started.columns)
    seconds.append(timed(lambda: import_jobs.check(started.pk)))
    contact_imports.run(started)
    seconds.append(timed(lambda: import_jobs.run(started.pk, 1000)))
    started.refresh_from_db()
    if started.num_created + started.num_unchanged != NUM_ROWS:
        raise RuntimeError(f"{started.num_created} created, {started.num_unchanged} unchanged")
    return seconds


def read(kind: str, content: bytes) -> None:
    """The floor: only the cells."""
    if kind == "csv":
        text = io.StringIO(content.decode("utf-8-sig"), newline="")
        for _cells in csv.reader(text, delimiter=";"):
            pass
        return
    from openpyxl import load_workbook

    sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
    for _cells in sheet.iter_rows(values_only=True):
        pass


Table = tuple[str, Sequence[str], list[tuple[Any, ...]]]


def _models() -> list[Any]:
    from messaging.models import Contact, Policy, SearchWord, Vehicle

    return [Contact, Vehicle, Policy, SearchWord]


def stored_rows() -> list[Table]:
    """Every row that the import wrote, as the driver takes it."""
    from django.db import connection

    tables = []
    for model in _models():
        names = [field.column for field in model._meta.concrete_fields]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(names)} FROM {model._meta.db_table}")  # noqa: S608
            tables.append((model._meta.db_table, names, cursor.fetchall()))
    return tables


def write(tables: list[Table]) -> None:
    """The floor: one executemany for each table, in one transaction."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for table, names, rows in tables:
            values = ", ".join(["%s"] * len(names))
            cursor.executemany(
                f"INSERT INTO {table} ({', '.join(names)}) VALUES ({values})",  # noqa: S608
                rows,
            )


def empty_book() -> None:
    from django.db import connection

    for model in reversed(_models()):
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608


if __name__ == "__main__":
    main()
