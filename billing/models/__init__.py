from billing.models.invoices import Invoice, InvoiceCounter, InvoiceEmail, InvoicePdf
from billing.models.statements import BankLine, Payment, Statement, StatementFile
from billing.models.wallets import LedgerEntry, PartPrice, Wallet

__all__ = [
    "BankLine",
    "Invoice",
    "InvoiceCounter",
    "InvoiceEmail",
    "InvoicePdf",
    "LedgerEntry",
    "PartPrice",
    "Payment",
    "Statement",
    "StatementFile",
    "Wallet",
]
