"""The invoice as a PDF.

Imported by the worker only: WeasyPrint costs 0.8 s and 50 MiB that web processes must not pay.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from billing.models import Invoice
from billing.money import format_amount, format_decimal, in_words

# Archivable and tagged, so that screen readers find their way through the table.
_VARIANT = "pdf/a-3a"
_STYLE = Path("templates/pdf/invoice.css")
_LOGO_URL = "seller:logo"
_FONTS = ("Lato-Regular.ttf", "Lato-Bold.ttf")
# Two threads inside WeasyPrint with one font configuration abort the process (SIGABRT in Pango).
_one_at_a_time = Lock()
# Seven lines for each invoice.
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)


def render_invoice(invoice: Invoice, duplicate_on: date | None = None) -> bytes:
    """Render an invoice, a correction, or its duplicate of a day, as a PDF/A-3a on A4, in Polish.

    The same document gives the same bytes. Reads no file but the style sheet, the fonts and the seller's logo, and
    nothing from the network.
    """
    html = html_of(invoice, duplicate_on)
    with _one_at_a_time, _no_garbage_collection():
        style, fonts = _style()
        document = HTML(string=html, url_fetcher=_OnlyFonts())
        content: bytes = document.write_pdf(
            stylesheets=[style],
            font_config=fonts,
            pdf_variant=_VARIANT,
            # A fixed one: the default is random.
            pdf_identifier=invoice.number.encode(),
        )
    return content


def html_of(invoice: Invoice, duplicate_on: date | None = None) -> str:
    """What is rendered: a page without addresses of other hosts."""
    template = "pdf/correction.html" if invoice.is_correction else "pdf/invoice.html"
    context = _context(invoice) | {"duplicate_on": duplicate_on, "logo": _logo()}
    if invoice.is_correction:
        context |= _correction_context(invoice)
    with translation.override("pl"):
        return render_to_string(template, context)


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """A page makes a million objects and lets most go at once: looking for cycles in between takes a tenth."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class _OnlyFonts(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no type hints.
    """Gives the style sheet its fonts and refuses every other address, local files included."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if url == _LOGO_URL and settings.SELLER_LOGO:
            return URLFetcherResponse(url, Path(settings.SELLER_LOGO).read_bytes())
        name = url.removeprefix("lato:")
        if name not in _FONTS:
            raise ValueError(f"an invoice loads nothing from outside: {url}")
        return URLFetcherResponse(url, _font(name), {"Content-Type": "font/ttf"})


@cache
def _font(name: str) -> bytes:
    content: bytes = (settings.LATO_DIR / name).read_bytes()
    return content


@cache
def _style() -> tuple[CSS, FontConfiguration]:
    """The parsed style sheet and the fonts it names.

    One pair per process: a new configuration for each document leaks 0.3 MiB.
    """
    fonts = FontConfiguration()
    text = (settings.BASE_DIR / _STYLE).read_text()
    return CSS(string=text, font_config=fonts, url_fetcher=_OnlyFonts()), fonts


def _logo() -> str:
    """The address under which the page finds the seller's own logo; empty for the mark of MPS."""
    return _LOGO_URL if settings.SELLER_LOGO else ""


def _context(invoice: Invoice) -> dict[str, Any]:
    return {
        "invoice": invoice,
        "title": _title(invoice),
        "seller_account": _grouped_account(invoice.seller_account),
        "rate": "zw." if invoice.exemption else f"{invoice.vat_rate}%",
        "net": format_decimal(invoice.net),
        "vat": format_decimal(invoice.vat),
        "gross": format_decimal(invoice.gross),
        "paid": format_amount(invoice.gross),
        # Invoices are issued for money that has come.
        "to_pay": format_amount(0),
        "in_words": in_words(invoice.gross),
    }


def _title(invoice: Invoice) -> str:
    if invoice.is_correction:
        return "Faktura korygująca"
    if invoice.kind == Invoice.Kind.ADVANCE:
        return "Faktura zaliczkowa"
    # Only who charges VAT issues a "faktura VAT".
    return "Faktura" if invoice.exemption else "Faktura VAT"


def _correction_context(invoice: Invoice) -> dict[str, Any]:
    """What is corrected and how: before, after and the differences (art. 106j ust. 2 of the VAT Act)."""
    corrected = invoice.corrects
    if corrected is None:
        raise ValueError(f"{invoice.number} corrects nothing")
    before = corrected.corrections.filter(pk__lt=invoice.pk).order_by("pk").last() or corrected
    amounts = {
        "Przed korektą": (invoice.net_before, invoice.vat_before, invoice.gross_before),
        "Po korekcie": (
            invoice.net_before + invoice.net,
            invoice.vat_before + invoice.vat,
            invoice.gross_before + invoice.gross,
        ),
        "Różnica": (invoice.net, invoice.vat, invoice.gross),
    }
    return {
        "corrected": corrected,
        "before": before,
        "buyer_changes": any(getattr(before, field) != getattr(invoice, field) for field in _BUYER),
        "rows": [
            (label, *(format_decimal(amount) for amount in row)) for label, row in amounts.items()
        ],
        "difference": format_amount(invoice.gross),
    }


_BUYER = ("buyer_name", "buyer_street", "buyer_postal_code", "buyer_city", "buyer_nip")


def _grouped_account(account: str) -> str:
    """Write 26 digits as banks print them: 76 1140 2004 0000 3502 4346 5646."""
    groups = [account[:2], *(account[start : start + 4] for start in range(2, len(account), 4))]
    return " ".join(groups)
