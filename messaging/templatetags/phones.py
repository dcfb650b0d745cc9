"""Phone numbers as people read them."""

from __future__ import annotations

from django import template

from messaging.phones import format_phone, mask_phone

register = template.Library()


@register.filter
def phone(e164: str) -> str:
    """`+48600100200` as "600 100 200"; an erased one as a dash."""
    return format_phone(e164) if e164 else "–"


@register.filter
def masked_phone(e164: str) -> str:
    """`+48600100200` as "+48 60• ••• •00"; an erased one as a dash."""
    return mask_phone(e164) if e164 else "–"
