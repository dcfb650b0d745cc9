"""Importing statements in a real browser: with a line that cannot be read, and with days missing before it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from billing.tests.statement_files import ACCOUNT, statement
from mps_portal.demo_data import PASSWORD, STAFF
from mps_portal.tests.demo_people import log_in
from mps_portal.tests.demo_process import DemoProcess

pytestmark = pytest.mark.browser

SLOW = 30_000  # milliseconds
OTHER_BANK = f"""Rachunek {ACCOUNT};;;;
Kiedy;Ile;Za co;Kto;Stan
2025-03-{{day}};21,00;za wiadomości {{day}};Müller ŁĄKA;1{{day}}1,00
"""


@pytest.fixture
def clerk(full_demo: DemoProcess, chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(20_000)
    page = context.new_page()
    log_in(full_demo, page, STAFF, PASSWORD)
    yield page
    context.close()


def test_what_is_wrong_with_a_statement_is_seen_on_its_page(
    full_demo: DemoProcess, clerk: Page
) -> None:
    send(full_demo, clerk, "umowa.pdf", b"%PDF-1.7")
    expect(clerk.locator(".alert-danger")).to_contain_text("To jest plik PDF")
    send(full_demo, clerk, "pierwszy.sta", a_statement(20, opening=500))
    send(full_demo, clerk, "pozniej.sta", a_statement(25, opening=700, unreadable="250230"))
    main = clerk.locator("main")
    expect(main).to_contain_text("Brakuje wyciągu: ten z 20.02.2025")
    expect(main).to_contain_text("Wiersze, których nie można odczytać")
    expect(main).to_contain_text("ZA SMS 30.02")
    for width in (1440, 390):
        clerk.set_viewport_size({"width": width, "height": 900})
        is_whole(clerk)


def test_a_payment_is_accepted_by_a_key_another_assigned_and_undone(
    full_demo: DemoProcess, clerk: Page
) -> None:
    """Two payments from one account: the first is assigned by searching, so that the second is suggested."""
    send(full_demo, clerk, "dwie.sta", two_payments_of_one_payer())
    clerk.goto(f"{full_demo.url}/operator/wplaty/")
    queue = clerk.locator("[data-queue]")
    rows = queue.locator("[data-queue-row]", has_text="BIURO PLATNIK")
    expect(rows).to_have_count(2)
    rows.first.get_by_role("link", name="Przypisz").click()
    clerk.locator("#agency-search").press_sequentially("nowak")
    clerk.locator("#found-agencies").get_by_role("button").first.click()
    expect(clerk.locator("main")).to_contain_text("Zaksięgowano 11,00")
    expect(rows).to_have_count(1)

    # What was learned of the payer's account is suggested once the queue is tried again.
    send(full_demo, clerk, "trzecia.sta", two_payments_of_one_payer(number=3))
    clerk.goto(f"{full_demo.url}/operator/wplaty/")
    suggested = rows.filter(has=clerk.locator("[data-accept]"))
    expect(suggested).not_to_have_count(0)
    suggested.first.focus()
    clerk.keyboard.press("a")
    expect(clerk.locator("main")).to_contain_text("Zaksięgowano")

    clerk.get_by_role("link", name="Cofnij").first.click()
    clerk.locator("main textarea, main input[name=reason]").fill("pomyłka")
    clerk.locator("main .btn-danger, main .btn-primary").first.click()
    expect(clerk.locator("main")).to_contain_text("Wpłatę cofnięto")
    for width in (1440, 390):
        clerk.set_viewport_size({"width": width, "height": 900})
        is_whole(clerk)


def test_another_banks_table_is_asked_about_once(full_demo: DemoProcess, clerk: Page) -> None:
    send(full_demo, clerk, "inny.csv", OTHER_BANK.format(day=10).encode("cp1250"))
    main = clerk.locator("main")
    expect(main).to_contain_text("Müller ŁĄKA")
    clerk.get_by_label("Windows-1250").check()
    clerk.get_by_role("button", name="Importuj wyciąg").click()
    expect(main).to_contain_text("Czym jest każda kolumna?", timeout=SLOW)
    for width in (1440, 390):
        clerk.set_viewport_size({"width": width, "height": 900})
        is_whole(clerk)
    clerk.get_by_role("button", name="Importuj wyciąg").click()
    expect(main).to_contain_text("Wskaż kolumnę kwoty")
    meant = {"Kiedy": "booked_on", "Ile": "amount", "Za co": "title", "Kto": "payer_name"}
    for header, column in {**meant, "Stan": "balance"}.items():
        clerk.get_by_label(header, exact=True).select_option(column)
    clerk.get_by_role("button", name="Importuj wyciąg").click()
    expect(main).to_contain_text("Wyciąg zaimportowany", timeout=SLOW)
    expect(main).to_contain_text("Windows-1250")
    expect(main).to_contain_text("za wiadomości 10")

    send(full_demo, clerk, "inny2.csv", OTHER_BANK.format(day=11).encode())
    expect(main).to_contain_text("za wiadomości 11", timeout=SLOW)
    clerk.goto(f"{full_demo.url}/operator/wyciagi/")
    expect(main).to_contain_text("kiedy, ile, za co, kto, stan")
    is_whole(clerk)


def two_payments_of_one_payer(number: int = 1) -> bytes:
    """Credits of 11 and 12 zł (or 13 and 14) without a code, from one account that nobody knows."""
    first = 10 + number
    lines = []
    for amount in (first, first + 1):
        lines += [
            f":61:2502{number:02}CN{amount},00NTRFNONREF//P{amount}",
            f":86:020?00PRZELEW?20ZA WIADOMOSCI {amount}?31{'3' * 26}?32BIURO PLATNIK",
        ]
    return statement(
        *lines,
        opening=f"C2502{number:02}PLN{number}000,00",
        closing=f"C2502{number:02}PLN{number}0{2 * first + 1:02},00",
    ).encode()


def a_statement(day: int, opening: int, unreadable: str = "") -> bytes:
    """A statement of February 2025 with a credit of 1 zł without a code, and perhaps one of a day that is none."""
    lines = [f":61:2502{day}CN1,00NTRFNONREF//Z{day}", f":86:020?00PRZELEW?20ZA SMS {day}?32ANNA"]
    if unreadable:
        lines += [f":61:{unreadable}CN1,00NTRFNONREF//Z", f":86:020?20ZA SMS 30.02?32{'X' * 27}"]
    return statement(
        *lines,
        opening=f"C2502{day}PLN{opening},00",
        closing=f"C2502{day}PLN{opening + len(lines) // 2},00",
    ).encode()


def send(demo: DemoProcess, page: Page, name: str, content: bytes) -> None:
    page.goto(f"{demo.url}/operator/wyciagi/")
    file = {"name": name, "mimeType": "text/plain", "buffer": content}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.locator("main .btn-primary").click()
    page.wait_for_url(re.compile(r"/wyciagi/(wczytanie/)?\d+/$"))
    expect(page.locator("#statement-upload progress:visible")).to_have_count(0, timeout=SLOW)


def is_whole(page: Page) -> None:
    """Nothing for axe to complain about, nothing wider than the window."""
    found = Axe().run(page).response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
