"""Lists by numbered pages, for what somebody may look through to its end. Longer ones: accounts/newest_first.py."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator

from accounts.access import UserRequest


def numbered_page(request: UserRequest, rows: Any) -> Page[Any]:
    """The page of a query or sequence that ?page=N asks for; where there is none such, the first or the last one."""
    pages: Paginator[Any] = Paginator(rows, request.user.rows_per_page)
    return pages.get_page(request.GET.get("page"))
