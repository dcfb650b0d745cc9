"""Background jobs of billing. The queue holds these dotted names: a renamed function must keep its old name too."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from accounts.jobs import enqueue
from billing import (
    balance_warnings,
    invoice_delivery,
    ksef_limit,
    matching,
    statement_folder,
    statement_uploads,
)


def deliver_invoice(invoice_id: int) -> str:
    """Render and mail one invoice."""
    return invoice_delivery.deliver(invoice_id)


def deliver_due_invoices() -> int:
    """Queue each invoice whose mail is due: failed attempts, and what a dead worker or a lost job left. Periodic."""
    due = invoice_delivery.due_emails()
    for invoice_id in due:
        enqueue("billing.tasks.deliver_invoice", invoice_id)
    return len(due)


def match_waiting() -> int:
    """Try the payments that wait again: an agency, its code or its name may be new. Periodic. Returns how many fit."""
    return matching.match_waiting().credited


def import_statement_folder() -> int:
    """Import the statements in STATEMENT_FOLDER, if there is one. Periodic."""
    if not settings.STATEMENT_FOLDER:
        return 0
    return statement_folder.import_folder(Path(settings.STATEMENT_FOLDER))


def warn_of_low_balances() -> int:
    """Warn the agencies whose balance fell below their threshold. Periodic."""
    return balance_warnings.warn_of_low_balances()


def watch_ksef_limit() -> int:
    """Tell the operator when invoices outside KSeF come near their limit. Periodic."""
    return ksef_limit.watch()


def import_upload(upload_id: int) -> None:
    """Read and book a statement that was sent from the browser."""
    statement_uploads.run(upload_id)


def sweep_uploads() -> None:
    """Statements from the browser: carry on what dead workers left, forget what is a day old. Periodic."""
    statement_uploads.sweep()
