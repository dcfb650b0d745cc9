"""The messages in a real browser: SHIFT, all that match, refresh with progress; the pages of a campaign and of one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from mps_portal.demo_data import AGENT, PASSWORD
from mps_portal.tests.demo_people import log_in
from mps_portal.tests.demo_process import DemoProcess

pytestmark = pytest.mark.browser

SLOW = 40_000  # milliseconds that a worker may take


@pytest.fixture
def page(full_demo: DemoProcess, chromium: Browser) -> Iterator[Page]:
    """The demo's agent, in Polish."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    log_in(full_demo, page, AGENT, PASSWORD)
    yield page
    context.close()


def test_a_text_of_ones_own_is_written_seen_sent_and_followed(
    full_demo: DemoProcess, page: Page
) -> None:
    page.goto(f"{full_demo.url}/klienci/")
    page.locator("[data-select-found]").check()
    page.get_by_role("button", name="Napisz do zaznaczonych").click()
    write_own_text(page)
    read_on_phones(page)
    page.get_by_role("button", name=re.compile("^Wyślij za")).click()
    expect(page.locator("#campaign-progress .badge-good").first).to_be_visible(timeout=SLOW)
    expect(page.locator("svg.chart")).to_be_visible(timeout=SLOW)
    page.get_by_text("Liczby w tabeli").click()
    expect(page.locator(".chart-numbers tbody tr").first).to_be_visible()
    page.locator(".count-link", has_text="dostarczona").click()
    expect(page).to_have_url(re.compile(r"\?state=delivered"))
    page.locator("#campaign-messages tbody a").first.click()
    expect(page.locator(".history")).to_contain_text("SMSAPI")
    expect(page.locator(".phone-bubble")).to_contain_text("Biuro nieczynne")


def write_own_text(page: Page) -> None:
    # The field as the script has made it.
    body = page.locator("[data-own-text] .marked-text textarea")
    body.press_sequentially("Dzień dobry, ")
    page.locator("[data-insert=imie]").click()
    expect(body).to_have_value("Dzień dobry, {imie}")
    page.locator("[data-replace-all]").click()
    expect(body).to_have_value("Dzien dobry, {imie}")
    body.press_sequentially(". Biuro nieczynne do piatku.")
    expect(page.locator(".editor-preview .phone-bubble")).to_contain_text("Biuro nieczynne")
    page.locator("[data-own-text] [type=submit]").click()


def read_on_phones(page: Page) -> None:
    bubble = page.locator("#recipient-preview .phone-bubble")
    first = bubble.inner_text()
    page.locator("#recipient-preview").get_by_role("button", name="Następna").click()
    expect(bubble).not_to_have_text(first)
    page.locator("#recipient-preview").get_by_role("button", name="Poprzednia").click()
    expect(bubble).to_have_text(first)


def test_a_range_and_all_that_match_are_chosen_and_refreshed(
    full_demo: DemoProcess, page: Page
) -> None:
    page.goto(f"{full_demo.url}/wiadomosci/")
    boxes, count = page.locator("[data-select-row]"), page.locator("[data-select-count]")
    boxes.nth(2).check()
    boxes.nth(5).click(modifiers=["Shift"])
    expect(count).to_have_text("4")
    found = page.locator("[data-select-found]")
    found.check()
    expect(count).to_have_text(found.get_attribute("data-select-found") or "")
    boxes.first.uncheck()
    expect(count).to_have_text("49")


def test_filters_work_at_once_and_stay_in_the_address(full_demo: DemoProcess, page: Page) -> None:
    page.goto(f"{full_demo.url}/wiadomosci/")
    page.locator(".filter-form summary").click()
    page.locator("#id_text").press_sequentially("nie ma takiego")
    expect(page.get_by_text("Nie znaleziono wiadomości")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?text=nie(%20|\+)ma"))
    page.locator("#id_text").fill("biuro")
    expect(page.locator("[data-select-row]").first).to_be_visible()
    page.reload()
    expect(page.locator("#id_text")).to_have_value("biuro")


def test_a_refresh_shows_its_progress(full_demo: DemoProcess, page: Page) -> None:
    add_client_whose_phone_never_reports(full_demo, page)
    page.get_by_role("button", name="Napisz wiadomość").click()
    body = page.locator("[data-own-text] .marked-text textarea")
    body.fill("Prosze o kontakt.")
    page.locator("[data-own-text] [type=submit]").click()
    page.get_by_role("button", name=re.compile("^Wyślij za")).click()
    expect(page.locator("#campaign-messages .badge-info")).to_contain_text("wysłana", timeout=SLOW)
    page.goto(f"{full_demo.url}/wiadomosci/?state=sent")
    page.locator("[data-select-row]").first.check()
    page.get_by_role("button", name="Odśwież status").click()
    progress = page.locator("#status-refresh")
    expect(progress).to_contain_text("zapytano o: 1, zmieniono: 0", timeout=SLOW)
    expect(progress.locator("progress")).to_have_count(0)


def add_client_whose_phone_never_reports(demo: DemoProcess, page: Page) -> None:
    """The sandbox never settles messages to numbers that end in 222: somebody has to ask."""
    page.goto(f"{demo.url}/klienci/nowy/")
    page.locator("[name=last_name]").fill("Milczek")
    page.locator("[name=phone]").fill("600 103 222")
    page.locator("main form .btn-primary").first.click()
    expect(page.get_by_role("button", name="Napisz wiadomość")).to_be_visible()
