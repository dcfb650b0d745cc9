"""Numbers of invoices and corrections: gapless in each series and month, FV/2026/11/0001."""

from __future__ import annotations

from datetime import date

from django.db.models import F

from billing.models import InvoiceCounter


def take_numbers(series: str, day: date, count: int = 1) -> range:
    """The next `count` numbers of the day's month, in the caller's transaction.

    Art. 106e ust. 1 pkt 2 ustawy o VAT. The counter's row stays locked until the caller commits, so that what is
    rolled back leaves no gap and nobody gets a number twice.
    """
    InvoiceCounter.objects.get_or_create(series=series, year=day.year, month=day.month)
    counter = InvoiceCounter.objects.filter(series=series, year=day.year, month=day.month)
    counter.update(last_number=F("last_number") + count)
    last = counter.values_list("last_number", flat=True).get()
    return range(last - count + 1, last + 1)


def number_text(series: str, day: date, sequence: int) -> str:
    """FV/2026/11/0001; more than 9999 in a month make it longer."""
    return f"{series}/{day.year}/{day.month:02}/{sequence:04}"
