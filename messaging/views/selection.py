"""Numbers that a form posts: the ids of ticked rows, an amount that was shown."""

from __future__ import annotations

from accounts.access import UserRequest
from accounts.typed_numbers import whole_number


def posted_numbers(request: UserRequest, name: str) -> list[int]:
    """The posted values called `name` that are numbers; ids are then looked for among the agency's own rows."""
    numbers = map(whole_number, request.POST.getlist(name))
    return [number for number in numbers if number is not None]
