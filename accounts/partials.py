"""Answers to pages whose scripts ask for a part of them, or send something by themselves."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

from accounts.access import UserRequest


def redirect_browser(request: UserRequest, view: str, *args: object) -> HttpResponse:
    """Lead on to another page; a script that asked is told its address, and does not read the page itself."""
    address = reverse(view, args=args)
    return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)


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
