"""What was learned of the tables of banks: remembered with the first import, used for the next, forgotten at will."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from accounts.models import User
from billing.models import CsvLayout

# Headers longer than this are asked for each time.
MAX_HEADERS_LENGTH = 2000


def remembered() -> dict[str, list[str]]:
    """The columns of each known table, by its folded headers."""
    return dict(CsvLayout.objects.values_list("headers", "columns"))


def remember(headers: str, columns: Sequence[str], by: User | None) -> None:
    """Take the table so from now on."""
    if len(headers) > MAX_HEADERS_LENGTH:
        return
    CsvLayout.objects.update_or_create(
        headers=headers,
        defaults={"columns": list(columns), "chosen_by": by, "chosen_at": timezone.now()},
    )
