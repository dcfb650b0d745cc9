"""Importing a statement of 10,000 lines for 10,000 agencies, against queries line by line and against no database.

mBank's CSV, cp1250; 5 % of the titles have no code, 10 % are in lower case, 8 % have a space in the code. Run by
bin/bench bank, which takes the number of lines.
"""

from __future__ import annotations

import hashlib
import random
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

import django

from benchmarks.bench_database import bench_database

if TYPE_CHECKING:
    from billing.statements.rows import StatementRow

NUM_AGENCIES = 10_000
# Medians of as many.
REPETITIONS = 5
# What queries line by line are measured on; their time is scaled.
NUM_ONE_BY_ONE = 300
DAY = date(2026, 3, 10)
HEAD = """mBank S.A. Bankowość Detaliczna;
#Waluta;
PLN;
#Numer rachunku;
{account} ;
#Saldo początkowe;0,00 PLN;

#Data księgowania;#Data operacji;#Opis operacji;#Tytuł;#Nadawca/Odbiorca;#Numer konta;#Kwota;#Saldo po operacji;
"""
LINE = (
    '{day};{day};PRZELEW ZEWNĘTRZNY PRZYCHODZĄCY;"{title}";"ŻANETA TESTOWA                     UL. KWIATOWA 1'
    "                     45-001 OPOLE\";'{payer:026}';{amount};{balance};\n"
)


