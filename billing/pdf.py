"""The invoice as a PDF.

Imported by the worker only: WeasyPrint costs 0.8 s and 50 MiB that web processes must not pay.
"""

from __future__ import annotations

import logging
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
_FONTS = ("Lato-Regular.ttf", "Lato-Bold.ttf")
# Two threads inside WeasyPrint with one font configuration abort the process (SIGABRT in Pango).
_one_at_a_time = Lock()
# Seven lines for each invoice.
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)


def render_invoice(invoice: Invoice) -> bytes:
    """Render the invoice as a PDF/A-3a on A4, in Polish. The same invoice gives the same bytes.

    Reads no file but the style sheet and the fonts, and nothing from the network.
    """
    with translation.override("pl"):
        html = render_to_string("pdf/invoice.html", _context(invoice))
    with _one_at_a_time:
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


class _OnlyFonts(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no type hints.
    """Gives the style sheet its fonts and refuses every other address, local files included."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
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


def _context(invoice: Invoice) -> dict[str, Any]:
    return {
        "invoice": invoice,
        "seller_account": _grouped_account(invoice.seller_account),
        "net": format_decimal(invoice.net),
        "vat": format_decimal(invoice.vat),
        "gross": format_decimal(invoice.gross),
        "paid": format_amount(invoice.gross),
        # Invoices are issued for money that has come.
        "to_pay": format_amount(0),
        "in_words": in_words(invoice.gross),
    }


def _grouped_account(account: str) -> str:
    """Write 26 digits as banks print them: 76 1140 2004 0000 3502 4346 5646."""
    groups = [account[:2], *(account[start : start + 4] for start in range(2, len(account), 4))]
    return " ".join(groups)
