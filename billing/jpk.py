"""The sales rows of a month's JPK_V7M(3) as XML: the accountant's program adds purchases and the declaration.

Schema http://crd.gov.pl/wzor/2025/12/19/14090/, in force from February 2026. Documents issued outside KSeF carry BFK.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from xml.sax.saxutils import XMLGenerator

from django.conf import settings
from django.db.models import QuerySet

from billing.accountant_exports import NO_NIP, totals
from billing.models import Invoice
from billing.money import to_zloty

_NAMESPACE = "http://crd.gov.pl/wzor/2025/12/19/14090/"
_CHUNK = 500


class TaxOfficeUnknown(Exception):
    """settings.SELLER_TAX_OFFICE, which the file must name, is not set."""


def sales_file(documents: QuerySet[Invoice], year: int, month: int) -> Iterator[str]:
    """The file bit by bit. Raises TaxOfficeUnknown before anything is written.

    Corrections of a buyer's name or address change no amount and are no rows of it.
    """
    if not settings.SELLER_TAX_OFFICE:
        raise TaxOfficeUnknown
    rows = documents.exclude(gross=0)
    return _written(rows, year, month)


def _written(rows: QuerySet[Invoice], year: int, month: int) -> Iterator[str]:
    out = StringIO()
    xml = _Writer(out)
    xml.startDocument()
    xml.open("JPK", xmlns=_NAMESPACE)
    _head(xml, year, month)
    xml.open("Ewidencja")
    for number, document in enumerate(rows.iterator(chunk_size=_CHUNK), start=1):
        _row(xml, number, document)
        yield _taken(out)
    sums = totals(rows)
    xml.open("SprzedazCtrl")
    xml.leaf("LiczbaWierszySprzedazy", sums.number)
    xml.leaf("PodatekNalezny", to_zloty(sums.vat))
    xml.close("SprzedazCtrl")
    xml.open("ZakupCtrl")
    xml.leaf("LiczbaWierszyZakupow", 0)
    xml.leaf("PodatekNaliczony", "0.00")
    xml.close("ZakupCtrl")
    xml.close("Ewidencja")
    xml.close("JPK")
    yield _taken(out)


def _head(xml: _Writer, year: int, month: int) -> None:
    xml.open("Naglowek")
    xml.leaf("KodFormularza", "JPK_VAT", kodSystemowy="JPK_V7M (3)", wersjaSchemy="1-0E")
    xml.leaf("WariantFormularza", 3)
    xml.leaf("DataWytworzeniaJPK", f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
    xml.leaf("NazwaSystemu", "MPS")
    xml.leaf("CelZlozenia", 1, poz="P_7")
    xml.leaf("KodUrzedu", settings.SELLER_TAX_OFFICE)
    xml.leaf("Rok", year)
    xml.leaf("Miesiac", month)
    xml.close("Naglowek")
    xml.open("Podmiot1", rola="Podatnik")
    xml.open("OsobaNiefizyczna")
    xml.leaf("NIP", settings.SELLER_NIP)
    xml.leaf("PelnaNazwa", settings.SELLER_NAME)
    xml.leaf("Email", settings.OPERATOR_EMAIL)
    xml.close("OsobaNiefizyczna")
    xml.close("Podmiot1")


def _row(xml: _Writer, number: int, document: Invoice) -> None:
    xml.open("SprzedazWiersz")
    xml.leaf("LpSprzedazy", number)
    xml.leaf("NrKontrahenta", document.buyer_nip or NO_NIP)
    xml.leaf("NazwaKontrahenta", document.buyer_name)
    xml.leaf("DowodSprzedazy", document.number)
    xml.leaf("DataWystawienia", document.issued_on)
    if document.paid_on != document.issued_on:
        xml.leaf("DataSprzedazy", document.paid_on)
    xml.leaf("BFK", 1)
    if document.exemption:
        xml.leaf("K_10", to_zloty(document.net))
    else:
        xml.leaf("K_19", to_zloty(document.net))
        xml.leaf("K_20", to_zloty(document.vat))
    xml.close("SprzedazWiersz")


class _Writer(XMLGenerator):
    """Elements of one namespace, without white space in between."""

    def __init__(self, out: StringIO) -> None:
        super().__init__(out, encoding="UTF-8", short_empty_elements=True)

    def open(self, name: str, **attributes: str) -> None:
        self.startElement(name, attributes)  # type: ignore[arg-type]

    def leaf(self, name: str, value: object, **attributes: str) -> None:
        self.open(name, **attributes)
        self.characters(str(value))
        self.close(name)

    def close(self, name: str) -> None:
        self.endElement(name)


def _taken(out: StringIO) -> str:
    """What was written since the last time."""
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text
