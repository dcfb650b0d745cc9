from billing.models.invoices import (
    Invoice,
    InvoiceCounter,
    InvoiceDuplicate,
    InvoiceEmail,
    InvoiceEmailAttempt,
    InvoicePdf,
    KsefNotice,
    ReturnTransfer,
)
from billing.models.statement_uploads import CsvLayout, StatementUpload
from billing.models.statements import (
    BankLine,
    LineSuggestion,
    PayerAccount,
    Payment,
    Statement,
    StatementFile,
    UnreadLine,
)
from billing.models.wallets import LedgerEntry, PartPrice, Wallet

__all__ = [
    "BankLine",
    "CsvLayout",
    "Invoice",
    "InvoiceCounter",
    "InvoiceDuplicate",
    "InvoiceEmail",
    "InvoiceEmailAttempt",
    "InvoicePdf",
    "KsefNotice",
    "LedgerEntry",
    "LineSuggestion",
    "PartPrice",
    "PayerAccount",
    "Payment",
    "ReturnTransfer",
    "Statement",
    "StatementFile",
    "StatementUpload",
    "UnreadLine",
    "Wallet",
]
