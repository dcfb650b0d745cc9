"""One thing has one name: the portal's texts against docs/glossary.md."""

from __future__ import annotations

import re
from collections.abc import Iterator

import polib
import pytest
from django.conf import settings

GLOSSARY = settings.BASE_DIR / "docs/glossary.md"
CATALOGUE = settings.BASE_DIR / "locale/pl/LC_MESSAGES/django.po"
_TAGS = re.compile(r"<[^>]*>|{%[^%]*%}|{{[^}]*}}")


def never(column: int) -> list[str]:
    """The words of one of the two last columns."""
    rows = [line.split("|")[1:-1] for line in GLOSSARY.read_text(encoding="utf-8").splitlines()]
    tables = [row for row in rows if len(row) == 5][2:]
    return [word.strip() for row in tables for word in row[column].split(",") if word.strip()]


def texts(language: str) -> Iterator[tuple[str, str]]:
    """Where each text of the portal stands, and its words: the catalogue, and help pages."""
    for entry in polib.pofile(str(CATALOGUE)):
        if language == "en":
            yield "catalogue", f"{entry.msgid} {entry.msgid_plural}"
        else:
            yield "catalogue", " ".join([entry.msgstr, *entry.msgstr_plural.values()])
    for page in (settings.BASE_DIR / "templates").rglob(f"*.{language}.html"):
        # Legal documents, named by their day, define words of their own.
        if not page.name[0].isdigit():
            yield page.name, _TAGS.sub(" ", page.read_text(encoding="utf-8"))


def test_the_table_is_read() -> None:
    assert "kampani" in never(4)
    assert "segment" in never(3)
    assert len(list(texts("pl"))) > 1000


@pytest.mark.parametrize(("language", "column"), [("en", 3), ("pl", 4)])
def test_no_text_calls_a_thing_by_another_name(language: str, column: int) -> None:
    pattern = re.compile("|".join(rf"\b{word}" for word in never(column)), re.IGNORECASE)
    found = [
        f"{where}: {match[0]!r} in {text.strip()[:120]!r}"
        for where, text in texts(language)
        if (match := pattern.search(text))
    ]
    assert found == []
