"""How the pages print amounts and account numbers."""

from __future__ import annotations

from django import template

from sandbox.bank.accounts import grouped
from sandbox.bank.amounts import format_amount

register = template.Library()
register.filter("zloty", format_amount)
register.filter("nrb", grouped)
