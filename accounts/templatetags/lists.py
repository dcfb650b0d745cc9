"""What stands below lists."""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

from django import template

from accounts.models import ROWS_PER_PAGE

register = template.Library()

# What an address says of the place in a list; with another number of rows that is another place.
_PLACES = ("page", "before", "after")


@register.filter
def is_long(rows: Sized) -> bool:
    """Whether a page would be shorter if fewer rows were chosen."""
    return len(rows) > ROWS_PER_PAGE[0]


@register.inclusion_tag("components/_rows_per_page.html", takes_context=True)
def rows_per_page(context: template.RequestContext) -> dict[str, Any]:
    """Buttons that choose how many rows a page has, and lead back to the beginning of this list."""
    request = context["request"]
    filters = request.GET.copy()
    for name in _PLACES:
        filters.pop(name, None)
    return {
        "numbers": ROWS_PER_PAGE,
        "chosen": request.user.rows_per_page,
        "next": f"{request.path}?{filters.urlencode()}" if filters else request.path,
        "csrf_token": context.get("csrf_token"),
    }
