"""The rows that somebody ticked in a table or chose by a button."""

from __future__ import annotations

from accounts.access import UserRequest

# Digits of the largest id that both databases can hold.
MAX_DIGITS = 18


def ticked_ids(request: UserRequest, name: str) -> list[int]:
    """The posted values called `name` that can be ids; the caller looks for them among its agency's own rows."""
    return [
        int(value)
        for value in request.POST.getlist(name)
        if value.isascii() and value.isdecimal() and len(value) <= MAX_DIGITS
    ]
