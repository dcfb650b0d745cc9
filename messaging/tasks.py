"""Background jobs of messaging. The queue holds these dotted names: a renamed function must keep its old name too."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic, sleep

from django.core.cache import cache
from django.utils import timezone

from accounts.jobs import enqueue
from messaging import (
    campaign_control,
    claiming,
    contact_imports,
    delivery_reports,
    due_dates,
    erasure,
    import_jobs,
    preparing,
    report_inbox,
    sender_name_registration,
    sending,
    settling,
    status_refreshing,
    stopping,
    tallies,
    worker_stop,
)

# Seconds after which a job hands over to the next. With the longest gateway answer it ends before the queue's timeout.
TIME_BUDGET = 45
# The same for jobs that send: a worker that is being stopped ends within 30 s, the longest answer included.
SENDING_BUDGET = 10
# Seconds between two sweeps (mps_portal/schedules.py).
SWEEP_EVERY = 60
# The key of the cache that says that a job waits for what is due soon.
WAITING = "messaging-waits-to-send"


def prepare_campaign(campaign_id: int) -> None:
    """Write a confirmed campaign's messages and start sending them."""
    preparing.prepare(campaign_id)


def send_due() -> None:
    """Send what is due, whoever's it is. Any number of workers may do it at once."""
    with worker_stop.postponed():
        sending.drain(monotonic() + SENDING_BUDGET)
        stopping.stop_all_unwanted()
        campaign_control.finish_done()
        _send_on(sending.seconds_to_next())


def send_campaign(campaign_id: int) -> None:
    """The older name of `send_due`, for jobs that were queued by it."""
    send_due()


def wait_and_send(seconds: float) -> None:
    """Send what is due soon, at its time: what somebody sends "now" leaves once it cannot be undone any more."""
    sleep(min(max(seconds, 0), SENDING_BUDGET))
    cache.delete(WAITING)
    enqueue("messaging.tasks.send_due")


def _send_on(seconds: float | None) -> None:
    """Have another job go on: at once, or when the next message is due, if that is before the next sweep."""
    if seconds is None or seconds > SWEEP_EVERY:
        return
    if seconds <= 0:
        enqueue("messaging.tasks.send_due")
    # One worker that waits is enough.
    elif cache.add(WAITING, 1, timeout=2 * SENDING_BUDGET):
        enqueue("messaging.tasks.wait_and_send", seconds)


def cancel_messages(campaign_id: int) -> None:
    """End the messages of a cancelled campaign; a long run goes on in another job."""
    if not campaign_control.cancel_messages(campaign_id, monotonic() + TIME_BUDGET):
        enqueue("messaging.tasks.cancel_messages", campaign_id)


def refresh_statuses(message_ids: Sequence[int]) -> int:
    """The older way of `ask_about_statuses`, for jobs that were queued by it."""
    return delivery_reports.look_up(message_ids)


def ask_about_statuses(refresh_id: int) -> None:
    """Ask the gateways about the messages that somebody chose; a long run goes on in another job."""
    status_refreshing.work(refresh_id, monotonic() + TIME_BUDGET)


def apply_delivery_reports() -> int:
    """Apply what the gateway reported."""
    return report_inbox.apply_waiting(monotonic() + TIME_BUDGET)


def sweep() -> None:
    """Find what dead workers, lost answers and lost jobs left behind, and carry on with it. Periodic."""
    claiming.release_stalled()
    stopping.stop_all_unwanted()
    settling.expire_overdue()
    settling.give_up_waiting()
    campaign_control.finish_done()
    campaign_control.pick_up()
    report_inbox.sweep()
    status_refreshing.resume()
    if not claiming.is_anybody_sending():
        _send_on(sending.seconds_to_next())
    end = monotonic() + TIME_BUDGET
    settling.settle_due(end)
    settling.look_up_silent(end)


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


def sum_up_tallies() -> None:
    """Merge the changes of the counts of messages. Periodic."""
    tallies.sum_up()
