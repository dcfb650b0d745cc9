"""The browser's counter gives what the server's gives."""

from __future__ import annotations

import random
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from messaging.normalising import find_replacements, normalise, tidy_typography
from messaging.segments import measure, split_parts
from messaging.tests import vectors

pytestmark = pytest.mark.browser

SCRIPT = Path(__file__).parents[2] / "static" / "js" / "sms_counter.js"
EXPORT = (
    "\nwindow.smsCounter = { measure, splitParts, findReplacements, normalise, tidyTypography };"
)

SEGMENTS = vectors.load("segments")
NORMALISING = vectors.load("normalising")


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Page:
    page = chromium.new_page()
    page.set_content("<!doctype html><title>SMS counter</title>")
    page.add_script_tag(type="module", content=SCRIPT.read_text("utf-8") + EXPORT)
    page.wait_for_function("window.smsCounter !== undefined")
    return page


def call(page: Page, function: str, texts: list[str]) -> list[Any]:
    """What the function of the script returns for each text."""
    script = "([name, texts]) => texts.map((text) => window.smsCounter[name](text))"
    results: list[Any] = page.evaluate(script, [function, texts])
    return results


@pytest.fixture(scope="module")
def all_texts() -> list[str]:
    """Those of the vectors and some that nobody thought of."""
    source = random.Random(3)
    alphabet = "aaaaa b.ąłóŻ€[]{}^~|\\\n\r\t`„”–…°½üñçÇΔ😀🎂o\u0301\u0308\u200b\u00a0\ufe0fЖ"
    strange = ["".join(source.choices(alphabet, k=source.randrange(400))) for _ in range(200)]
    gsm = ["".join(source.choices("aaa€[", k=source.randrange(500))) for _ in range(200)]
    return [case["text"] for case in SEGMENTS + NORMALISING] + strange + gsm


def test_the_browser_counts_as_the_vectors_say(page: Page) -> None:
    found = call(page, "measure", [case["text"] for case in SEGMENTS])
    for case, result in zip(SEGMENTS, found, strict=True):
        assert {**case, **result, "unitsLeft": 0} == {**case, "unitsLeft": 0}


def test_the_browser_normalises_as_the_vectors_say(page: Page) -> None:
    found = call(page, "normalise", [case["text"] for case in NORMALISING])
    assert found == [case["normalised"] for case in NORMALISING]


def test_the_browser_counts_as_the_server(page: Page, all_texts: list[str]) -> None:
    expected = [asdict(measure(text)) for text in all_texts]
    for result in expected:
        result["unitsLeft"] = result.pop("units_left")
    assert call(page, "measure", all_texts) == expected


def test_the_browser_cuts_as_the_server(page: Page, all_texts: list[str]) -> None:
    assert call(page, "splitParts", all_texts) == [split_parts(text) for text in all_texts]


def test_the_browser_normalises_as_the_server(page: Page, all_texts: list[str]) -> None:
    assert call(page, "normalise", all_texts) == [normalise(text) for text in all_texts]


def test_the_browser_offers_what_the_server_offers(page: Page, all_texts: list[str]) -> None:
    found = call(page, "findReplacements", all_texts)
    assert found == [offers_in_utf16(text) for text in all_texts]


def test_the_browser_tidies_as_the_server(page: Page, all_texts: list[str]) -> None:
    found = call(page, "tidyTypography", all_texts)
    for text, result in zip(all_texts, found, strict=True):
        tidy, tidied = tidy_typography(text)
        assert result == {"text": tidy, "tidied": [asdict(change) for change in tidied]}


def offers_in_utf16(text: str) -> list[dict[str, Any]]:
    """The server's offers with positions as JavaScript counts them."""
    return [
        {**asdict(offer), "position": len(text[: offer.position].encode("utf-16-le")) // 2}
        for offer in find_replacements(text)
    ]
