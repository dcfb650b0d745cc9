"""Background jobs of messaging. The queue holds these dotted names: a renamed function must keep its old name too."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic

from django.utils import timezone

from accounts.jobs import enqueue
from messaging import (
    campaigns,
    contact_imports,
    delivery_reports,
    due_dates,
    erasure,
    import_jobs,
    sender_name_registration,
    sending,
    stopping,
)
from messaging.models import Campaign

# Seconds after which a job hands over to the next. With the longest gateway answer it ends before the queue's timeout.
TIME_BUDGET = 45


def prepare_campaign(campaign_id: int) -> None:
    """Write a confirmed campaign's messages and start sending them."""
    campaigns.prepare(campaign_id)


def send_campaign(campaign_id: int) -> None:
    """Send the campaign's due messages, batch after batch. Any number of workers may do it at once."""
    campaign = Campaign.objects.get(pk=campaign_id)
    end = monotonic() + TIME_BUDGET
    while sending.send_batch(campaign):
        if monotonic() > end:
            enqueue("messaging.tasks.send_campaign", campaign_id)
            return
    stopping.stop_unwanted(campaign)
    campaigns.finish_if_done(campaign_id)


def refresh_statuses(message_ids: Sequence[int]) -> int:
    """Ask the gateway about the chosen messages."""
    return delivery_reports.refresh(message_ids)


def sweep() -> None:
    """Find what dead workers, lost answers and lost jobs left behind, and carry on with it. Periodic."""
    sending.release_stalled()
    sending.expire_overdue()
    sending.give_up_waiting()
    for campaign in Campaign.objects.filter(state=Campaign.State.RUNNING).defer("contact_ids"):
        stopping.stop_unwanted(campaign)
    campaigns.resume()
    end = monotonic() + TIME_BUDGET
    for message_id in sending.uncertain_to_settle().values_list("pk", flat=True)[:1000]:
        if monotonic() > end:
            break
        sending.settle(message_id)


def erase_old_texts() -> None:
    """Erase the texts that are older than their agencies keep them. Periodic; a long run goes on in another job."""
    if not erasure.erase_old_texts(monotonic() + TIME_BUDGET):
        enqueue("messaging.tasks.erase_old_texts")


def erase_closed_agencies() -> None:
    """Erase the clients' data of closed agencies. Periodic; a long run goes on in another job."""
    if not erasure.erase_closed_agencies(monotonic() + TIME_BUDGET):
        enqueue("messaging.tasks.erase_closed_agencies")


def refresh_due_dates() -> None:
    """Move clients on whose next date has passed. Periodic; a long run goes on in another job."""
    if not due_dates.refresh_passed(monotonic() + TIME_BUDGET):
        enqueue("messaging.tasks.refresh_due_dates")


def read_contact_file(import_id: int) -> None:
    """Take an uploaded file of contacts apart."""
    import_jobs.read_file(import_id)


def check_contacts(import_id: int) -> None:
    """Check the rows of an import."""
    import_jobs.check(import_id)


def import_contacts(import_id: int) -> None:
    """Bring the rows of an import into the book."""
    import_jobs.run(import_id, TIME_BUDGET)


def sweep_imports() -> None:
    """Find the imports that dead workers left behind, and forget what old files held. Periodic."""
    contact_imports.resume()
    contact_imports.forget(timezone.now())


def ask_gateway_about_name(sender_name_id: int) -> bool:
    """Register a sender name at the gateway, ask how far it is, or remove it: whichever is due."""
    return sender_name_registration.ask_gateway(sender_name_id)


def sweep_sender_names() -> int:
    """Queue the questions about sender names that are due. Periodic."""
    names = sender_name_registration.due()
    for sender_name_id in names:
        enqueue("messaging.tasks.ask_gateway_about_name", sender_name_id)
    return len(names)
