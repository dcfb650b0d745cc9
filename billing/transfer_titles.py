"""Find registration codes in transfer titles, however payers typed and banks broke them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from accounts.registration_codes import fold


class CodeIndex:
    """Known codes, folded and grouped by length: prepare it once, look through many titles.

    That a window of the title is a known code is the guard against false hits; the check character
    is not (1 random window in 32 passes it). Codes shorter than 6 characters get hit by chance.
    """

    def __init__(self, known: Collection[str]) -> None:
        by_length: defaultdict[int, set[str]] = defaultdict(set)
        for code in map(fold, known):
            by_length[len(code)].add(code)
        by_length.pop(0, None)
        # Longest first: of two codes that start together the longer says more.
        self.by_length = tuple(sorted(by_length.items(), reverse=True))


def find_codes(title: str, index: CodeIndex) -> list[str]:
    """List the known codes in a title, folded, each once, in order of appearance.

    Case, spaces, hyphens, line breaks, look-alikes (O/0, I/L/1) and glued words do not matter.
    Codes that overlap are all listed: which one is meant is for people to say.
    """
    text = fold(title)
    hits = [
        (start, order, text[start : start + length])
        for order, (length, codes) in enumerate(index.by_length)
        for start in range(len(text) - length + 1)
        if text[start : start + length] in codes
    ]
    return list(dict.fromkeys(code for _, _, code in sorted(hits)))
