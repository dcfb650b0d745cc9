"""Closing an agency's account, opening it again, and the day its clients' data are erased.

    open <-> closed -> erased

From `closed_at` on nothing is sent and people keep only accounts.roles.WHEN_CLOSED. From `erase_at` on the erasing
runs (messaging/erasure.py) and nobody can go back. Invoices, payments and the ledger stay, as the law demands
(art. 112 ustawy o VAT, art. 74 ustawy o rachunkowości).
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts import events
from accounts.models import Agency, DataExport, DataExportPart, EventKind
from accounts.outbox import queue_mail
from accounts.roles import Role

ERASE_AFTER = timedelta(days=30)
# Requests that were let in before the closing have ended by then, so that nothing is written behind the erasing.
LAST_REQUESTS = timedelta(minutes=2)


class AgencyClosed(Exception):
    """The agency has closed its account. Nothing was written."""


class CannotReopen(Exception):
    """The account is open, or its data are being erased or gone. Nothing was written."""


def lock_open(agency_id: int) -> Agency:
    """The agency, locked until the transaction ends, so that it is not closed meanwhile. Raises AgencyClosed."""
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency_id)
    if agency.is_closed:
        raise AgencyClosed
    return agency


@transaction.atomic
def close(*, agency_id: int, at_once: bool) -> Agency:
    """Close the account; contacts and texts are erased after ERASE_AFTER, or `at_once`. Tells all owners by mail.

    Called by messaging/closing.py, which knows whether anything is still being sent. Raises AgencyClosed.
    """
    agency = lock_open(agency_id)
    agency.closed_at = timezone.now()
    agency.erase_at = agency.closed_at + (timedelta(0) if at_once else ERASE_AFTER)
    agency.save(update_fields=["closed_at", "erase_at"])
    day = timezone.localtime(agency.erase_at)
    events.record(EventKind.ACCOUNT_CLOSED, f"{day:%d.%m.%Y}", agency=agency)
    owners = agency.people.filter(role=Role.OWNER, is_active=True)
    for owner_id in owners.order_by("pk").values_list("pk", flat=True):
        queue_mail("accounts.closing_mails.send_account_closed", owner_id)
    return agency


@transaction.atomic
def reopen(*, agency_id: int) -> Agency:
    """Undo the closing before the erasing begins. Raises CannotReopen."""
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency_id)
    if not agency.can_be_reopened:
        raise CannotReopen
    agency.closed_at = agency.erase_at = None
    agency.save(update_fields=["closed_at", "erase_at"])
    events.record(EventKind.ACCOUNT_REOPENED, agency=agency)
    return agency


def due_for_erasure() -> list[int]:
    """The ids of closed agencies whose data must go now, longest due first."""
    now = timezone.now()
    due = Agency.objects.filter(
        erased_at=None, erase_at__lte=now, closed_at__lte=now - LAST_REQUESTS
    )
    return list(due.order_by("erase_at").values_list("pk", flat=True))


@transaction.atomic
def begin_erasure(agency_id: int) -> Agency | None:
    """The agency, if its time has come and it was not opened again at the last moment."""
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency_id)
    is_due = agency.erase_at is not None and agency.erase_at <= timezone.now()
    return agency if is_due and agency.erased_at is None else None


@transaction.atomic
def finish_erasure(agency_id: int) -> None:
    """Note that all is erased, and drop the exports, which hold what was erased. Harmless to repeat."""
    # The full lock: it waits for whoever is writing a row of this agency.
    agency = Agency.objects.select_for_update().get(pk=agency_id)
    if agency.erased_at is not None:
        return
    agency.erased_at = timezone.now()
    agency.save(update_fields=["erased_at"])
    _drop_exports(agency)
    events.record(EventKind.DATA_ERASED, agency=agency)


def _drop_exports(agency: Agency) -> None:
    """A worker that is making one now finds it failed, and throws its archive away."""
    now = timezone.now()
    exports = DataExport.objects.filter(agency=agency)
    exports.filter(state__in=[DataExport.State.WAITING, DataExport.State.RUNNING]).update(
        state=DataExport.State.FAILED, finished_at=now
    )
    exports.filter(expires_at__gt=now).update(expires_at=now)
    DataExportPart.objects.filter(export__agency=agency).delete()
