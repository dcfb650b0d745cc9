"""The slow and obvious way to count SMS parts, which the fast ways are held against."""

from __future__ import annotations

# Written out by the rows of the table in GSM 03.38, apart from the product's own string.
BASIC = set(
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)
EXTENSION = set("\f^{}\\[~]|€")


def exact_parts(text: str) -> tuple[str, int, list[str]]:
    """Encoding, units, and the parts filled character by character."""
    if all(character in BASIC or character in EXTENSION for character in text):
        costs = [2 if character in EXTENSION else 1 for character in text]
        return "GSM-7", sum(costs), _fill(text, costs, single=160, part=153)
    costs = [2 if ord(character) > 0xFFFF else 1 for character in text]
    return "UCS-2", sum(costs), _fill(text, costs, single=70, part=67)


def _fill(text: str, costs: list[int], *, single: int, part: int) -> list[str]:
    if sum(costs) <= single:
        return [text] if text else []
    parts, used = [""], 0
    for character, cost in zip(text, costs, strict=True):
        if used + cost > part:
            parts.append("")
            used = 0
        parts[-1] += character
        used += cost
    return parts
