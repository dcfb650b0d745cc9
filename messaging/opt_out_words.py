"""Telling an opt-out from any other reply.

Clients are told to answer STOP; some write it in other words. Who wants no more messages must not be missed (art. 21(3)
RODO, art. 400 of the Prawo komunikacji elektronicznej), and who wants to talk must not be struck off: so only short
replies that say nothing else count. Every reply is shown to the agency, which may still act on those that do not.
"""

from __future__ import annotations

import re

from accounts.folding import fold

# Characters of a reply that are looked at.
_MAX_LENGTH = 200
# After STOP itself, which the client was offered: a reply this short means it, whatever the other words are.
_MAX_WORDS_WITH_STOP = 3

# All folded. What an opt-out may begin with beside STOP...
_REFUSALS = (
    "wypisz",
    "wypisac",
    "wypisuje sie",
    "rezygnuje",
    "rezygnacja",
    "koniec",
    "nie chce",
    "nie zycze sobie",
    "nie wysylac",
    "nie wysylajcie",
    "nie przysylac",
    "nie pisac",
    "prosze nie wysylac",
    "prosze nie pisac",
    "prosze mnie wypisac",
    "prosze o wypisanie",
    "prosze wypisac",
    "usuncie moj numer",
    "usun moj numer",
    "prosze usunac moj numer",
    "unsubscribe",
    "end",
    "quit",
)
# ...and all that may follow.
_FILLERS = frozenset(
    [
        "stop",
        "nie",
        "sms",
        "ow",
        "smsy",
        "smsow",
        "smsa",
        "smsom",
        "esemesow",
        "esemesy",
        "wiadomosc",
        "wiadomosci",
    ]
    + [
        "tych",
        "takich",
        "zadnych",
        "reklam",
        "reklamy",
        "marketingu",
        "ofert",
        "oferty",
        "subskrypcji",
        "subskrypcje",
        "listy",
        "bazy",
    ]
    + [
        "od",
        "do",
        "ze",
        "z",
        "na",
        "was",
        "panstwa",
        "mnie",
        "mi",
        "sie",
        "nas",
        "moj",
        "tego",
        "ten",
        "i",
        "oraz",
        "juz",
        "wiecej",
        "nigdy",
    ]
    + ["prosze", "dziekuje", "dzieki", "pozdrawiam", "numer", "numeru"]
    + ["otrzymywania", "otrzymywac", "dostawac", "wysylania", "wysylac", "pisac", "przysylac"]
)
_REFUSAL = re.compile(rf"(?:{'|'.join(_REFUSALS)})(?:\s|$)")
_PLEASE = re.compile(r"^(?:(?:dzien dobry|witam|prosze)\s+)+(?=stop|wypisz|rezygn)")


def is_opt_out(text: str) -> bool:
    """Whether the reply asks for no more messages, and for nothing else.

    STOP in any spelling at the beginning of at most three words; longer ones, and refusals in other words, only if no
    word of theirs is about something else: "rezygnuje z polisy" is about the policy.
    """
    if len(text) > _MAX_LENGTH:
        return False
    said = _PLEASE.sub("", fold(text))
    words = said.split()
    if not words:
        return False
    if words[0] == "stop":
        return len(words) <= _MAX_WORDS_WITH_STOP or _FILLERS.issuperset(words)
    refusal = _REFUSAL.match(said)
    return refusal is not None and _FILLERS.issuperset(said[refusal.end() :].split())
