"""The journey of an agency's people in a real browser: in, safe, together, out.

Registration with the look-up by NIP, the password out of the mailbox, an authenticator app, a lost telephone, an
invited employee with a limit, and the removal of that employee, with the mistakes that people make on the way.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from mps_portal.tests.demo_people import log_in
from mps_portal.tests.demo_process import DemoProcess

pytestmark = pytest.mark.browser

EMAIL = "ewa@laczna.example"
COLLEAGUE = "piotr@laczna.example"
PASSWORD = "Zielony-Rower-2026"
# Mail goes through the worker.
SLOW = 30_000  # milliseconds


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoProcess]:
    with DemoProcess(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture
def people(chromium: Browser) -> Iterator[list[Page]]:
    """The owner, the colleague, and somebody at the sandbox's mailbox; each with a browser of their own."""
    contexts = [chromium.new_context() for _person in range(3)]
    for context in contexts:
        context.set_default_timeout(20_000)
    yield [context.new_page() for context in contexts]
    for context in contexts:
        context.close()


def test_from_registration_to_the_removal_of_a_colleague(
    demo: DemoProcess, people: list[Page]
) -> None:
    owner, colleague, mailbox = people
    register(demo, owner)
    choose_own_password(demo, owner, mailbox)
    secret, recovery_code = set_up_authenticator(demo, owner)
    log_in_with_code(demo, owner, secret)
    log_in_with_recovery_code(demo, owner, recovery_code)
    invite(demo, owner)
    link = mailed(demo, mailbox, "Zaproszenie", r"http://localhost:\d+(/zaproszenie/\S+)")
    join(demo, colleague, link)
    limit(demo, owner)
    remove(demo, owner, colleague, link)


def register(demo: DemoProcess, owner: Page) -> None:
    owner.goto(f"{demo.url}/rejestracja/")
    nip = owner.get_by_label("NIP", exact=True)
    nip.fill("899-000-04-05")
    owner.get_by_role("button", name="Pobierz dane").click()
    expect(owner.get_by_text("To nie jest poprawny NIP")).to_be_visible()
    nip.fill("899-000-04-04")
    owner.get_by_role("button", name="Pobierz dane").click()
    expect(owner.locator("#nip-note")).to_contain_text("Znaleziono", timeout=SLOW)
    expect(owner.get_by_label("Kod pocztowy")).to_have_value("49-130")
    owner.get_by_label("Imię i nazwisko").fill("Ewa Łączna")
    owner.locator("[name=email]").fill(EMAIL)
    owner.get_by_label("Telefon biura").fill("601 234 567")
    for document in ("terms", "electronic_invoices", "data_processing"):
        owner.locator(f"[name={document}]").check()
    owner.locator("main .btn-primary").click()
    expect(owner.get_by_role("heading", name="Sprawdź pocztę")).to_be_visible()


def choose_own_password(demo: DemoProcess, owner: Page, mailbox: Page) -> None:
    one_time = mailed(demo, mailbox, "hasło", r"Hasło jednorazowe: (\w{12})")
    log_in(demo, owner, EMAIL, one_time)
    owner.locator("[name=new_password1]").fill(PASSWORD)
    owner.locator("[name=new_password2]").fill(PASSWORD)
    owner.get_by_role("button", name="Zapisz").click()
    expect(owner).to_have_url(f"{demo.url}/pulpit/")
    # The mailed one is spent: nobody else who reads the mail gets in.
    owner.context.clear_cookies()
    log_in(demo, owner, EMAIL, one_time)
    expect(owner.get_by_text("jest niepoprawne")).to_be_visible()
    log_in(demo, owner, EMAIL, PASSWORD)
    expect(owner).to_have_url(f"{demo.url}/pulpit/")


def set_up_authenticator(demo: DemoProcess, owner: Page) -> tuple[str, str]:
    owner.goto(f"{demo.url}/ustawienia/drugi-skladnik/")
    owner.get_by_role("link", name="Ustaw aplikację").click()
    expect(owner.locator("svg.qr")).to_be_visible()
    secret = owner.locator("[data-copy]").get_attribute("data-copy") or ""
    owner.locator("[name=code]").fill("000000")
    owner.locator("main .btn-primary").click()
    expect(owner.get_by_text("Kod jest niepoprawny")).to_be_visible()
    give_next_code(owner, secret)
    expect(owner).to_have_url(f"{demo.url}/ustawienia/drugi-skladnik/kody/")
    return secret, owner.locator(".codes li").first.inner_text()


def give_next_code(page: Page, secret: str) -> None:
    """The app's next code, so that the one it shows now is still good for the login that follows."""
    page.locator("[name=code]").fill(pyotp.TOTP(secret).at(int(time.time()) + 30))
    page.locator("main .btn-primary").click()
    page.wait_for_load_state()


