"""Writes segments.json: `python -m messaging.tests.vectors.build`.

The texts are chosen by hand for the edges where counters go wrong; their sizes come from the
exact reference, never from the code under test.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from messaging.tests.exact_parts import EXTENSION, exact_parts

GSM_EDGES = (0, 1, 152, 153, 154, 159, 160, 161, 305, 306, 307, 458, 459, 460, 1529, 1530, 1531)
UCS_2_EDGES = (1, 66, 67, 68, 69, 70, 71, 133, 134, 135, 200, 201, 202, 669, 670, 671)
POLISH_LETTERS = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"
# Of the table's odd corners: accents, Greek, what looks like a letter or a dash.
NATIONAL_LETTERS = "£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà"
SENTENCES = (
    "Dzien dobry. Polisa OC 1052334417 konczy sie 15.12.2026. Biuro Nowak 601 234 567",
    "Dzień dobry. Polisa OC 1052334417 kończy się 15.12.2026. Biuro Nowak 601 234 567",
    "Dzien dobry, skladka wynosi 1 234,50 zl (ok. 290 €) [OC/AC], pytania: biuro@example.com",
    "Zażółć gęślą jaźń. ZAŻÓŁĆ GĘŚLĄ JAŹŃ.",
    "Müller & Nuñez Sp. z o.o., voilà: §5 ¿Qué? ¡Sí!",
    "Wszystkiego najlepszego! 🎂🎉",
    "Rodzina 👨‍👩‍👧‍👦 i flaga 🇵🇱, ❤️",
)


def texts() -> Iterator[str]:
    yield from ("a" * length for length in GSM_EDGES)
    yield from ("ł" * length for length in UCS_2_EDGES)
    yield from extension_characters_at_borders()
    yield from emoji_at_borders()
    yield from line_ends()
    yield from combining_letters()
    yield from single_characters()
    yield from mixed_borders()
    yield from polish_letters()
    yield from national_letters()
    yield from SENTENCES
    yield from (sentence * 8 for sentence in SENTENCES)


def extension_characters_at_borders() -> Iterator[str]:
    for character in sorted(EXTENSION):
        yield character
        yield "a" * 158 + character  # just fits a single part
        yield "a" * 159 + character  # does not: two parts
        yield "a" * 152 + character + "b" * 153  # moved over the first border
    for before in (150, 151, 152, 153):
        yield "a" * before + "€" * 5
        yield "a" * (before + 153) + "{}" + "b" * 10
    yield from ("€" * count for count in (79, 80, 81, 152, 153, 229))
    yield "a" + "€" * 76 + "b" * 152 + "€" * 76


def mixed_borders() -> Iterator[str]:
    """Several characters of two units in one text, at each border in turn."""
    for character in "€[|":
        for parts in (1, 2, 3):
            for short in (0, 1, 2):
                yield "a" * (153 * parts - short) + character + "b" * 160
    for parts in (1, 2, 3):
        for short in (0, 1, 2):
            yield "ł" * (67 * parts - short) + "😀" + "b" * 68
    yield ("a" * 152 + "€") * 3
    yield ("a" * 152 + "€") * 9 + "a" * 152
    yield ("ł" * 66 + "😀") * 3
    yield ("ł" * 66 + "😀") * 9 + "ł" * 66
    yield "a" * 159 + "\n" + "€"
    yield "[" * 76 + "a" + "[" * 76


def polish_letters() -> Iterator[str]:
    for letter in POLISH_LETTERS:
        yield "a" * 69 + letter
        yield "a" * 70 + letter
        yield letter + "a" * 133


def national_letters() -> Iterator[str]:
    for letter in NATIONAL_LETTERS:
        yield letter
        yield "a" * 160 + letter


def emoji_at_borders() -> Iterator[str]:
    yield from ("😀" * count for count in (1, 34, 35, 36, 66, 67, 99, 100))
    for before in (65, 66, 67, 68, 69):
        yield "ł" * before + "😀" + "b" * 10
        yield "ł" * (before + 66) + "😀😀" + "b" * 70
    yield "a" * 69 + "😀"
    yield "a" * 160 + "😀"


def line_ends() -> Iterator[str]:
    yield from ("\n", "\r", "\r\n", "a\nb", "a\r\nb", "\n" * 160, "\r\n" * 80, "\r\n" * 81)
    yield "a" * 152 + "\r\n" + "b" * 152
    yield "ł" * 66 + "\r\n" + "b" * 66
    yield from ("a" * 159 + end for end in ("\r", "\r\n", "\n\r", "\f"))
    yield from ("ł" * 69 + end for end in ("\r", "\r\n", "\u2028", "\x85"))


def combining_letters() -> Iterator[str]:
    yield from ("o\u0301", "zo\u0301lty", "u\u0308", "e\u0301" * 35, "e\u0301" * 36)
    yield "ł" * 66 + "o\u0301" + "b" * 10
    yield from (f"{'a' * 68}{letter}\u0301" for letter in "acnoszACNOSZ")
    yield from ("e\u0301\u0328", "\u0301", "a" * 159 + "\u0308", "u\u0308" * 67, "❤\ufe0f" * 35)


def single_characters() -> Iterator[str]:
    for character in "ąóŁ`\tçÇ°„”–…•×\u00a0\u200b\ufeff\x1bèòΔΩ¤¿ßЖ中":
        yield "a" * 100 + character


def main() -> None:
    cases = []
    for text in dict.fromkeys(texts()):
        encoding, units, parts = exact_parts(text)
        cases.append({"text": text, "encoding": encoding, "units": units, "parts": len(parts)})
    lines = ",\n".join("  " + json.dumps(case, ensure_ascii=True) for case in cases)
    (Path(__file__).parent / "segments.json").write_text(f"[\n{lines}\n]\n", "utf-8")


if __name__ == "__main__":
    main()
