"""A month of invoices and corrections for the accountant: as CSV, as a ZIP of the PDFs, with control totals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum
from zipstream import ZipStream

from accounts.exporting import Cell, Row
from accounts.models import Agency
from billing.models import Invoice, InvoicePdf
from billing.money import to_zloty

# Rows that are read at once.
_CHUNK = 500
# How a tax form calls a buyer without a number (JPK_V7M).
NO_NIP = "BRAK"

CSV_HEADER = (
    *("numer", "rodzaj", "numer_korygowanej", "data_wystawienia", "data_zaplaty", "miesiac_vat"),
    *("nabywca_nazwa", "nabywca_nip", "nabywca_adres", "netto", "vat", "brutto", "stawka"),
    *("forma_platnosci", "tytul_przelewu", "kod_rejestracyjny", "id_transakcji_bankowej"),
    *("numer_wyciagu", "nr_ksef", "oznaczenie_jpk", "data_nadania_ksef", "sha256_xml"),
    *("sha256_pdf", "email_wyslany"),
)
_KINDS = {Invoice.Kind.VAT: "VAT", Invoice.Kind.ADVANCE: "ZAL", Invoice.Kind.CORRECTION: "KOR"}


@dataclass(frozen=True, slots=True)
class Totals:
    """What the files of a month must add up to. Grosze."""

    number: int
    net: int
    vat: int
    gross: int


def of_month(year: int, month: int, agency: Agency | None = None) -> QuerySet[Invoice]:
    """The documents issued in a month (Warsaw), of one agency or of all, in the order of their numbers."""
    issued = Invoice.objects.filter(year=year, month=month)
    if agency is not None:
        issued = issued.filter(agency=agency)
    return issued.order_by("series", "sequence")


def paid_in_month(year: int, month: int) -> QuerySet[Invoice]:
    """All documents of money that the bank booked in a month (Warsaw), whenever they were issued, corrections included.

    For who recognises VAT by the day of payment (art. 19a ust. 8 of the VAT Act).
    """
    paid = Invoice.objects.filter(paid_on__year=year, paid_on__month=month)
    return paid.order_by("year", "month", "series", "sequence")


def totals(documents: QuerySet[Invoice]) -> Totals:
    """How many there are, and their sums."""
    sums = documents.aggregate(
        number=Count("pk"),
        net=Sum("net", default=0),
        vat=Sum("vat", default=0),
        gross=Sum("gross", default=0),
    )
    return Totals(**sums)


def csv_rows(documents: QuerySet[Invoice]) -> Iterator[Row]:
    """The cells under CSV_HEADER, read while they are sent; the last row holds the control totals."""
    read = documents.select_related(
        "corrects", "payment__bank_line__statement", "first_email", "pdf"
    ).defer("pdf__content")
    for document in read.iterator(chunk_size=_CHUNK):
        yield _row(document)
    sums = totals(documents)
    amounts = [to_zloty(grosze) for grosze in (sums.net, sums.vat, sums.gross)]
    row: dict[str, Cell] = dict.fromkeys(CSV_HEADER, "")
    row |= {"numer": "RAZEM", "rodzaj": sums.number}
    row |= zip(("netto", "vat", "brutto"), amounts, strict=True)
    yield list(row.values())


def zip_of_pdfs(documents: QuerySet[Invoice]) -> Iterator[bytes]:
    """A ZIP of the stored PDFs, bit by bit: one document at a time in memory. They are compressed already."""
    archive = ZipStream(sized=False)
    stored = InvoicePdf.objects.filter(invoice__in=documents)
    for pk in list(stored.order_by("pk").values_list("pk", flat=True)):
        pdf = InvoicePdf.objects.select_related("invoice").get(pk=pk)
        archive.add(bytes(pdf.content), pdf.invoice.file_name)
        yield from archive.all_files()
    yield from archive.finalize()


def _row(document: Invoice) -> Row:
    line = document.payment.bank_line if document.payment else None
    address = f"{document.buyer_street}, {document.buyer_postal_code} {document.buyer_city}"
    return [
        document.number,
        _KINDS[Invoice.Kind(document.kind)],
        document.corrects.number if document.corrects else "",
        document.issued_on,
        document.paid_on,
        f"{document.year}-{document.month:02}",
        document.buyer_name,
        document.buyer_nip or NO_NIP,
        address,
        to_zloty(document.net),
        to_zloty(document.vat),
        to_zloty(document.gross),
        "zw" if document.exemption else str(document.vat_rate),
        "przelew",
        line.title if line else "",
        document.buyer_code,
        line.bank_reference if line else "",
        line.statement.number if line else "",
        # Not yet: these documents are issued outside KSeF.
        "",
        "BFK",
        "",
        "",
        document.pdf.sha256 if hasattr(document, "pdf") else "",
        document.first_email.sent_at if hasattr(document, "first_email") else None,
    ]
