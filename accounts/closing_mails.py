"""The mail about a closed account."""

from __future__ import annotations

from accounts.emails import compose, portal_link
from accounts.models import User


def send_account_closed(owner_id: int) -> None:
    """Tell an owner that the account is closed, what goes when, and the way back. Nothing if it is open again."""
    owner = User.objects.select_related("agency").get(pk=owner_id)
    agency = owner.agency
    if agency is None or not agency.is_closed or not owner.is_active:
        return
    context = {
        "person": owner,
        "agency": agency,
        "can_be_reopened": agency.can_be_reopened,
        "closing_url": portal_link("closing"),
        "invoices_url": portal_link("billing:invoices"),
    }
    compose("account_closed", owner.email, agency.language, context).send()