def main() -> None:
    """Print a line for each measured way."""
    num_lines = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with bench_database():
        codes = make_agencies()
        data = make_file(codes, num_lines)
        tenths = make_files(codes, num_lines // 10, first_payer=100_000_000)
        wholes = [data, *make_files(codes, num_lines, first_payer=200_000_000)[1:]]
        print(f"{num_lines} lines, {len(data) / 1e6:.1f} MB, {NUM_AGENCIES} agencies; seconds")
        # In turn, so that both meet the same moments of the machine.
        floors, imports, small_imports = [], [], []
        for whole, tenth in zip(wholes, tenths, strict=True):
            small_imports.append(timed(partial(import_new, tenth)))
            imports.append(timed(partial(import_new, whole)))
            floors.append(timed(partial(parse_and_match, whole, codes)))
        floor, taken, small = median(floors), median(imports), median(small_imports)
        print(f"  parse, SHA-256, match, no database: {floor:.2f}")
        print(f"  import: {taken:.2f}, {taken / floor:.1f} times the floor")
        print(f"  a tenth of the lines: {small:.2f}, the whole is {taken / small:.1f} times that")
        again = timed(lambda: import_known(data))
        print(f"  the same lines again: {again:.2f}")
        slow = timed(lambda: one_by_one(codes)) * num_lines / NUM_ONE_BY_ONE
        print(f"  line by line (scaled): {slow:.1f}, {slow / taken:.1f} times the import")
        peak = peak_of_import(make_file(codes, num_lines, first_payer=20_000_000))
        print(f"  peak memory of a process that imports as many: {peak:.0f} MB")


def timed(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def make_agencies() -> list[str]:
    """Store the agencies; return their codes."""
    from accounts.models import Agency
    from accounts.registration_codes import generate

    codes = sorted({generate() for _ in range(NUM_AGENCIES)})
    Agency.objects.bulk_create(
        Agency(
            name=f"Agencja {number}",
            email=f"a{number}@wzor.example",
            registration_code=code,
        )
        for number, code in enumerate(codes)
    )
    return codes


def make_file(codes: list[str], num_lines: int, first_payer: int = 0) -> bytes:
    """A statement whose balances close; every line has a payer's account of its own."""
    from django.conf import settings

    source = random.Random(num_lines)  # noqa: S311 - made-up titles
    balance, lines = 0, [HEAD.format(account=settings.SELLER_ACCOUNT)]
    for number in range(num_lines):
        grosze = 2900 * source.randint(1, 10)
        balance += grosze
        lines.append(
            LINE.format(
                day=DAY,
                title=make_title(source.choice(codes), source.random()),
                payer=first_payer + number,
                amount=in_zloty(grosze),
                balance=in_zloty(balance),
            )
        )
    lines.append(f"\n;;;;;;#Saldo końcowe;{in_zloty(balance)} PLN;\n")
    return "".join(lines).encode("cp1250")


def make_files(codes: list[str], num_lines: int, first_payer: int) -> list[bytes]:
    """A file of other payers for each repetition: all their lines are new."""
    starts = [first_payer + number * 10_000_000 for number in range(REPETITIONS)]
    return [make_file(codes, num_lines, start) for start in starts]


def make_title(code: str, kind: float) -> str:
    if kind < 0.05:
        return "ZA WIADOMOŚCI SMS"
    if kind < 0.15:
        return f"kod rejestracyjny {code.lower()}"
    if kind < 0.23:
        return f"KOD REJESTRACYJNY {code[:4]} {code[4:]}"
    return f"KOD REJESTRACYJNY {code[:4]}-{code[4:]}"


def in_zloty(grosze: int) -> str:
    return f"{grosze // 100:,}".replace(",", " ") + f",{grosze % 100:02}"


def parse_and_match(data: bytes, codes: list[str]) -> list[tuple[str, list[str]]]:
    from billing.statements import read_statement
    from billing.transfer_titles import CodeIndex, find_codes

    index = CodeIndex(codes)
    (parsed,) = read_statement(data)
    return [(row_hash(row), find_codes(row.title, index)) for row in parsed.rows]


def row_hash(row: StatementRow) -> str:
    content = f"{row.booked_on}|{row.amount_grosze}|{row.payer_account}|{row.title}"
    return hashlib.sha256(content.encode()).hexdigest()


def import_new(data: bytes) -> None:
    from billing.statement_import import import_statement

    report = import_statement(data, "new.csv")
    if not report.num_credited or report.num_repeated:
        raise RuntimeError(f"not what the file holds: {report}")


def import_known(data: bytes) -> None:
    """The same lines in a file of other bytes: the very same file is recognised by its hash alone."""
    from billing.models import BankLine
    from billing.statement_import import import_statement

    before = BankLine.objects.count()
    import_statement(data + b"\n", "again.csv")
    if BankLine.objects.count() != before:
        raise RuntimeError("lines came twice")


def peak_of_import(data: bytes) -> float:
    """MB that a fresh process takes at most; this one has held the file as text and more."""
    from django.conf import settings
    from django.db import connection

    file = settings.DATA_DIR / "statement.csv"
    file.write_bytes(data)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        peak = pool.submit(_import_and_weigh, file, connection.settings_dict["NAME"])
        return peak.result()


def _import_and_weigh(file: Path, database: str) -> float:
    django.setup()
    from django.db import connection

    connection.settings_dict["NAME"] = database
    import_new(file.read_bytes())
    # Not getrusage: what it gives includes the process that started this one.
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def one_by_one(codes: list[str]) -> None:
    """As such imports are usually written: look the line up, save it, find the agency, credit it."""
    from django.db import transaction

    from accounts.models import Agency
    from billing import booking
    from billing.models import BankLine, Statement, StatementFile

    file = StatementFile.objects.create(sha256="0" * 64, name="one by one", content=b"")
    statement = Statement.objects.create(file=file, account="1" * 26, opening_balance=0)
    for number in range(NUM_ONE_BY_ONE):
        key = f"one by one {number}"
        with transaction.atomic():
            if BankLine.objects.filter(key=key).exists():
                continue
            line = BankLine.objects.create(
                statement=statement,
                key=key,
                line_number=number,
                booked_on=DAY,
                amount=2900,
                state=BankLine.State.UNMATCHED,
            )
            agency = Agency.objects.get(registration_code=codes[number])
            booking.credit_line(line, agency)


if __name__ == "__main__":
    main()
