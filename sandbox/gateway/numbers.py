"""Phone numbers as the gateway takes them."""

from __future__ import annotations

import re

# Mobile ranges of the Polish numbering plan; SMSAPI refuses other Polish numbers with error 13.
POLISH_MOBILE = re.compile(r"48(45|5[0137]|6[069]|7[2389]|88)\d{7}")
FOREIGN = re.compile(r"(?!48)[1-9]\d{9,14}")


def normalise_number(submitted: str) -> str:
    """Return digits with the country code: nine digits are Polish, '+' and '00' are dropped."""
    digits = re.sub(r"[\s()-]", "", submitted).removeprefix("+").removeprefix("00")
    return f"48{digits}" if re.fullmatch(r"\d{9}", digits) else digits


def is_valid_number(number: str) -> bool:
    """Tell whether a normalised number can receive a message."""
    return bool(POLISH_MOBILE.fullmatch(number) or FOREIGN.fullmatch(number))
