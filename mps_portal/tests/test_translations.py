"""The Polish catalogue: whole, true to its sources, compiled, and level with the code.

How to bring it up to date stands in the README, under Conventions.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, ngettext

ROOT = Path(settings.BASE_DIR)
CATALOGUE = ROOT / "locale/pl/LC_MESSAGES/django.po"
NOT_SOURCES = shutil.ignore_patterns(".*", "var", "staticfiles", "__pycache__", "node_modules")

# A key identifies a message: its context, its source and its plural source.
Key = tuple[str | None, str, str]

_PERCENT = r"%(?:\(\w+\))?[a-z%]"
_BRACE = r"\{\w*\}"


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def key(entry: polib.POEntry | polib.MOEntry) -> Key:
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def translations(entry: polib.POEntry | polib.MOEntry) -> list[str]:
    """All forms, from one to many; a message without a plural has one."""
    return [entry.msgstr_plural[n] for n in sorted(entry.msgstr_plural)] or [entry.msgstr]


def placeholders(text: str, flags: list[str]) -> Counter[str]:
    pattern = _PERCENT if "python-format" in flags else _BRACE
    return Counter(re.findall(pattern, text))


def test_everything_is_translated(catalogue: polib.POFile) -> None:
    assert len(catalogue) > 600
    assert [e.msgid for e in catalogue if not all(translations(e))] == []


def test_nothing_waits_for_a_translator(catalogue: polib.POFile) -> None:
    assert [e.msgid for e in catalogue.fuzzy_entries()] == []
    assert [e.msgid for e in catalogue.obsolete_entries()] == []


def test_plurals_have_their_three_forms(catalogue: polib.POFile) -> None:
    assert catalogue.metadata["Plural-Forms"].startswith("nplurals=3;")
    plurals = [e for e in catalogue if e.msgid_plural]
    assert plurals
    assert [e.msgid for e in plurals if len(e.msgstr_plural) != 3] == []


def test_placeholders_are_kept(catalogue: polib.POFile) -> None:
    marked = [e for e in catalogue if {"python-format", "python-brace-format"} & set(e.flags)]
    assert marked
    for entry in marked:
        wanted = placeholders(entry.msgid_plural or entry.msgid, entry.flags)
        for text in translations(entry):
            assert placeholders(text, entry.flags) == wanted, entry.msgid


def test_no_translation_begins_or_ends_with_a_space_of_its_own(catalogue: polib.POFile) -> None:
    for entry in catalogue:
        for text in translations(entry):
            assert text.strip() == text or entry.msgid.strip() != entry.msgid, entry.msgid


def test_compiled_catalogue_holds_the_same(catalogue: polib.POFile) -> None:
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    assert {key(e): translations(e) for e in compiled} == {
        key(e): translations(e) for e in catalogue
    }


def test_makemessages_would_change_nothing(catalogue: polib.POFile, tmp_path: Path) -> None:
    if shutil.which("xgettext") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("xgettext is missing: install gettext")
        pytest.skip("xgettext is not installed")
    copy = tmp_path / "portal"
    shutil.copytree(ROOT, copy, ignore=NOT_SOURCES)
    command = "manage.py makemessages -l pl --no-obsolete --no-wrap"
    subprocess.run([sys.executable, *command.split()], cwd=copy, check=True, capture_output=True)
    fresh = polib.pofile(str(copy / CATALOGUE.relative_to(ROOT)))
    assert {key(e) for e in fresh} == {key(e) for e in catalogue}


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (1, "Dodano 1 klienta"),
        (2, "Dodano 2 klientów"),
        (5, "Dodano 5 klientów"),
        (200, "Dodano 200 klientów"),
    ],
)
def test_added_clients_are_told_in_the_right_case(number: int, told: str) -> None:
    with translation.override("pl"):
        text = ngettext("%(count)d client added", "%(count)d clients added", number)
    assert text % {"count": number} == told


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (0, "0 przelewów"),
        (1, "1 przelew"),
        (4, "4 przelewy"),
        (5, "5 przelewów"),
        (12, "12 przelewów"),
        (22, "22 przelewy"),
        (101, "101 przelewów"),
    ],
)
def test_polish_counts_in_three_forms(number: int, told: str) -> None:
    with translation.override("pl"):
        text = ngettext("%(n)s transfer", "%(n)s transfers", number)
    assert text % {"n": number} == told


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("Queued", "w kolejce"),
        ("Being sent", "wysyłana"),
        ("Uncertain", "niepewna"),
        ("Sent", "wysłana"),
        ("Delivered", "dostarczona"),
        ("Not delivered", "niedostarczona"),
        ("Expired", "przeterminowana"),
        ("No report", "brak raportu"),
        ("Rejected", "odrzucona"),
    ],
)
def test_statuses_are_those_of_the_manual(source: str, word: str) -> None:
    with translation.override("pl"):
        assert gettext(source) == word


def test_english_speaks_its_sources() -> None:
    # Polish is the default language; English has no catalogue of ours and must not fall back to it.
    with translation.override("en"):
        assert gettext("Clients") == "Clients"
        assert ngettext("%(n)s transfer", "%(n)s transfers", 2) == "%(n)s transfers"
