"""The entries of the left navigation."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

register = template.Library()


@register.inclusion_tag("_navigation_entry.html", takes_context=True)
def navigation_entry(
    context: Context, url_name: str, icon: str, label: str, *, extra: bool = False
) -> dict[str, Any]:
    """One entry; it is the current one on its page and on every page below it.

    `icon` is a name of heroicons' outline set. On phones an `extra` entry waits behind "More".
    """
    url = reverse(url_name)
    path = context["request"].path
    is_current = path == url or (url != "/" and path.startswith(url))
    return {"url": url, "icon": icon, "label": label, "is_current": is_current, "is_extra": extra}


@register.filter
def section(path: str) -> str:
    """What of a page's path decides which entry is the current one: all pages below it share one navigation."""
    parts = [part for part in path.split("/")[1:3] if part and not part.isdecimal()]
    return "/".join(parts)


@register.inclusion_tag("_settings_tab.html", takes_context=True)
def settings_tab(context: Context, url_name: str, label: str) -> dict[str, Any]:
    """One page of the settings, in the row of links above all of them."""
    url = reverse(url_name)
    return {"url": url, "label": label, "is_current": context["request"].path.startswith(url)}
