"""What every page may show of prices and of the wallet."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.http import HttpRequest

from accounts.models import User
from accounts.roles import Permission
from billing.prices import balance_and_price, general_price


def wallet(request: HttpRequest) -> dict[str, Callable[[], int]]:
    """`part_price` for everybody; `wallet_balance` and `wallet_parts` for who may see a balance. Grosze.

    Functions, so that only a page that prints them looks them up; a template calls them by itself.
    """
    user = getattr(request, "user", None)
    if not isinstance(user, User) or user.agency is None or not user.may(Permission.SEE_BALANCE):
        return {"part_price": general_price}
    agency = user.agency

    @cache
    def figures() -> tuple[int, int]:
        return balance_and_price(agency)

    def wallet_balance() -> int:
        return figures()[0]

    def wallet_parts() -> int:
        balance, price = figures()
        return balance // price

    return {
        "part_price": general_price,
        "wallet_balance": wallet_balance,
        "wallet_parts": wallet_parts,
    }
