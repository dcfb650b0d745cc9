"""Templates without the indentation that only their authors need: a fifth of each page, cut off once, as it is loaded.

Lines stay lines, so nothing grows together and errors keep their line numbers. Plain-text templates stay as they are.
"""

from __future__ import annotations

import re

from django.template import Origin
from django.template.loaders import app_directories, filesystem

_INDENTATION = re.compile(r"\n[ \t]+")


class _Unindented(filesystem.Loader):
    def get_contents(self, origin: Origin) -> str:
        text = super().get_contents(origin)
        return _INDENTATION.sub("\n", text) if origin.name.endswith(".html") else text


class Filesystem(_Unindented):
    """The portal's own templates."""


class AppDirectories(_Unindented, app_directories.Loader):
    """Those of packages."""
