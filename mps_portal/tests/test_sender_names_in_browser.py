"""A sender name's whole way in a real browser: asked for, decided, at the gateway, on the phone, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from mps_portal.demo_data import AGENT, PASSWORD, STAFF
from mps_portal.tests.demo_people import log_in
from mps_portal.tests.demo_process import DemoProcess

pytestmark = pytest.mark.browser

DOCUMENT = Path(__file__).resolve().parents[1] / "demo_document.pdf"
NAME = "Polisa Anny"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoProcess]:
    """A demo of this module's own: it changes what others would look at."""
    with DemoProcess(tmp_path_factory.mktemp("names"), empty=False) as running:
        yield running


def person(demo: DemoProcess, chromium: Browser, email: str) -> Page:
    """Somebody logged in, in Polish."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(20_000)
    page = context.new_page()
    log_in(demo, page, email, PASSWORD)
    return page


def test_a_name_from_the_request_to_the_phone_and_back(
    demo: DemoProcess, chromium: Browser
) -> None:
    agent = person(demo, chromium, AGENT)
    staff = person(demo, chromium, STAFF)
    _ask_for_a_name(demo, agent)
    _decide(demo, staff)
    # The worker asks the gateway, which activates names at once; the page follows by itself.
    expect(staff.locator(".card-header-split .badge-good")).to_be_visible(timeout=20_000)
    _choose_as_default(demo, agent)
    _send_a_campaign(demo, agent)
    _revoke(staff)
    agent.goto(f"{demo.url}/ustawienia/podpisy/")
    expect(agent.get_by_text(f"Wybrany podpis to {NAME}, ale")).to_be_visible()
    for page in (agent, staff):
        page.context.close()


def _ask_for_a_name(demo: DemoProcess, agent: Page) -> None:
    agent.goto(f"{demo.url}/ustawienia/podpisy/")
    agent.get_by_role("link", name="Poproś o własny podpis").first.click()
    agent.locator("[name=name]").fill("P2U Nowak")
    agent.locator("form.card .btn-primary").click()
    expect(agent.locator(".invalid-feedback")).to_contain_text("PZU")
    expect(agent.locator("[name=name]")).to_have_value("P2U Nowak")
    agent.locator("[name=name]").fill(NAME)
    agent.locator("form.card .btn-primary").click()
    agent.locator("[name=file]").set_input_files(
        {"name": "krs.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90 program"}
    )
    agent.locator("[name=statement]").check()
    agent.get_by_role("button", name="Złóż wniosek").click()
    expect(agent.locator(".invalid-feedback")).to_be_visible()
    agent.locator("[name=file]").set_input_files(DOCUMENT)
    agent.get_by_role("button", name="Złóż wniosek").click()
    expect(agent.get_by_text("złożony").first).to_be_visible()


def _decide(demo: DemoProcess, staff: Page) -> None:
    staff.goto(f"{demo.url}/pulpit/")
    staff.get_by_role("link", name="Podpisy czekające").click()
    staff.get_by_role("link", name=NAME, exact=True).click()
    with staff.expect_download() as downloading:
        staff.locator("a[download]").click()
    assert downloading.value.path().read_bytes() == DOCUMENT.read_bytes()
    staff.get_by_role("button", name="Weź do weryfikacji").click()
    staff.get_by_role("button", name="Odrzuć").click()
    expect(staff.locator(".invalid-feedback")).to_be_visible()
    staff.get_by_role("button", name="Zatwierdź").click()
    expect(staff.get_by_text("Zatwierdzony.").first).to_be_visible()


def _choose_as_default(demo: DemoProcess, agent: Page) -> None:
    agent.goto(f"{demo.url}/ustawienia/podpisy/")
    agent.locator("[name=sender_name]").select_option(label=NAME)
    agent.get_by_role("button", name="Zapisz").click()
    expect(agent.locator(".big-figure")).to_have_text(NAME)


def _send_a_campaign(demo: DemoProcess, agent: Page) -> None:
    agent.goto(f"{demo.url}/klienci/")
    boxes = agent.locator("[data-select-row]")
    boxes.nth(0).check()
    boxes.nth(9).click(modifiers=["Shift"])
    agent.get_by_role("button", name="Napisz do zaznaczonych").click()
    agent.locator("button.choice", has_text="badania").first.click()
    expect(agent.locator(".phone-sender")).to_have_text(NAME)
    agent.get_by_role("button", name="Wyślij za").click()
    expect(agent.locator("#campaign-progress .counts")).to_contain_text(
        "dostarczona", timeout=20_000
    )
    phones = agent.context.new_page()
    phones.goto(f"{demo.sandbox_url}/phones/")
    expect(phones.get_by_text(NAME).first).to_be_visible()


def _revoke(staff: Page) -> None:
    staff.reload()
    staff.locator("[name=revoke-reason]").fill("Skarga właściciela znaku")
    staff.get_by_role("button", name="Cofnij").click()
    staff.locator("#confirm-dialog").get_by_role("button", name="Tak").click()
    expect(staff.get_by_text("Skarga właściciela znaku")).to_be_visible()
