"""Pages that ask for a moving part of themselves, at their own address."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from accounts.access import UserRequest


def render_page_or_part(
    request: UserRequest, page: str, part: str, context: Mapping[str, object]
) -> HttpResponse:
    """The template `page`, or `part` alone where htmx asks for it.

    Both have one address: without the Vary header the browser's back button would show the part it fetched last.
    """
    wants_part = request.htmx and not request.htmx.history_restore_request
    response = render(request, part if wants_part else page, context)
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    return response
