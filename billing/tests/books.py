"""What the tests of money look at: the whole books at once."""

from __future__ import annotations

from django.core.management import call_command
from django.db.models import Sum

from accounts.models import Agency
from accounts.tests.jobs import queued_jobs
from billing.models import BankLine, Invoice, LedgerEntry, Payment, Statement, StatementFile

BOOKS = (StatementFile, Statement, BankLine, Payment, LedgerEntry, Invoice)


def rows_in_the_books() -> int:
    """All rows and jobs that an import or a booking can write."""
    return sum(model.objects.count() for model in BOOKS) + len(queued_jobs())


def sum_of_entries(agency: Agency) -> int:
    """Grosze by the ledger alone, whatever the wallet says."""
    entries = LedgerEntry.objects.filter(wallet__agency=agency)
    return entries.aggregate(total=Sum("amount", default=0))["total"]


def queued_deliveries() -> list[int]:
    """The ids of the invoices that wait in the queue to be mailed, in order."""
    return [job.args[0] for job in queued_jobs() if job.func == "billing.tasks.deliver_invoice"]


def check_books() -> None:
    """Fail unless wallets are the sums of their entries, and payments credited and invoiced."""
    call_command("checkledger", verbosity=0)
