"""Browsers by the names that people know them by."""

from __future__ import annotations

# Looked for in this order: every browser but Firefox also calls itself some of the later names.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def readable(user_agent: str) -> str:
    """`Firefox, Windows`; for what is no browser that we know, the first word that it says of itself."""
    names = [_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)]
    known = ", ".join(name for name in names if name)
    return known or " ".join(user_agent.split()[:1])[:40]


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in names if mark in user_agent), "")
