"""Passkeys, with a virtual one in the browser: kept, used instead of the password, asked for by a sensitive step."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from mps_portal.demo_data import EMPLOYEE, PASSWORD
from mps_portal.tests.demo_people import log_in
from mps_portal.tests.demo_process import DemoProcess

pytestmark = pytest.mark.browser

FINGER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def give_finger(page: Page) -> None:
    """From now on the computer has a fingerprint reader that always says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": FINGER})


def test_a_passkey_replaces_the_password(full_demo: DemoProcess, page: Page) -> None:
    give_finger(page)
    log_in(full_demo, page, EMPLOYEE, PASSWORD)
    page.goto(f"{full_demo.url}/ustawienia/drugi-skladnik/klucze/nowy/")
    page.locator("[name=name]").fill("Laptop w biurze")
    page.locator("[name=passwordless]").check()
    page.locator("#passkey").click()
    expect(page).to_have_url(f"{full_demo.url}/ustawienia/drugi-skladnik/kody/")
    page.context.clear_cookies()
    page.goto(f"{full_demo.url}/logowanie/")
    page.locator("#passkey").click()
    expect(page).to_have_url(f"{full_demo.url}/pulpit/")
    page.goto(f"{full_demo.url}/ustawienia/drugi-skladnik/")
    expect(page.get_by_text("Laptop w biurze")).to_be_visible()


def test_a_page_without_a_known_passkey_says_what_went_wrong(
    full_demo: DemoProcess, page: Page
) -> None:
    give_finger(page)
    page.goto(f"{full_demo.url}/logowanie/")
    page.locator("#passkey").click()
    expect(page.get_by_role("alert").filter(has_text="Nie udało się")).to_be_visible()
