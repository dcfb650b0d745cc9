"""The README's pictures: Pulpit, a campaign, payments that wait for a decision, an invoice. Run by bin/screenshots."""

from __future__ import annotations

import re
import tempfile
from io import BytesIO
from pathlib import Path

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
# GitHub shows them about this wide; more only makes files larger.
SIZE = {"width": 1200, "height": 760}
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
        agent.locator("main table a").first.click()
        # The sandbox's phones answer within seconds.
        agent.locator("main .badge-good", has_text="dostarczona").first.wait_for(timeout=60_000)
        agent.reload()
        keep(agent, "campaign")
        keep_pdf(agent, f"{demo.url}/faktury/1/pdf/")
        staff = open_as(STAFF, demo, chromium)
        import_statement(staff, demo.url, code)
        staff.goto(f"{demo.url}/operator/wplaty/")
        keep(staff, "matching")
        chromium.close()


def open_as(email: str, demo: DemoProcess, chromium: Browser) -> Page:
    """A Polish browser in which that person is logged in."""
    page = chromium.new_context(viewport=SIZE, locale="pl").new_page()
    log_in(demo, page, email, PASSWORD)
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
    write(Image.open(BytesIO(page.screenshot())), name)


def keep_pdf(page: Page, url: str) -> None:
    """The first page of a PDF that only this person may fetch."""
    content = page.request.get(url).body()
    image = pypdfium2.PdfDocument(content)[0].render(scale=1.4).to_pil()
    write(image, "invoice")


def write(image: Image.Image, name: str) -> None:
    """As a PNG of few colours, which flat pages do not need more of."""
    path = DOCS / f"{name}.png"
    image.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise RuntimeError(f"{path} has {size} bytes")
    print(f"{path.name}: {size // 1000} kB")


if __name__ == "__main__":
    main()
