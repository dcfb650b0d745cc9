"""Pictures of the portal, made anew from the demo by bin/screenshots.

The README's: Pulpit, a campaign, payments that wait for a decision, an invoice. And one for each page of help, in both
languages (static/img/help/).
"""

from __future__ import annotations

import re
import tempfile
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import django
import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

# The demo is a process of its own; the tools that drive it know the portal's models.
django.setup()

from billing.tests.statement_files import statement  # noqa: E402
from mps_portal.demo_data import AGENT, PASSWORD, STAFF  # noqa: E402
from mps_portal.tests.demo_people import log_in  # noqa: E402
from mps_portal.tests.demo_process import DemoProcess  # noqa: E402

DOCS = Path(__file__).parent
HELP = DOCS.parent / "static/img/help"
# The pages that help is about, by its topics (mps_portal/help_pages.py).
HELP_PAGES = {
    AGENT: {
        "pierwsze-kroki": "/pulpit/",
        "klienci": "/klienci/",
        "wzory": "/wzory/nowy/",
        "stan-konta": "/stan-konta/doladuj/?sms=300",
    },
    STAFF: {
        "operator-wplaty": "/operator/wplaty/",
        "operator-faktury": "/operator/faktury/1/",
    },
}
# GitHub shows them about this wide; more only makes files larger.
SIZE = {"width": 1200, "height": 860}
MAX_BYTES = 200_000


def main() -> None:
    """Start the demo with its data, look at it as its people do, and keep what they see."""
    with (
        tempfile.TemporaryDirectory() as folder,
        DemoProcess(Path(folder), empty=False) as demo,
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        agent = open_as(AGENT, demo, chromium)
        code = agent.locator("[data-copy]").first.get_attribute("data-copy") or ""
        keep(agent, "pulpit")
        agent.goto(f"{demo.url}/wysylki/")
        # The newest is on its way to the sandbox's phones.
        agent.locator("main table a").nth(1).click()
        agent.locator("h1").wait_for()
        keep(agent, "campaign")
        campaign = {"wysylki": urlsplit(agent.url).path}
        keep_pdf(agent, f"{demo.url}/faktury/1/pdf/")
        staff = open_as(STAFF, demo, chromium)
        import_statement(staff, demo.url, code)
        staff.goto(f"{demo.url}/operator/wplaty/")
        keep(staff, "matching")
        picture_help(agent, demo.url, HELP_PAGES[AGENT] | campaign)
        picture_help(staff, demo.url, HELP_PAGES[STAFF])
        chromium.close()


def picture_help(page: Page, url: str, topics: dict[str, str]) -> None:
    """The page of each topic, in both languages, without what only a demo says."""
    for language in ("pl", "en"):
        page.context.add_cookies([{"name": "django_language", "value": language, "url": url}])
        for topic, address in topics.items():
            page.goto(f"{url}{address}")
            page.wait_for_load_state("networkidle")
            page.locator(".demo-banner").evaluate("banner => banner.remove()")
            write(Image.open(BytesIO(page.screenshot())), HELP / f"{topic}.{language}.png")


def open_as(email: str, demo: DemoProcess, chromium: Browser) -> Page:
    """A Polish browser in which that person is logged in."""
    page = chromium.new_context(viewport=SIZE, locale="pl").new_page()
    log_in(demo, page, email, PASSWORD)
    # Without the greeting that comes once.
    page.reload()
    return page


def import_statement(page: Page, url: str, code: str) -> None:
    """Bring payments of every kind: with the agency's code, with a mistake in it, and without any."""
    mistaken = code[:-1] + ("A" if code[-1] != "A" else "B")
    titles = (f"KOD {code}", f"KOD REJ {mistaken}", "DOLADOWANIE SMS LISTOPAD", "ZA WIADOMOSCI")
    payers = ("ANNA NOWAK", "ANNA NOWAK", "UBEZPIECZENIA NOWAK", "JAN LECKI")
    lines: list[str] = []
    for number, (title, payer) in enumerate(zip(titles, payers, strict=True)):
        lines += [
            f":61:2611201120CN58,00NTRFNONREF//D{number}",
            f":86:020?00PRZELEW?20{title}?31{str(number + 1) * 26}?32{payer}",
        ]
    text = statement(*lines, opening="C261120PLN100,00", closing="C261120PLN332,00")
    page.goto(f"{url}/operator/wyciagi/")
    file = {"name": "wyciag.sta", "mimeType": "text/plain", "buffer": text.encode()}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.locator("main .btn-primary").click()
    page.wait_for_url(re.compile(r"/wyciagi/\d+/$"))


def keep(page: Page, name: str) -> None:
    """What the window shows."""
    page.wait_for_load_state()
    write(Image.open(BytesIO(page.screenshot())), DOCS / f"{name}.png")


def keep_pdf(page: Page, url: str) -> None:
    """The first page of a PDF that only this person may fetch."""
    content = page.request.get(url).body()
    image = pypdfium2.PdfDocument(content)[0].render(scale=1.4).to_pil()
    write(image, DOCS / "invoice.png")


def write(image: Image.Image, path: Path) -> None:
    """As a PNG of few colours, which flat pages do not need more of."""
    path.parent.mkdir(exist_ok=True)
    image.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise RuntimeError(f"{path} has {size} bytes")
    print(f"{path.name}: {size // 1000} kB")


if __name__ == "__main__":
    main()
