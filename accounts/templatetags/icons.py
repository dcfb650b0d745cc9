"""Icons in templates."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from accounts.icons import icon_html

register = template.Library()


@register.simple_tag
def icon(
    name: str, style: str = "mini", size: int = 16, label: object = "", css: str = ""
) -> SafeString:
    """One of heroicons, e.g. {% icon "clock" %} or {% icon "users" "outline" size=20 %}; see `icon_html`."""
    return icon_html(name, style, size, label=str(label), css=css)
