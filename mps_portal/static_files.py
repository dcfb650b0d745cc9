"""Which of the packages' static files the portal serves."""

from __future__ import annotations

from django.contrib.staticfiles.apps import StaticFilesConfig


class ServedStaticFiles(StaticFilesConfig):
    """Without what no page asks for: hashing and compressing it took most of a minute at each fresh start."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        # Of Bootstrap the pages use bootstrap.min.css and bootstrap.bundle.min.js.
        "bootstrap-*",
        "bootstrap.css*",
        "bootstrap.rtl*",
        "bootstrap.js*",
        "bootstrap.esm*",
        "bootstrap.min.js*",
        "bootstrap.bundle.js*",
        # Of django-htmx htmx 2, without extensions.
        "ht*-4*",
        "htmax-*",
        "hx-*",
        # Of Lato three fonts.
        "Lato-Black*",
        "Lato-Light*",
        "Lato-Thin*",
        "Lato-BoldItalic*",
    ]
