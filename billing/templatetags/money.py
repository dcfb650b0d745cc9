"""Amounts and bank accounts as people read them."""

from __future__ import annotations

from django import template

from billing.money import format_amount, to_zloty

register = template.Library()


@register.filter
def zloty(grosze: int) -> str:
    """123450 as "1 234,50 zł" (hard spaces)."""
    return format_amount(grosze)


@register.filter
def zloty_plain(grosze: int) -> str:
    """123450 as "1234,50", as banks' forms take it."""
    return str(to_zloty(grosze)).replace(".", ",")


@register.filter
def account_groups(nrb: str) -> str:
    """A Polish account number, 26 digits, as "76 1140 2004 0000 3502 4346 5646"."""
    return " ".join([nrb[:2], *(nrb[start : start + 4] for start in range(2, len(nrb), 4))])
