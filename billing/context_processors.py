"""What every page shows of the wallet."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.http import HttpRequest

from accounts.models import User
from accounts.roles import Permission
from billing.ledger import balance_of
from billing.prices import price_per_part


def wallet(request: HttpRequest) -> dict[str, Callable[[], int]]:
    """`wallet_balance` (grosze) and `wallet_parts` for who may see a balance.

    Functions, so that only a page that prints them looks them up; a template calls them by itself.
    """
    user = getattr(request, "user", None)
    if not isinstance(user, User) or user.agency is None or not user.may(Permission.SEE_BALANCE):
        return {}
    agency = user.agency

    @cache
    def wallet_balance() -> int:
        return balance_of(agency)

    @cache
    def wallet_parts() -> int:
        return wallet_balance() // price_per_part(agency)

    return {"wallet_balance": wallet_balance, "wallet_parts": wallet_parts}
