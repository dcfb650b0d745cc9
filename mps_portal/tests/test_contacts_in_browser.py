"""The list of clients in a real browser: search as you type, filters, SHIFT, all that match, groups."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from mps_portal.demo_data import AGENT, PASSWORD
from mps_portal.tests.demo_people import log_in
from mps_portal.tests.demo_process import DemoProcess

pytestmark = pytest.mark.browser


@pytest.fixture
def page(full_demo: DemoProcess, chromium: Browser) -> Iterator[Page]:
    """The demo's agent before the list of clients, in Polish."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(20_000)
    page = context.new_page()
    log_in(full_demo, page, AGENT, PASSWORD)
    page.goto(f"{full_demo.url}/klienci/")
    yield page
    context.close()


def test_the_list_follows_what_is_typed_and_the_address_keeps_it(page: Page) -> None:
    rows = page.locator("[data-select-row]")
    expect(rows).to_have_count(50)
    name = page.locator("tbody a").nth(3).inner_text()
    page.locator("#q").press_sequentially(name.split()[0].lower(), delay=30)
    expect(page.locator("tbody a").first).to_contain_text(name.split()[0])
    expect(rows).not_to_have_count(50)
    expect(page).to_have_url(re.compile(r"/klienci/\?q=[^&]+$"))
    page.reload()
    expect(rows).not_to_have_count(50)
    page.locator("#q").fill("nikt taki")
    expect(page.get_by_text("Nikogo nie znaleziono")).to_be_visible()


def test_filters_work_at_once_and_are_cleared(page: Page) -> None:
    page.locator("#contact-filters summary").click()
    page.locator("#id_opted_out").check()
    expect(page.locator("[data-select-row]")).to_have_count(1)
    expect(page.locator("tbody .badge-warn")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/klienci/\?opted_out=on$"))
    page.reload()
    expect(page.locator("#id_opted_out")).to_be_checked()
    page.get_by_role("link", name="Wyczyść filtr").click()
    expect(page.locator("[data-select-row]")).to_have_count(50)


def test_a_range_goes_into_a_group_and_all_that_match_out_of_it(page: Page) -> None:
    boxes = page.locator("[data-select-row]")
    boxes.nth(2).check()
    boxes.nth(5).click(modifiers=["Shift"])
    count = page.locator("[data-select-count]")
    expect(count).to_have_text("4")
    page.get_by_role("button", name="Grupa", exact=True).click()
    page.locator("[name=new_group]").fill("Próba")
    page.get_by_role("button", name="Dodaj do grupy").click()
    expect(page.get_by_text("4 klientów jest w grupie Próba.")).to_be_visible()
    page.get_by_role("link", name="Grupy").click()
    page.get_by_role("link", name="Próba", exact=True).click()
    expect(boxes).to_have_count(4)
    page.locator("[data-select-all]").check()
    expect(count).to_have_text("4")
    page.get_by_role("button", name="Grupa", exact=True).click()
    page.locator("[name=to_group]").select_option(label="Próba")
    page.get_by_role("button", name="Usuń z grupy").click()
    expect(page.get_by_text("4 klientów usunięto z grupy Próba.")).to_be_visible()


def test_all_that_match_are_chosen_beyond_the_page(page: Page) -> None:
    found = page.locator("[data-select-found]")
    count = page.locator("[data-select-count]")
    found.check()
    expect(count).to_have_text("200")
    boxes = page.locator("[data-select-row]")
    expect(boxes.first).to_be_checked()
    boxes.first.uncheck()
    expect(found).not_to_be_checked()
    expect(count).to_have_text("49")
    found.check()
    page.get_by_role("button", name="Usuń", exact=True).click()
    expect(page.get_by_role("heading", name="Usunąć 200 klientów?")).to_be_visible()
    page.get_by_role("link", name="Anuluj").click()
    expect(boxes).to_have_count(50)