def log_in_with_code(demo: DemoProcess, owner: Page, secret: str) -> None:
    owner.context.clear_cookies()
    log_in_up_to_the_code(demo, owner)
    owner.locator("[name=code]").fill("123")
    owner.locator("main .btn-primary").first.click()
    expect(owner.get_by_text("Kod jest niepoprawny")).to_be_visible()
    owner.locator("[name=code]").fill(pyotp.TOTP(secret).now())
    owner.locator("main .btn-primary").first.click()
    expect(owner).to_have_url(f"{demo.url}/pulpit/")


def log_in_with_recovery_code(demo: DemoProcess, owner: Page, recovery_code: str) -> None:
    owner.context.clear_cookies()
    log_in_up_to_the_code(demo, owner)
    owner.locator("[name=code]").fill(recovery_code)
    owner.locator("main .btn-primary").first.click()
    expect(owner).to_have_url(f"{demo.url}/pulpit/")
    owner.goto(f"{demo.url}/ustawienia/drugi-skladnik/")
    expect(owner.get_by_text("9 niewykorzystanych kodów")).to_be_visible()


def log_in_up_to_the_code(demo: DemoProcess, owner: Page) -> None:
    owner.goto(f"{demo.url}/logowanie/")
    owner.locator("input[name=login]").fill(EMAIL)
    owner.locator("input[name=password]").fill(PASSWORD)
    owner.locator("main .btn-primary").click()
    expect(owner).to_have_url(f"{demo.url}/logowanie/kod/")


def invite(demo: DemoProcess, owner: Page) -> None:
    owner.goto(f"{demo.url}/ustawienia/osoby/")
    owner.locator("[name=email]").fill(COLLEAGUE)
    owner.get_by_label("Pracownik").check()
    owner.get_by_role("button", name="Wyślij zaproszenie").click()
    expect(owner.get_by_text(f"Wysłaliśmy zaproszenie na adres {COLLEAGUE}")).to_be_visible()
    owner.locator("[name=email]").fill(COLLEAGUE)
    owner.get_by_role("button", name="Wyślij zaproszenie").click()
    expect(owner.get_by_text("Ta osoba jest już na liście")).to_be_visible()


def join(demo: DemoProcess, colleague: Page, link: str) -> None:
    colleague.goto(demo.url + link)
    expect(colleague.get_by_text("Ewa Łączna zaprasza Cię")).to_be_visible()
    colleague.locator("[name=full_name]").fill("Piotr Zaradny")
    colleague.locator("[name=password1]").fill(PASSWORD)
    colleague.locator("[name=password2]").fill("inne-haslo-1")
    colleague.locator("main .btn-primary").click()
    expect(colleague.locator(".invalid-feedback").first).to_be_visible()
    colleague.locator("[name=password1]").fill(PASSWORD)
    colleague.locator("[name=password2]").fill(PASSWORD)
    colleague.locator("main .btn-primary").click()
    expect(colleague).to_have_url(f"{demo.url}/pulpit/")
    expect(colleague.get_by_role("link", name="Klienci").first).to_be_visible()


def limit(demo: DemoProcess, owner: Page) -> None:
    owner.goto(f"{demo.url}/ustawienia/osoby/")
    owner.get_by_role("link", name="Piotr Zaradny").click()
    owner.locator("[name=limit_kind]").select_option("parts")
    owner.locator("[name=limit]").fill("100")
    owner.get_by_role("button", name="Zapisz").click()
    expect(owner.get_by_text("do 100 SMS-ów miesięcznie")).to_be_visible()


def remove(demo: DemoProcess, owner: Page, colleague: Page, link: str) -> None:
    owner.get_by_role("link", name="Piotr Zaradny").click()
    owner.get_by_role("button", name="Usuń").click()
    owner.get_by_role("dialog").get_by_role("button", name="Tak").click()
    expect(owner.get_by_text("Piotr Zaradny nie może się już zalogować")).to_be_visible()
    colleague.goto(f"{demo.url}/klienci/")
    expect(colleague).to_have_url(re.compile("/logowanie/"))
    log_in(demo, colleague, COLLEAGUE, PASSWORD)
    expect(colleague.get_by_text("jest niepoprawne")).to_be_visible()
    colleague.goto(demo.url + link)
    expect(colleague.get_by_role("heading", name="Ten link już nie działa")).to_be_visible()
    owner.goto(f"{demo.url}/ustawienia/zdarzenia/")
    for event in ("Usunięto osobę", "Użyto kodu zapasowego", "Zaproszono osobę"):
        expect(owner.get_by_role("cell", name=event).first).to_be_visible()


def mailed(demo: DemoProcess, mailbox: Page, subject: str, pattern: str) -> str:
    """What the pattern finds in the newest mail with the subject."""
    mailbox.goto(f"{demo.sandbox_url}/mail/")
    letter = mailbox.locator(".rows a", has_text=re.compile(subject, re.IGNORECASE)).first
    expect(letter).to_be_visible(timeout=SLOW)
    letter.click()
    found = re.search(pattern, mailbox.locator(".plain").inner_text())
    assert found is not None
    return found[1]
