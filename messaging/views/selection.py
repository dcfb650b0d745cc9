"""Numbers that a form posts: the ids of ticked rows, an amount that was shown."""

from __future__ import annotations

from accounts.access import UserRequest

# Digits of the largest number that both databases can hold.
MAX_DIGITS = 18


def posted_numbers(request: UserRequest, name: str) -> list[int]:
    """The posted values called `name` that are numbers; ids are then looked for among the agency's own rows."""
    return [
        int(value)
        for value in request.POST.getlist(name)
        if value.isascii() and value.isdecimal() and len(value) <= MAX_DIGITS
    ]
