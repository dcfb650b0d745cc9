"""What every page shows of the wallet."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from accounts.roles import Permission
from billing.ledger import balance_of
from billing.prices import price_per_part


def wallet(request: HttpRequest) -> dict[str, Any]:
    """`wallet_balance` (grosze) and `wallet_parts` for who may see a balance; looked up when a page prints them."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) or user.agency is None or not user.may(Permission.SEE_BALANCE):
        return {}
    agency = user.agency
    balance = SimpleLazyObject(lambda: balance_of(agency))
    return {
        "wallet_balance": balance,
        "wallet_parts": SimpleLazyObject(lambda: int(balance) // price_per_part(agency)),
    }
