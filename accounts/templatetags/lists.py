"""What stands below lists."""

from __future__ import annotations

from collections.abc import Sized
from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import ROWS_PER_PAGE

register = template.Library()

# What an address says of the place in a list; with another number of rows that is another place.
_PLACES = ("page", "before", "after")
_CURRENT = mark_safe(' aria-current="true"')


@register.filter
def is_long(rows: Sized) -> bool:
    """Whether a page would be shorter if fewer rows were chosen."""
    return len(rows) > ROWS_PER_PAGE[0]


# Without a template, which takes ten times as long on each page of a list.
@register.simple_tag(takes_context=True)
def rows_per_page(context: template.RequestContext) -> SafeString:
    """A form of buttons that choose how many rows a page has, and lead back to the beginning of this list."""
    request = context["request"]
    address = context.get("list_address") or request.path
    filters = request.GET.copy()
    for name in _PLACES:
        filters.pop(name, None)
    return format_html(
        '<form class="rows-per-page" method="post" action="{}">'
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<input type="hidden" name="next" value="{}">{}</form>',
        reverse("choose_rows"),
        context["csrf_token"],
        f"{address}?{filters.urlencode()}" if filters else address,
        _buttons(request.user.rows_per_page, get_language()),
    )


@lru_cache
def _buttons(chosen: int, _language: str) -> SafeString:
    buttons = format_html_join(
        "",
        '<button type="submit" class="btn btn-link btn-sm" name="rows" value="{}"{}>{}</button>',
        ((number, _CURRENT if number == chosen else "", number) for number in ROWS_PER_PAGE),
    )
    return format_html("{} {}", _("Rows on a page:"), buttons)
