"""The import's wizard in a real browser, with a file that is not in order."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from mps_portal.demo_data import EMPLOYEE, PASSWORD
from mps_portal.tests.demo_people import log_in
from mps_portal.tests.demo_process import DemoProcess

pytestmark = pytest.mark.browser

SLOW = 30_000  # milliseconds
FILE = (
    "Kto;Telefon kom.;Nr polisy;Koniec ochrony\n"
    "Żółw Ewa;601 900 {0}01;K/{0}1;31.12.2027\n"
    "Żółw Jan;601 900 {0}02;K/{0}2;kiedyś\n"
)


@pytest.fixture(params=[(1440, "light", "1"), (390, "dark", "2")], ids=["desk", "phone"])
def agent(
    request: pytest.FixtureRequest, full_demo: DemoProcess, chromium: Browser
) -> Iterator[Page]:
    width, theme, number = request.param
    context = chromium.new_context(viewport={"width": width, "height": 900}, accept_downloads=True)
    context.add_cookies([{"name": "theme", "value": theme, "url": full_demo.url}])
    context.set_default_timeout(20_000)
    page = context.new_page()
    log_in(full_demo, page, EMPLOYEE, PASSWORD)
    page.evaluate(f"window.name = {number}")
    yield page
    context.close()


def test_a_file_with_mistakes_goes_in_as_far_as_it_is_in_order(
    full_demo: DemoProcess, agent: Page
) -> None:
    number = agent.evaluate("window.name")
    agent.goto(f"{full_demo.url}/klienci/import/")
    send(agent, "umowa.pdf", b"%PDF-1.7")
    expect(agent.locator(".invalid-feedback")).to_contain_text("To dokument PDF")
    send(agent, "klienci.csv", FILE.format(number).encode("cp1250"))
    kind = agent.get_by_label("Kto", exact=True)
    expect(kind).to_be_visible(timeout=SLOW)
    is_whole(agent)
    kind.select_option("")
    agent.get_by_role("button", name="Sprawdź wiersze").click()
    expect(agent.locator(".alert")).to_contain_text("Wskaż kolumnę z nazwiskiem")
    kind.select_option("last_first")
    agent.get_by_role("button", name="Sprawdź wiersze").click()
    expect(agent.locator("#problems")).to_contain_text("kiedyś", timeout=SLOW)
    expect(agent.locator("main")).to_contain_text("Żółw Ewa")
    is_whole(agent)
    agent.get_by_role("button", name="Importuj 1 wiersz").click()
    expect(agent.locator("dl.details")).to_contain_text("Nowi klienci", timeout=SLOW)
    is_whole(agent)
    with agent.expect_download() as download:
        agent.get_by_role("link", name="Pobierz do poprawy").click()
    rows = list(csv.reader(download.value.path().open(encoding="utf-8-sig"), delimiter=";"))
    assert rows[0][-1] == "Powód"
    assert rows[1][:2] == ["Żółw Jan", f"601 900 {number}02"]


def send(agent: Page, name: str, content: bytes) -> None:
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    agent.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    agent.get_by_role("button", name="Wczytaj plik").click()


def is_whole(page: Page) -> None:
    """Nothing for axe to complain about, nothing wider than the window."""
    found = Axe().run(page).response["violations"]
    serious = [v["id"] for v in found if v["impact"] in ("serious", "critical")]
    assert serious == []
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
