"""The portal's icons: heroicons, all in one file that browsers keep, instead of again in every row of every page.

The file is made by `manage.py makeicons` from what the templates name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from zipfile import ZipFile

from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

SPRITE = "img/icons.svg"
_HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg">\n'
    "<!-- heroicons (MIT, Tailwind Labs), made by manage.py makeicons -->\n"
)
# How templates name icons: by the tag, in the navigation's entries, for empty states; and the badges of statuses.
_NAMES = (
    (re.compile(r'{% icon "(?P<name>[a-z0-9-]+)"(?: "(?P<style>[a-z]+)")?'), "mini"),
    (re.compile(r'{% navigation_entry "[\w:]+" "(?P<name>[a-z0-9-]+)"'), "outline"),
    (re.compile(r'\bicon="(?P<name>[a-z0-9-]+)"'), "outline"),
)
_ID = re.compile(r'<symbol id="([^"]+)"')


@lru_cache(maxsize=512)
def icon_html(
    name: str, style: str = "mini", size: int | None = 16, *, label: str = "", css: str = ""
) -> SafeString:
    """One of heroicons, `size` pixels wide and high or, with None, as its style says.

    `label` is read out where the icon stands without a word.

    Raises KeyError for one that is not in the file: run manage.py makeicons.
    """
    icon_id = f"{style}-{name}"
    if icon_id not in _ids_in_sprite():
        raise KeyError(icon_id)
    return format_html(
        '<svg{0} {1}{2}><use href="{3}#{4}"/></svg>',
        format_html(' width="{0}" height="{0}"', size) if size else "",
        format_html('role="img" aria-label="{}"', label)
        if label
        else SafeString('aria-hidden="true"'),
        format_html(' class="{}"', css) if css else "",
        static(SPRITE),
        icon_id,
    )


def ids_in_templates() -> set[str]:
    """Style and name, e.g. "mini-clock", of each icon that a template names."""
    found: set[str] = set()
    for template in (settings.BASE_DIR / "templates").rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        for pattern, usual in _NAMES:
            for match in pattern.finditer(text):
                named = match.groupdict()
                found.add(f"{named.get('style') or usual}-{named['name']}")
    return found


def make_sprite(ids: Iterable[str]) -> str:
    """The file with these icons, a symbol each."""
    with (files("heroicons") / "heroicons.zip").open("rb") as packed, ZipFile(packed) as icons:
        symbols = "".join(
            _symbol(each, icons.read(f"{each.replace('-', '/', 1)}.svg").decode())
            for each in sorted(ids)
        )
    return f"{_HEAD}{symbols}</svg>\n"


@cache
def _ids_in_sprite() -> frozenset[str]:
    text = (settings.BASE_DIR / "static" / SPRITE).read_text(encoding="utf-8")
    return frozenset(_ID.findall(text))


def _symbol(icon: str, svg: str) -> str:
    """An icon's file as a symbol; it keeps its box, its fill and its stroke."""
    head, _end, inside = svg.partition(">")
    kept = " ".join(re.findall(r'(?:viewBox|fill|stroke|stroke-width)="[^"]*"', head))
    drawn = re.sub(r"\s+", " ", inside.partition("</svg>")[0]).replace("> <", "><").strip()
    return f'<symbol id="{icon}" {kept}>{drawn}</symbol>\n'
