"""Background jobs of billing. The queue holds these dotted names: a renamed function must keep its old name too."""

from __future__ import annotations

from accounts.jobs import enqueue
from billing import invoice_delivery


def deliver_invoice(invoice_id: int) -> str:
    """Render and mail one invoice."""
    return invoice_delivery.deliver(invoice_id)


def deliver_due_invoices() -> int:
    """Queue each invoice whose mail is due: failed attempts, and what a dead worker or a lost job left. Periodic."""
    due = invoice_delivery.due_emails()
    for invoice_id in due:
        enqueue("billing.tasks.deliver_invoice", invoice_id)
    return len(due)
