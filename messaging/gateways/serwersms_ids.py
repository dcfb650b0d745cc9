"""Our idx as SerwerSMS.pl takes it: `unique_id`, 3 to 50 letters and digits.

https://dev.serwersms.pl/https-api-v2/wlasne-identyfikatory-wiadomosci-usmsid
"""

from __future__ import annotations

import re

# Parts the campaign's key, which is hexadecimal, from the message's number: no letter of either.
_HYPHEN = "x"
_UNIQUE_ID = re.compile(r"[0-9a-zA-Z]{3,50}")
_PROVIDER_ID = re.compile(r"[0-9a-zA-Z]{1,40}")


def unique_id_of(idx: str) -> str:
    """The idx of a message (messaging.claiming.idx_of), without its hyphen."""
    return idx.replace("-", _HYPHEN)


def idx_in(unique_id: object) -> str:
    """The idx that a `unique_id` stands for; empty if it is none. What is another's stays another's."""
    if not (isinstance(unique_id, str) and _UNIQUE_ID.fullmatch(unique_id)):
        return ""
    return unique_id.replace(_HYPHEN, "-")


def provider_id_in(value: object) -> str:
    """The provider's own id of a message, letters and digits; empty if it is none, which no database need take."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if _PROVIDER_ID.fullmatch(text) else ""
