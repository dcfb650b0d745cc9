"""What the list of clients asks the database, in an agency of 50,000 among 1,000,000 clients and among 1,000 in all.

Makes a small and a large database of its own, beside the one of the settings (SQLite: files; PostgreSQL: databases
with `_bench_small` and `_bench_large` added to the name), and times the same searches in both, in turn. What counts is
the ratio: the page's queries, objects built, large against small, where both pages have as many rows.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import django
from django.conf import settings
from django.db import connections

RUNS = 60
OWN_SMALL, OWN_LARGE, OTHERS, EACH = 1_000, 50_000, 1_000, 950
GOAL = 1.5
BATCH = 5_000

# Names as common as in Poland, roughly: Anna 4 % of all, beginnings like Kow some 4 %.
_FIRST = """
    Anna Piotr Krzysztof Maria Andrzej Katarzyna Tomasz Małgorzata Paweł Agnieszka Jan Barbara
    Michał Ewa Marcin Krystyna Stanisław Elżbieta Jakub Zofia Adam Teresa Marek Janina Łukasz Joanna
    Grzegorz Magdalena Mateusz Monika Wojciech Danuta Mariusz Jadwiga Dariusz Aleksandra Zbigniew
    Irena Jerzy Halina Maciej Beata Rafał Marta Robert
"""
_STEMS = """
    Now Kowal Wiśniew Wójc Kowalczy Kamiń Lewandow Zieliń Szymań Woźni Dąbrow Kozłow Jankow Mazur
    Krawczy Piotrow Grabow Nowakow Pawłow Michal Adamcz Dudz Zając Wieczor Jabłoń Król Majew Olszew
    Jaworsk Malin Stępie Górs Rutkow Sikor Walcza Baran Szewczy Ostrow Toma Pietrza Marcinia Wróbl
    Zalew Jakub Jasiń Zawadz Sadow Bąk Chmiel Borkow Włodar Czarnec Sawic Sokołow Urbań Kubia
    Maciejew Szczepań Kuchar Wilcz Kalinow Lis Mazurk Wysoc Adams Kaźmier Sobcza Czerwiń Andrzejew
    Cieśla Głowac Zakrzew Kołodziej Krupa Laskow Ziółkow Makow Mroz Przybyl Duda Bednar
"""
_ENDS = """
    ski ska czyk icz ak ek ik iński arz a owiak ewicz
