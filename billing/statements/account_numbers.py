"""Account numbers as banks write them, brought to one form."""

from __future__ import annotations

import re


def normalise_account(text: str) -> str:
    """Return a Polish account as 26 digits, a foreign IBAN as it is, anything else as ""."""
    compact = re.sub(r"[\s'/-]", "", text).upper().removeprefix("PL")
    is_account = re.fullmatch(r"[0-9]{26}|[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}", compact)
    return compact if is_account else ""
