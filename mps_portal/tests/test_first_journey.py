"""The first journey in a real browser: from registration to a delivered SMS and a paid invoice.

Everything is real but the outside world: bin/run's own portal, worker and sandbox talk HTTP and SMTP.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pypdf
import pytest
from playwright.sync_api import Browser, Page, expect

from mps_portal.demo_data import PASSWORD, STAFF
from mps_portal.tests.demo_people import log_in
from mps_portal.tests.demo_process import DemoProcess

pytestmark = pytest.mark.browser

EMAIL = "jan@nowak.example"
OWN_PASSWORD = "Zielony-Rower-2026"
# Work in the background: rendering, mailing, sending, reports.
SLOW = 30_000  # milliseconds


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoProcess]:
    folder = tmp_path_factory.mktemp("demo")
    database = os.environ.get("DATABASE_URL", "")
    with DemoProcess(folder, database if database.startswith("postgres") else "") as running:
        yield running


@pytest.fixture
def agent(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(accept_downloads=True)
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def staff(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def outside(chromium: Browser) -> Iterator[Page]:
    """Somebody at the sandbox: reads mail, makes transfers, looks at phones."""
    context = chromium.new_context(accept_downloads=True)
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def test_from_registration_to_a_delivered_sms_and_a_paid_invoice(
    demo: DemoProcess, agent: Page, staff: Page, outside: Page
) -> None:
    register(demo, agent)
    code = log_in_with_mailed_password(demo, agent, outside)
    see_how_to_pay(demo, agent, code)
    statement = transfer_and_download_statement(demo, outside, code)
    book_statement(demo, staff, statement)
    receive_invoice(demo, agent, outside)
    bring_in_clients(demo, agent)
    write_template(demo, agent)
    send_campaign(demo, agent)
    see_phones(demo, outside)
    refresh_statuses(demo, agent)


def register(demo: DemoProcess, agent: Page) -> None:
    agent.goto(demo.url)
    agent.get_by_role("link", name="Zarejestruj").first.click()
    agent.get_by_label("Imię i nazwisko").fill("Jan Nowak")
    agent.get_by_label("NIP", exact=True).fill("525-000-00-09")
    agent.get_by_role("button", name="Pobierz dane").click()
    expect(agent.locator("#nip-note")).to_contain_text("Znaleziono: Jan Nowak", timeout=SLOW)
    expect(agent.get_by_role("button", name="Pobierz dane")).to_be_focused()
    expect(agent.get_by_label("Ulica i numer")).to_have_value("Żółta 7/2")
    expect(agent.get_by_label("Kod pocztowy")).to_have_value("45-018")
    expect(agent.get_by_label("Miejscowość")).to_have_value("Opole")
    expect(agent.get_by_label("Imię i nazwisko")).to_have_value("Jan Nowak")
    agent.get_by_label("Nazwa agencji").fill("Ubezpieczenia Łąka")
    agent.locator("[name=email]").fill(EMAIL)
    agent.get_by_label("Telefon biura").fill("601 234 567")
    for document in ("terms", "electronic_invoices", "data_processing"):
        agent.locator(f"[name={document}]").check()
    # Enter registers; it does not only look up.
    agent.get_by_label("Telefon biura").press("Enter")
    expect(agent.get_by_role("heading", name="Sprawdź pocztę")).to_be_visible()
    expect(agent.get_by_text(EMAIL)).to_be_visible()


def log_in_with_mailed_password(demo: DemoProcess, agent: Page, outside: Page) -> str:
    outside.goto(f"{demo.sandbox_url}/mail/")
    letter = outside.locator(".rows a").first
    expect(letter).to_be_visible(timeout=SLOW)
    letter.click()
    text = outside.locator(".plain").inner_text()
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", text)
    password = re.search(r"Hasło jednorazowe: (\w{12})", text)
    assert code is not None
    assert password is not None
    log_in(demo, agent, EMAIL, password[1])
    agent.locator("[name=new_password1]").fill(OWN_PASSWORD)
    agent.locator("[name=new_password2]").fill(OWN_PASSWORD)
    agent.get_by_role("button", name="Zapisz").click()
    expect(agent).to_have_url(f"{demo.url}/pulpit/")
    return code[0]


def see_how_to_pay(demo: DemoProcess, agent: Page, code: str) -> None:
    agent.get_by_role("link", name="Stan konta").first.click()
    expect(agent.locator(".big-figure")).to_have_text("0,00 zł")
    expect(agent.get_by_text("76 1140 2004 0000 3502 4346 5646")).to_be_visible()
    expect(agent.get_by_text(f"KOD {code}")).to_be_visible()
    expect(agent.locator("svg.qr")).to_be_visible()


def transfer_and_download_statement(demo: DemoProcess, outside: Page, code: str) -> bytes:
    outside.goto(f"{demo.sandbox_url}/bank/")
    outside.locator("[name=amount]").fill("100,00")
    outside.locator("[name=title]").fill(f"KOD REJESTRACYJNY {code}")
    outside.locator("[name=name]").fill("Jan Nowak")
    outside.locator("form:has([name=amount]) button[type=submit]").click()
    # The transfer is listed before its statement is downloaded.
    expect(outside.get_by_text(code).first).to_be_visible()
    today = datetime.now(ZoneInfo("Europe/Warsaw")).date()
    with outside.expect_download() as download:
        outside.locator(f"a[href*='{today.isoformat()}.sta']").first.click()
    return download.value.path().read_bytes()


def book_statement(demo: DemoProcess, staff: Page, statement: bytes) -> None:
    log_in(demo, staff, STAFF, PASSWORD)
    staff.get_by_role("link", name="Wyciągi").first.click()
    upload_statement(staff, statement)
    expect(staff.get_by_text("FV/").first).to_be_visible(timeout=SLOW)
    expect(staff.get_by_text("Ubezpieczenia Łąka").first).to_be_visible()
    staff.get_by_role("link", name="Wyciągi").first.click()
    upload_statement(staff, statement)
    expect(staff.get_by_text("już zaimportowan")).to_be_visible(timeout=SLOW)


def upload_statement(staff: Page, statement: bytes) -> None:
    staff.locator("input[type=file]").set_input_files(
        {"name": "wyciag.sta", "mimeType": "text/plain", "buffer": statement}
    )
    staff.get_by_role("button", name="Importuj wyciąg").click()


def receive_invoice(demo: DemoProcess, agent: Page, outside: Page) -> None:
    outside.goto(f"{demo.sandbox_url}/mail/")
    letter = outside.locator(".rows a", has_text="FV/").first
    expect(letter).to_be_visible(timeout=SLOW)
    letter.click()
    expect(outside.get_by_text(re.compile(r"FV-\d{4}-\d{2}-0001\.pdf")).first).to_be_visible()
    agent.goto(f"{demo.url}/faktury/")
    with agent.expect_download() as download:
        agent.get_by_role("link", name=re.compile("PDF")).click()
    text = pypdf.PdfReader(io.BytesIO(download.value.path().read_bytes())).pages[0].extract_text()
    assert "Ubezpieczenia Łąka" in text
    assert "5250000009" in text.replace("-", "")
    assert "sto złotych" in text
    agent.goto(f"{demo.url}/stan-konta/")
    expect(agent.locator(".big-figure")).to_have_text("100,00 zł")


def bring_in_clients(demo: DemoProcess, agent: Page) -> None:
    agent.get_by_role("link", name="Klienci").first.click()
    agent.get_by_role("link", name="Dodaj klienta").first.click()
    agent.locator("[name=last_name]").fill("Testowa")
    agent.locator("[name=first_name]").fill("Ewa")
    agent.locator("[name=phone]").fill("0048 602-345-678")
    agent.locator("[name=registration_number]").fill("op 12345")
    agent.locator("[name=inspection_due]").fill("2027-03-15")
    agent.get_by_role("button", name="Zapisz").click()
    expect(agent.get_by_role("heading", name="Testowa Ewa")).to_be_visible()
    agent.goto(f"{demo.url}/klienci/import/")
    with agent.expect_download() as download:
        agent.locator("a[download]").click()
    agent.locator("input[type=file]").set_input_files(download.value.path())
    agent.get_by_role("button", name="Wczytaj plik").click()
    agent.get_by_role("button", name="Sprawdź wiersze").click(timeout=SLOW)
    agent.get_by_role("button", name="Importuj 200 wierszy").click(timeout=SLOW)
    expect(agent.locator("dl.details dd").first).to_have_text("200", timeout=SLOW)


def write_template(demo: DemoProcess, agent: Page) -> None:
    agent.get_by_role("link", name="Wzory SMS").first.click()
    agent.get_by_role("link", name="Nowy wzór").first.click()
    body = agent.locator("[name=body]")
    body.fill("Dzień dobry, badanie pojazdu ")
    expect(agent.locator("[data-forbidden-chips]")).to_have_text("ń → n")
    agent.get_by_role("button", name="Zapisz").click()
    expect(agent.locator(".invalid-feedback, .alert-danger").first).to_contain_text("ń → n")
    agent.get_by_role("button", name="Zamień wszystkie").click()
    expect(body).to_have_value("Dzien dobry, badanie pojazdu ")
    body.press("End")
    agent.get_by_role("button", name="numer rejestracyjny").click()
    body.press_sequentially(" mija ")
    agent.get_by_role("button", name="data badania").click()
    expect(body).to_have_value("Dzien dobry, badanie pojazdu {nr_rej} mija {data_badania}")
    expect(agent.locator(".phone-bubble")).to_contain_text("Dzien dobry, badanie pojazdu")
    expect(agent.locator(".preview-facts strong")).to_have_text("1 część, 0,29 zł")
    agent.get_by_role("button", name="Zapisz").click()
    expect(agent.locator(".rows")).to_contain_text("Dzien dobry, badanie pojazdu {nr_rej} mija")


def send_campaign(demo: DemoProcess, agent: Page) -> None:
    agent.get_by_role("link", name="Klienci").first.click()
    agent.locator("#q").fill("ewa")
    expect(agent.locator("[data-select-row]")).not_to_have_count(50)
    agent.locator("#q").fill("")
    expect(agent.locator("[data-select-row]")).to_have_count(50)
    boxes = agent.locator("[data-select-row]")
    boxes.nth(0).check()
    boxes.nth(4).click(modifiers=["Shift"])
    expect(agent.locator("[data-select-count]")).to_have_text("5")
    agent.get_by_role("button", name="Napisz do zaznaczonych").click()
    agent.locator("button.choice").last.click()
    expect(agent.locator(".cost")).to_have_text("1,45 zł")
    # A double click pays and sends once.
    agent.get_by_role("button", name="Wyślij za").dblclick()
    expect(agent.locator("#campaign-progress")).to_contain_text("5 wiadomości")
    expect(agent.locator("#campaign-progress .counts")).to_have_text(
        re.compile(r"^\s*dostarczona\s*5\s*$"), timeout=SLOW
    )
    agent.goto(f"{demo.url}/stan-konta/")
    expect(agent.locator(".big-figure")).to_have_text("98,55 zł")


def see_phones(demo: DemoProcess, outside: Page) -> None:
    messages = outside.request.get(f"{demo.sandbox_url}/phones.json").json()
    assert len(messages) == 5
    assert len({message["number"] for message in messages}) == 5
    assert all(message["text"].startswith("Dzien dobry, badanie pojazdu") for message in messages)
    outside.goto(f"{demo.sandbox_url}/phones/")
    expect(outside.get_by_text("Bramka SMS").first).to_be_visible()


def refresh_statuses(demo: DemoProcess, agent: Page) -> None:
    agent.get_by_role("link", name="Wiadomości").first.click()
    agent.locator("[data-select-row]").first.check()
    agent.get_by_role("button", name="Odśwież status").click()
    # All are final by now, which needs no question.
    expect(agent.get_by_text("Nie ma o co pytać")).to_be_visible()
