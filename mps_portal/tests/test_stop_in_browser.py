"""A client answers STOP on their phone: they show as opted out, and the next campaign leaves them out and says why."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from mps_portal.demo_data import AGENT, PASSWORD
from mps_portal.tests.demo_people import log_in
from mps_portal.tests.demo_process import DemoProcess
from sandbox.testing import wait_for

pytestmark = pytest.mark.browser

# Sending, delivering and pushing, in the background.
SLOW = 30_000  # milliseconds


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoProcess]:
    """A demo of its own: who opts out stays so."""
    with DemoProcess(tmp_path_factory.mktemp("demo"), empty=False) as running:
        yield running


@pytest.fixture
def agent(demo: DemoProcess, chromium: Browser) -> Iterator[Page]:
    """The demo's agent, in Polish."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(20_000)
    page = context.new_page()
    log_in(demo, page, AGENT, PASSWORD)
    yield page
    context.close()


@pytest.fixture
def outside(chromium: Browser) -> Iterator[Page]:
    """The client with their phone."""
    context = chromium.new_context()
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def test_stop_from_the_phone_leaves_the_client_out(
    demo: DemoProcess, agent: Page, outside: Page
) -> None:
    client, number = a_client(demo, agent)
    record_consent(agent)
    send_offer(agent)
    answer_stop(demo, outside, number)
    see_opted_out(agent, client)
    see_reply(demo, agent)
    see_left_out(demo, agent, client)


def a_client(demo: DemoProcess, agent: Page) -> tuple[str, str]:
    """The address of the first client's page, and their number with its country code."""
    agent.goto(f"{demo.url}/klienci/?no_consent=on")
    agent.locator("tbody a").first.click()
    shown = agent.locator(".page-header .lead").inner_text()
    return agent.url, "48" + "".join(filter(str.isdigit, shown))[:9]


def record_consent(agent: Page) -> None:
    agent.locator("[name=channel]").select_option("paper")
    agent.locator("[name=source]").fill("umowa 12/2026")
    agent.locator("button[value=consent]").click()
    expect(agent.locator("button[value=withdrawal]")).to_be_visible()
    expect(agent.get_by_label("Historia zgód")).to_contain_text("umowa 12/2026")


def send_offer(agent: Page) -> None:
    agent.get_by_role("button", name="Napisz wiadomość").click()
    agent.locator("button.choice", has_text="odpisz STOP").click()
    agent.get_by_role("button", name=re.compile("^Wyślij za")).click()
    expect(agent.get_by_text("Dostarczona").first).to_be_visible(timeout=SLOW)


def answer_stop(demo: DemoProcess, outside: Page, number: str) -> None:
    outside.goto(f"{demo.sandbox_url}/phones/{number}/")
    expect(outside.locator(".bubble").last).to_contain_text("odpisz STOP")
    outside.locator("[name=text]").fill("Stop.")
    outside.locator("form.reply button").click()
    expect(outside.locator(".bubble.own")).to_contain_text("Stop.")


def see_opted_out(agent: Page, client: str) -> None:
    def is_opted_out() -> bool:
        agent.goto(client)
        return agent.locator("button[value=opt-in]").is_visible()

    wait_for(is_opted_out, SLOW / 1000)
    expect(agent.locator("button[value=consent]")).to_be_visible()
    expect(agent.get_by_role("button", name="Napisz wiadomość")).to_have_count(0)
    expect(agent.get_by_label("Historia zgód")).to_contain_text("SMS")


def see_reply(demo: DemoProcess, agent: Page) -> None:
    agent.goto(f"{demo.url}/wiadomosci/")
    agent.get_by_role("link", name="Odebrane").click()
    row = agent.locator("tbody tr").first
    expect(row).to_contain_text("Stop.")
    expect(row.locator(".badge-warn")).to_be_visible()
    expect(row).to_contain_text("odpisz STOP")


def see_left_out(demo: DemoProcess, agent: Page, client: str) -> None:
    pk = client.rstrip("/").rpartition("/")[2]
    agent.goto(f"{demo.url}/klienci/")
    agent.locator("[data-select-found]").check()
    agent.get_by_role("button", name="Napisz do zaznaczonych").click()
    agent.locator("button.choice").first.click()
    agent.locator("a[href*='/pominieci/opted_out/']").click()
    expect(agent.locator(f".rows a[href='/klienci/{pk}/']")).to_be_visible()
    agent.locator(".page-actions a").click()
    expect(agent.get_by_role("button", name=re.compile("^Wyślij za"))).to_be_visible()
