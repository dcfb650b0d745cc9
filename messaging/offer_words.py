"""Words that make a message an offer, whatever its author calls it.

Commercial information needs the client's consent (art. 398 of the Prawo komunikacji elektronicznej), and courts read it
broadly: a reminder that also praises a discount is one.
"""

from __future__ import annotations

import re

# Stems, as an SMS writes them: without Polish letters. A number before % is a discount as a rule.
_STEMS = (
    r"rabat\w*",
    r"promocj\w*",
    r"promocyjn\w*",
    r"tani\w*",
    r"najtan\w*",
    r"ofert\w*",
    r"oferuj\w*",
    r"znizk\w*",
    r"obnizk\w*",
    r"upust\w*",
    r"okazyjn\w*",
    r"gratis\w*",
    r"bezplatn\w*",
    r"prezent\w*",
    r"bonus\w*",
    r"konkurs\w*",
    r"wyprzedaz\w*",
    r"korzystniej\w*",
    r"atrakcyjn\w*",
    r"nowosc\w*",
    r"\d+ ?%",
)
_OFFER = re.compile(rf"(?<!\w)(?:{'|'.join(_STEMS)})", re.IGNORECASE)


def offer_words(text: str) -> list[str]:
    """The words of a text (without Polish letters) that smell of an offer, each once, as written."""
    return list(dict.fromkeys(_OFFER.findall(text)))
