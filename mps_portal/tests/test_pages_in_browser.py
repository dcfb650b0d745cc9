"""Every page of the demo in a real browser: nothing breaks, nothing overflows, axe finds nothing serious."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from mps_portal.demo_data import ACCOUNTANT, AGENT, PASSWORD, STAFF
from mps_portal.tests.demo_people import log_in
from mps_portal.tests.demo_process import DemoProcess

pytestmark = pytest.mark.browser

PAGES = {
    "": [
        "/",
        "/rejestracja/",
        "/rejestracja/wyslij-ponownie/",
        "/logowanie/",
        "/haslo/przypomnienie/",
        "/regulamin/",
        "/polityka-prywatnosci/",
        "/powierzenie-danych/",
        "/faktury-elektroniczne/",
        "/oswiadczenie-o-podpisie/",
    ],
    ACCOUNTANT: [
        "/pulpit/",
        "/pulpit/statystyki/?days=90",
        "/szukaj/?q=a",
        "/pomoc/",
        "/stan-konta/",
        "/stan-konta/doladuj/?sms=500",
        "/faktury/",
        "/faktury/?kind=correction",
    ],
    STAFF: [
        "/szukaj/?q=a",
        "/pomoc/",
        "/pulpit/",
        "/operator/wplaty/",
        "/operator/wplaty/nowa/",
        "/operator/wyciagi/",
        "/operator/wplaty/1/cofnij/",
        "/operator/faktury/",
        "/operator/faktury/?q=nikt",
        "/operator/faktury/1/",
        "/operator/zwroty/",
        "/operator/agencje/",
        "/operator/agencje/1/",
        "/operator/agencje/1/wiadomosci/",
        "/operator/cennik/",
        "/operator/podpisy/",
        "/operator/podpisy/4/",
        "/operator/podpisy/?state=authorised",
        "/operator/podpisy/wspolne/",
        "/operator/podpisy/dla-agencji/",
        "/operator/podpisy/zastrzezone/?name=P2U",
        "/operator/zdarzenia/",
        "/ustawienia/osoby/",
        "/ustawienia/drugi-skladnik/",
        "/ustawienia/drugi-skladnik/kody/",
    ],
    AGENT: [
        "/pulpit/",
        "/klienci/",
        "/klienci/1/",
        "/klienci/?ends=30&no_consent=on&sort=name",
        "/klienci/?q=nikt",
        "/klienci/1/zmiana/",
        "/klienci/1/pojazdy/nowy/",
        "/klienci/1/polisy/nowa/",
        "/klienci/pojazdy/1/",
        "/klienci/polisy/1/",
        "/klienci/polisy/1/raty/nowa/",
        "/klienci/raty/1/",
        "/klienci/grupy/",
        "/klienci/grupy/1/",
        "/klienci/nowy/",
        "/klienci/import/",
        "/ustawienia/podpisy/",
        "/ustawienia/podpisy/4/",
        "/ustawienia/podpisy/5/",
        "/ustawienia/podpisy/nowy/",
        "/klienci/rezygnacje/",
        "/klienci/rezygnacje/dodaj/",
        "/klienci/rezygnacje/1/cofnij/",
        "/wzory/",
        "/wzory/nowy/",
        "/wzory/1/",
        "/wysylki/",
        "/wysylki/1/",
        "/wiadomosci/",
        "/wiadomosci/1/",
        "/wiadomosci/odebrane/",
        "/stan-konta/",
        "/stan-konta/doladuj/?amount=x",
        "/ustawienia/agencja/",
        "/ustawienia/tresc-zgody/",
        "/ustawienia/dane/",
        "/ustawienia/zamkniecie/",
        "/haslo/zmiana/",
        "/ustawienia/zdarzenia/",
        "/ustawienia/konto/",
        "/ustawienia/konto/e-mail/",
        "/ustawienia/sesje/",
        "/ustawienia/drugi-skladnik/",
        "/ustawienia/drugi-skladnik/aplikacja/",
        "/ustawienia/drugi-skladnik/klucze/nowy/",
        "/ustawienia/osoby/",
        "/ustawienia/osoby/2/",
    ],
}
LOOKS = [(1440, "light", "pl"), (390, "dark", "en")]


@pytest.mark.parametrize(("width", "theme", "language"), LOOKS)
@pytest.mark.parametrize("email", PAGES, ids=lambda email: email or "nobody")
def test_every_page_is_whole(
    full_demo: DemoProcess, chromium: Browser, email: str, width: int, theme: str, language: str
) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 900})
    chosen = {"theme": theme, "django_language": language}
    context.add_cookies([{"name": k, "value": v, "url": full_demo.url} for k, v in chosen.items()])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: _collect(message, complaints))
    if email:
        log_in(full_demo, page, email, PASSWORD)
    for path in PAGES[email]:
        response = page.goto(full_demo.url + path)
        assert response is not None
        assert response.status == 200, path
        complaints += [f"{path}: {problem}" for problem in _problems(page, width)]
    context.close()
    assert complaints == []


def test_a_phone_has_the_main_action_in_reach_however_far_one_scrolls(
    full_demo: DemoProcess, chromium: Browser
) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 844}, locale="pl")
    log_in(full_demo, page, AGENT, PASSWORD)
    for path, name in (
        ("/pulpit/", "Wybierz klientów i wyślij"),
        ("/wzory/", "Nowy wzór"),
        ("/klienci/1/", "Napisz wiadomość"),
        ("/klienci/1/zmiana/", "Zapisz"),
    ):
        page.goto(full_demo.url + path)
        action = page.locator("main .btn-primary", has_text=name)
        for share in (0, 0.4, 1):
            page.evaluate(f"window.scrollTo(0, document.body.scrollHeight * {share})")
            expect(action).to_be_in_viewport(ratio=1)
            # Nothing lies over it.
            action.click(trial=True)
    # Where so little is seen, as at 400 % zoom, it would cover what is read.
    page.set_viewport_size({"width": 320, "height": 256})
    page.evaluate("window.scrollTo(0, 0)")
    expect(action).not_to_be_in_viewport()
    page.close()


def test_who_served_all_that_never_loaded_the_pdf_renderer(full_demo: DemoProcess) -> None:
    """The workers make PDFs. In a web process WeasyPrint would cost 50 MB and most of a second."""
    serving = [
        process
        for process in Path("/proc").glob("[0-9]*")
        if f"--bind=localhost:{full_demo.port}" in _read(process / "cmdline")
    ]
    assert len(serving) > 1
    assert not [process for process in serving if "libpango" in _read(process / "maps")]


def _read(file: Path) -> str:
    """Empty where the process has ended meanwhile."""
    with suppress(OSError):
        return file.read_text(errors="replace")
    return ""


def _collect(message: ConsoleMessage, complaints: list[str]) -> None:
    if message.type in ("error", "warning"):
        complaints.append(message.text)


def _problems(page: Page, width: int) -> list[str]:
    found = Axe().run(page).response["violations"]
    serious = [
        f"{violation['id']}: {violation['nodes'][0]['html'][:120]}"
        for violation in found
        if violation["impact"] in ("serious", "critical")
    ]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        serious.append("wider than the window")
    return serious
