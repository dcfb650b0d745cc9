"""What the export of an agency's data holds of its money."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.exporting import Column, Table, name_for_agency, table_of
from accounts.models import Agency
from billing.models import InvoicePdf, LedgerEntry
from billing.money import to_zloty


def tables(agency: Agency) -> list[Table]:
    """The movements of the balance, the payments and the invoices."""
    return [
        table_of(
            "ledger",
            _("Every movement of your balance; their sum is what you have."),
            LedgerEntry.objects.filter(wallet__agency=agency).select_related("actor"),
            _LEDGER,
        ),
        table_of(
            "payments",
            _("The transfers that came."),
            agency.payments.select_related("bank_line"),
            _PAYMENTS,
        ),
        table_of(
            "invoices",
            _("The VAT invoices; the documents themselves are in the folder invoices/."),
            agency.invoices.select_related("corrects"),
            _INVOICES,
        ),
        table_of(
            "return_transfers",
            _("Money that went back to your bank account."),
            agency.return_transfers.all(),
            _RETURN_TRANSFERS,
        ),
    ]


def invoice_documents(agency: Agency) -> list[int]:
    """The ids of the invoices whose PDF exists, oldest first."""
    stored = InvoicePdf.objects.filter(invoice__agency=agency)
    return list(stored.order_by("pk").values_list("pk", flat=True))


def read_documents(invoice_ids: list[int]) -> Iterator[tuple[str, bytes]]:
    """File name and content of each PDF; one at a time in memory."""
    for invoice_id in invoice_ids:
        pdf = InvoicePdf.objects.select_related("invoice").get(pk=invoice_id)
        yield pdf.invoice.file_name, bytes(pdf.content)


_LEDGER = [
    Column("time", "created_at"),
    Column("kind"),
    Column("amount", convert=to_zloty),
    Column("reference"),
    Column("note"),
    Column("who", "actor", name_for_agency),
]
_PAYMENTS = [
    Column("received_on"),
    Column("amount", convert=to_zloty),
    Column("booked_at"),
    Column("transfer_title", "bank_line.title"),
    Column("payer", "bank_line.payer_name"),
    Column("payer_account", "bank_line.payer_account"),
]
_RETURN_TRANSFERS = [
    Column("asked_at"),
    Column("amount", convert=to_zloty),
    Column("account"),
    Column("reason"),
    Column("transferred_at"),
]
_INVOICES = [
    Column("number"),
    Column("kind"),
    Column("corrects", "corrects.number"),
    Column("reason"),
    Column("issued_on"),
    Column("paid_on"),
    Column("service"),
    Column("net", convert=to_zloty),
    Column("vat_rate"),
    Column("vat", convert=to_zloty),
    Column("gross", convert=to_zloty),
    Column("seller_name"),
    Column("seller_nip"),
    Column("buyer_name"),
    Column("buyer_nip"),
    Column("buyer_street"),
    Column("buyer_postal_code"),
    Column("buyer_city"),
]
