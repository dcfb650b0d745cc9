"""The mail that says that the balance runs low: once for each fall below the agency's own threshold."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from accounts.models import Agency
from accounts.outbox import queue_mail
from billing.models import Wallet


def set_threshold(agency: Agency, below: int | None) -> None:
    """Warn the agency when its balance falls below so many grosze; None: never."""
    Wallet.objects.get_or_create(agency=agency)
    # Who is below already knows: it is on the page where this is chosen.
    Wallet.objects.filter(agency=agency).update(warn_below=below, is_warning_due=False)


def warn_of_low_balances() -> int:
    """Queue the mails that are due. Returns their number. Periodic; any number may run at once.

    Looks at all wallets instead of hanging on each debit, so that sending does not pay for it.
    """
    watched = Wallet.objects.exclude(warn_below=None).filter(agency__closed_at=None)
    above = watched.filter(balance__gte=F("warn_below"), is_warning_due=False)
    Wallet.objects.filter(pk__in=above.values("pk")).update(is_warning_due=True)
    fallen = watched.filter(balance__lt=F("warn_below"), is_warning_due=True)
    return sum(_warn(pk) for pk in fallen.values_list("pk", flat=True))


@transaction.atomic
def _warn(agency_id: int) -> bool:
    """Conditional, so that of two jobs at once one warns."""
    due = Wallet.objects.filter(pk=agency_id, balance__lt=F("warn_below"), is_warning_due=True)
    if not due.update(is_warning_due=False):
        return False
    queue_mail("billing.emails.send_low_balance", agency_id)
    return True
