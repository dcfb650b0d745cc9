"""What the database refuses because somebody else was quicker."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Taken(ValueError):
    """A value that may stand once stands already. `field` is the form's, `message` for people. Nothing was written."""

    def __init__(self, field: str, message: StrOrPromise) -> None:
        super().__init__(field)
        self.field = field
        self.message = message