"""
FIRST, STEMS, ENDS = _FIRST.split(), _STEMS.split(), _ENDS.split()


def main() -> None:
    django.setup()
    for alias, own in (("small", OWN_SMALL), ("large", OWN_LARGE)):
        _use(alias)
        _fill(alias, own, OTHERS if alias == "large" else 0)
    print(f"{connections['large'].vendor}: median of {RUNS} runs in turn, ms")
    print(f"{'the list':36} {'small':>8} {'large':>8} {'ratio':>6} {'rows':>6} {'':>4}")
    worst = 0.0
    for name, ask in _lists():
        rows = [_rows_in(alias, ask) for alias in ("small", "large")]
        small, large = _time(ask)
        print(f"{name:36} {small:8.2f} {large:8.2f} {large / small:6.2f} {rows[0]:6} {rows[1]:4}")
        if rows[0] == rows[1]:
            worst = max(worst, large / small)
    print(f"worst ratio of pages with as many rows: {worst:.2f}, goal {GOAL}")


def _lists() -> Iterator[tuple[str, Callable[[], int]]]:
    from accounts.models import Agency
    from messaging.contact_pages import Place, default_sort, page_of_contacts
    from messaging.contact_search import Criteria

    def asking(
        criteria: Criteria, sort: str = "", small: Criteria | None = None
    ) -> Callable[[], int]:
        """`small` is what the small book is asked instead, where the same would find fewer there."""

        def ask() -> int:
            agency = Agency.objects.get(pk=1)
            list(agency.contact_groups.order_by("name"))
            asked = small if small and connections["default"] is connections["small"] else criteria
            page = page_of_contacts(agency, asked, sort or default_sort(asked), Place(1, 50))
            return len(page.rows)

        return ask

    yield "no search, by name", asking(Criteria())
    yield "no search, by next end", asking(Criteria(), "end")
    yield "no search, newest first", asking(Criteria(), "newest")
    yield "a whole phone", asking(Criteria(text="+48 600 000 500"))
    yield "the last six digits", asking(Criteria(text="000 500"))
    yield "a policy number", asking(Criteria(text="POL/500"))
    yield "a registration number", asking(Criteria(text="OP 00500"))
    yield "a beginning of many names (kow)", asking(Criteria(text="kow"))
    yield "a letter (k)", asking(Criteria(text="k"))
    yield "a first name (krzysztof)", asking(Criteria(text="krzysztof"))
    yield "first and last name (jan kow)", asking(Criteria(text="jan kow"))
    yield (
        "the same, against jan pol in small",
        asking(Criteria(text="jan kow"), small=Criteria(text="jan pol")),
    )
    yield "two letters (a k)", asking(Criteria(text="a k"))
    yield (
        "the same, against jan pol in small",
        asking(Criteria(text="a k"), small=Criteria(text="jan pol")),
    )
    kow_due = Criteria(text="kow", ends_within=30)
    yield "a name that falls due (kow, 30 days)", asking(kow_due)
    yield (
        "the same, against a year in small",
        asking(kow_due, small=Criteria(text="kow", ends_within=365)),
    )
    yield "the same by name", asking(kow_due, "name", small=Criteria(text="kow", ends_within=365))
    yield "last and first name", asking(Criteria(text="kowalski jan"))
    yield "name and number (a 600 000 5)", asking(Criteria(text="a 600 000 5"))
    yield "policy ends within 30 days", asking(Criteria(ends_within=30))
    yield "the same, by name", asking(Criteria(ends_within=30), "name")
    yield "inspection within 30 days", asking(Criteria(inspection_within=30))
    yield "no marketing consent", asking(Criteria(no_consent=True))
    yield "no number", asking(Criteria(no_number=True))
    yield "opted out", asking(Criteria(opted_out=True))


def _rows_in(alias: str, ask: Callable[[], int]) -> int:
    _use(alias)
    return ask()


def _time(ask: Callable[[], int]) -> tuple[float, float]:
    times: dict[str, list[float]] = {"small": [], "large": []}
    for run in range(RUNS + 5):
        for alias, taken in times.items():
            _use(alias)
            start = perf_counter()
            ask()
            if run >= 5:
                taken.append((perf_counter() - start) * 1000)
    return median(times["small"]), median(times["large"])


def _use(alias: str) -> None:
    """Let everything that asks for the default database ask this one."""
    connections["default"] = connections[alias]


# --- filling --------------------------------------------------------------------------------------


def _fill(alias: str, own: int, others: int) -> None:
    from django.core.management import call_command

    from accounts.models import Agency

    call_command("migrate", database=alias, verbosity=0)
    if Agency.objects.exists():
        return
    chance = random.Random(4)  # noqa: S311  (made-up clients)
    for number in range(others + 1):
        Agency.objects.create(name=f"Agencja {number}", registration_code=f"{number:08}")
    ids = list(Agency.objects.order_by("pk").values_list("pk", flat=True))
    _add(chance, ids[0], own)
    for agency_id in ids[1:]:
        _add(chance, agency_id, EACH)
    with connections[alias].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connections[alias].vendor == "postgresql" else "ANALYZE")


def _add(chance: random.Random, agency_id: int, count: int) -> None:
    """Clients with a phone, a vehicle and a policy each; one of 25 without number, one of 25 opted out."""
    from django.utils import timezone

    from accounts.folding import fold
    from messaging.models import Contact, Policy, SearchWord, Vehicle
    from messaging.search_words import words_of

    today = timezone.localdate()
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        contacts = [_contact(chance, agency_id, number, today) for number in numbers]
        for contact in contacts:
            contact.search_name = fold(f"{contact.last_name} {contact.first_name}")
        Contact.objects.bulk_create(contacts)
        vehicles, policies, words = [], [], []
        for number, contact in zip(numbers, contacts, strict=True):
            own: dict[str, Any] = {"agency_id": agency_id, "contact_id": contact.pk}
            plate, policy = f"OP{number:05}", f"POL/{number}"
            vehicles.append(
                Vehicle(**own, registration_number=plate, inspection_due=contact.next_inspection_on)
            )
            policies.append(Policy(**own, number=policy, ends_on=contact.next_end_on))
            found = words_of(contact.search_name, [contact.phone, plate, policy])
            words += [SearchWord(**own, word=word) for word in sorted(found)]
        Vehicle.objects.bulk_create(vehicles)
        Policy.objects.bulk_create(policies)
        SearchWord.objects.bulk_create(words)


def _contact(chance: random.Random, agency_id: int, number: int, today: date) -> Any:
    from django.utils import timezone

    from messaging.models import Contact

    return Contact(
        agency_id=agency_id,
        first_name=_common(chance, FIRST),
        last_name=_common(chance, STEMS) + chance.choice(ENDS),
        phone="" if number % 20 == 3 else f"+48{600000000 + number}",
        next_end_on=today + timedelta(days=chance.randrange(365)),
        next_inspection_on=today + timedelta(days=chance.randrange(365)),
        opted_out_at=timezone.now() if number % 20 == 4 else None,
    )


def _common(chance: random.Random, names: list[str]) -> str:
    return chance.choices(names, [1 / (rank + 20) for rank in range(len(names))])[0]


def _settings() -> None:
    """Two databases like the one of the settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mps_portal.settings")
    base = settings.DATABASES["default"]
    folder = Path(os.environ.get("MPS_DATA_DIR") or tempfile.mkdtemp())
    for alias in ("small", "large"):
        is_sqlite = base["ENGINE"].endswith("sqlite3")
        name = folder / f"bench_{alias}.sqlite3" if is_sqlite else f"{base['NAME']}_bench_{alias}"
        settings.DATABASES[alias] = base | {"NAME": str(name)}
        if not is_sqlite:
            _make_database(base, str(name))


def _make_database(base: dict[str, Any], name: str) -> None:
    import psycopg

    server = {"host": base["HOST"], "port": base["PORT"] or 5432, "user": base["USER"]}
    with psycopg.connect(
        **server, password=base["PASSWORD"], dbname=base["NAME"], autocommit=True
    ) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if known.fetchone() is None:
            connection.execute(f'CREATE DATABASE "{name}"')


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    _settings()
    main()
