"""Amounts and days as mBank's CSV files write them."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

_GROSZE = re.compile(r"(-?)(\d{1,3}(?:[ \xa0]?\d{3}){0,4}),(\d\d)(?:[ \xa0]?[A-Z]{3})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def grosze(text: str) -> int | None:
    """Signed grosze of "-1 234,50 PLN"; None for anything else."""
    match = _GROSZE.fullmatch(text)
    if match is None:
        return None
    sign, whole, rest = match.groups()
    amount = int(re.sub(r"\D", "", whole)) * 100 + int(rest)
    return -amount if sign else amount


# A statement has few different days, each many times.
@lru_cache(maxsize=1024)
def day(text: str) -> date | None:
    """The day of "2026-11-22"; None for anything else, also for one that no calendar has."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
