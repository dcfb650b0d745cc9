"""Invoices: a warm render against plain WeasyPrint and against layout alone, memory, two processes, a month's files.

Run by bin/bench invoices [number of invoices in the month].
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from time import perf_counter, process_time
from typing import Any

from benchmarks.bench_database import bench_database

ROUNDS = 30
NUM_INVOICES = 5_000
# Of a stored document: what an invoice with two fonts in it has.
PDF_BYTES = 30_000


def main() -> None:
    """Print each figure with its goal."""
    if sys.argv[1:2] == ["--render"]:
        render_many(int(sys.argv[2]))
        return
    count = int(sys.argv[1]) if sys.argv[1:] else NUM_INVOICES
    with bench_database():
        measure_render()
        measure_memory()
        measure_processes()
        measure_month(count)


# --- one document ---------------------------------------------------------------------------------


def measure_render() -> None:
    """CPU time of the same page by each way, in turn; the first rounds warm up."""
    ways = _ways()
    found: dict[str, list[float]] = {name: [] for name in ways}
    for round_number in range(ROUNDS + 3):
        for name, render in ways.items():
            seconds = timed(render)
            if round_number >= 3:
                found[name].append(seconds)
    medians = {name: 1000 * statistics.median(seconds) for name, seconds in found.items()}
    for name, milliseconds in medians.items():
        print(f"{name}: {milliseconds:.1f} ms CPU")
    warm, archive = medians["render_invoice, no PDF/A"], medians["render_invoice"]
    plain, layout = medians["plain write_pdf"], medians["layout alone"]
    print(
        f"warm render: {warm / plain:.2f} of plain (goal 0.8), {warm / layout:.2f} of layout alone (goal 1.5)"
    )
    print(
        f"PDF/A-3: {archive / warm:.2f} of a warm render (goal 1.15), {archive / plain:.2f} of plain"
    )


def _ways() -> dict[str, Callable[[], object]]:
    from weasyprint import HTML

    from billing import pdf

    invoice = an_invoice()
    page = pdf.html_of(invoice)
    style_text = (pdf.settings.BASE_DIR / pdf._STYLE).read_text()
    whole = page.replace("</head>", f"<style>{style_text}</style></head>")

    def without_archive() -> bytes:
        style, fonts = pdf._style()
        with pdf._no_garbage_collection():
            document = HTML(string=pdf.html_of(invoice), url_fetcher=pdf._OnlyFonts())
            return document.write_pdf(stylesheets=[style], font_config=fonts, pdf_identifier=b"1")

    def layout() -> object:
        style, fonts = pdf._style()
        document = HTML(string=page, url_fetcher=pdf._OnlyFonts())
        return document.render(stylesheets=[style], font_config=fonts)

    return {
        "render_invoice": lambda: pdf.render_invoice(invoice),
        "render_invoice, no PDF/A": without_archive,
        "plain write_pdf": lambda: HTML(string=whole, url_fetcher=pdf._OnlyFonts()).write_pdf(),
        "layout alone": layout,
    }


def measure_memory() -> None:
    """From render 50 to render 250, in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.invoices", "--render", "250"],
        capture_output=True,
        text=True,
        check=True,
    )
    print(f"memory from render 50 to 250: {run.stdout.split()[0]} MiB more (goal 5)")


def measure_processes() -> None:
    """The same number of documents by one process and by two."""
    each = 60
    alone = _rate(1, each)
    print(
        f"two processes: {_rate(2, each) / alone:.2f} times one (goal 1.7), {alone:.1f} PDF/s by one"
    )


def _rate(number: int, each: int) -> float:
    command = [sys.executable, "-m", "benchmarks.invoices", "--render", str(each)]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own
        for _ in range(number)
    ]
    # Without their start: the slower one's time.
    seconds = max(float(one.communicate()[0].split()[1]) for one in running)
    return number * each / seconds


def render_many(number: int) -> None:
    """Print how many MiB the process grew from the fiftieth document on, and the seconds since the tenth."""
    import django

    django.setup()
    from billing.pdf import render_invoice

    invoice = an_invoice()
    before = start = 0.0
    for done in range(number):
        if done == 10:
            start = perf_counter()
        if done == 50:
            before = memory()
        render_invoice(invoice)
    print(f"{memory() - before:.1f} {(perf_counter() - start) * number / (number - 10):.3f}")


def memory() -> float:
    """MiB of this process now."""
    with open("/proc/self/status") as status:
        (line,) = [line for line in status if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


def an_invoice() -> Any:
    from billing.tests.invoices import unsaved_invoice

    return unsaved_invoice(pk=1)


# --- a month --------------------------------------------------------------------------------------


def measure_month(count: int) -> None:
    """The files of a month, as a web process sends them."""
    from django.utils import timezone

    from billing import accountant_exports, jpk
    from billing.models import Invoice

    fill_month(count)
    today = timezone.localdate()
    of_month = accountant_exports.of_month(today.year, today.month)
    before = memory()
    files: dict[str, Callable[[], int]] = {
        "ZIP": lambda: sum(map(len, accountant_exports.zip_of_pdfs(of_month))),
        "CSV": lambda: sum(1 for _row in accountant_exports.csv_rows(of_month)),
        "JPK": lambda: sum(map(len, jpk.sales_file(of_month, today.year, today.month))),
    }
    for name, write in files.items():
        start = perf_counter()
        size = write()
        print(
            f"{name} of {Invoice.objects.count()} invoices: {perf_counter() - start:.1f} s, {size}"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"peak memory {peak} MB (goal 200), {before:.0f} MiB before")


def fill_month(count: int) -> None:
    """Payments, their invoices and stored documents."""
    import hashlib

    from accounts.models import Agency
    from billing.invoicing import Paid, issue_many
    from billing.models import InvoicePdf, Payment

    agency = Agency.objects.create(
        name="Pomiar",
        street="ul. Długa 1",
        postal_code="45-221",
        city="Opole",
        email="p@example.com",
        phone="+48601000001",
        registration_code="7K3M9QW3",
    )
    for start in range(0, count, 500):
        payments = Payment.objects.bulk_create(
            Payment(agency=agency, amount=2900 + number, received_on=date(2026, 11, 20))
            for number in range(start, min(start + 500, count))
        )
        paid = [Paid(one.pk, agency, one.amount, one.received_on) for one in payments]
        invoices = issue_many(paid)
        content = bytes(range(256)) * (PDF_BYTES // 256)
        digest = hashlib.sha256(content).hexdigest()
        InvoicePdf.objects.bulk_create(
            InvoicePdf(invoice_id=invoice.invoice_id, content=content, sha256=digest)
            for invoice in invoices
        )


def timed(action: Callable[[], object]) -> float:
    start = process_time()
    action()
    return process_time() - start


if __name__ == "__main__":
    main()
