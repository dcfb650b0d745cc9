"""Writing a template in a real browser: Insert, marks, replacements, paste, the client, the book, what is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from mps_portal.demo_data import AGENT, PASSWORD
from mps_portal.tests.demo_people import log_in
from mps_portal.tests.demo_process import DemoProcess

pytestmark = pytest.mark.browser

POLISH = "Dzień dobry, {imie}. Kończy się badanie."
# Letters, wrapped lines, empty lines, a word longer than the field: whatever could put the marks out of step.
LONG = f"{'Zażółć gęślą jaźń, ' * 12}\n\n\n{'ąbc' * 60}\n" + "koniec – ł\n" * 8

# How the copy behind the field lies to the field itself.
STEP = """() => {
  const field = document.querySelector("#id_body");
  const copy = document.querySelector(".marked-text-copy");
  const box = (one) => ["clientWidth", "clientHeight", "scrollHeight", "scrollTop"].map((name) => one[name]);
  return [box(field), box(copy)];
}"""
PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const paste = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  document.querySelector("#id_body").dispatchEvent(paste);
}"""


@pytest.fixture(params=[1440, 390])
def page(
    request: pytest.FixtureRequest, full_demo: DemoProcess, chromium: Browser
) -> Iterator[Page]:
    """The demo's agent before a new template of an inspection, in Polish, wide and narrow."""
    context = chromium.new_context(viewport={"width": request.param, "height": 900})
    context.set_default_timeout(20_000)
    page = context.new_page()
    log_in(full_demo, page, AGENT, PASSWORD)
    page.goto(f"{full_demo.url}/wzory/nowy/")
    yield page
    context.close()


def body(page: Page) -> str:
    return page.locator("#id_body").input_value()


def test_a_field_is_put_at_the_cursor_and_undo_takes_it_back(page: Page) -> None:
    page.locator("#id_body").fill("Witaj ! Do zobaczenia")
    page.evaluate("document.querySelector('#id_body').setSelectionRange(6, 6)")
    page.locator("[data-insert=imie]").click()
    assert body(page) == "Witaj {imie}! Do zobaczenia"
    page.keyboard.press("Control+z")
    assert body(page) == "Witaj ! Do zobaczenia"


def test_who_writes_before_the_script_has_come_writes_on(page: Page) -> None:
    late: list[Route] = []
    page.route("**/template_editor*.js", lambda route: late.append(route))
    page.reload(wait_until="commit")
    field = page.locator("#id_body")
    field.press("Control+a")
    field.press_sequentially("Dzień")
    late[0].continue_()
    expect(page.locator(".marked-text-copy")).to_be_attached()
    page.keyboard.type(" dobry, ")
    page.locator("[data-insert=imie]").click()
    assert body(page) == "Dzień dobry, {imie}"
    expect(page.locator(".marked-text-copy mark")).to_have_text(["ń"])


def test_letters_are_marked_and_replaced_one_by_one(page: Page) -> None:
    page.locator("#id_body").fill(POLISH)
    expect(page.locator(".marked-text-copy mark")).to_have_text(["ń", "ń", "ę"])
    page.get_by_role("button", name="ń → n (2)").click()
    expect(page.locator(".marked-text-copy mark")).to_have_text(["ę"])
    assert body(page) == "Dzien dobry, {imie}. Konczy się badanie."
    page.keyboard.press("Control+z")
    assert body(page) == POLISH


def test_all_letters_are_replaced_at_once_and_an_emoji_waits_for_its_own_button(
    page: Page,
) -> None:
    page.locator("#id_body").fill(f"{POLISH} 😀")
    page.locator("[data-replace-all]").click()
    assert body(page) == "Dzien dobry, {imie}. Konczy sie badanie. 😀"
    page.locator("[data-character='😀']").click()
    assert body(page) == "Dzien dobry, {imie}. Konczy sie badanie. "
    expect(page.locator("[data-forbidden]")).to_be_hidden()
    expect(page.locator(".marked-text-copy mark")).to_have_count(0)


def test_the_marks_keep_in_step_with_the_text(page: Page) -> None:
    page.locator("#id_body").fill(LONG)
    field, copy = page.evaluate(STEP)
    assert field == copy
    page.evaluate("document.querySelector('#id_body').scrollTop = 60")
    # Not by wait_for_function, which the Content-Security-Policy forbids if it must look twice.
    expect(page.locator(".marked-text-copy")).to_have_js_property("scrollTop", 60)
    field, copy = page.evaluate(STEP)
    assert field == copy


def test_pasted_typography_is_replaced_at_once_and_told(page: Page) -> None:
    page.locator("#id_body").fill("Start ")
    page.evaluate(PASTE, "„Polisa” – do\u00a0piątku –")
    assert body(page) == 'Start "Polisa" - do piątku -'
    notice = page.locator("[data-tidied]")
    expect(notice).to_contain_text(
        '„ na " (1), ” na " (1), – na - (2), spację specjalną na zwykłą (1)'
    )
    expect(page.locator(".marked-text-copy mark")).to_have_text(["ą"])


def test_the_phone_shows_the_chosen_client_while_one_goes_on_writing(page: Page) -> None:
    page.locator("#client-search").press_sequentially("kow", delay=30)
    page.locator("[data-choose-client]").first.wait_for()
    page.keyboard.press("ArrowDown")
    name = page.locator("[data-choose-client]").first.get_attribute("data-name") or ""
    page.keyboard.press("Enter")
    expect(page.locator("[data-chosen-name]")).to_have_text(name)
    expect(page.locator(".preview-facts")).to_contain_text(name)
    page.locator("#id_body").fill("Witaj {imie} {nazwisko}")
    first = name.split()[-1][0]
    expect(page.locator(".phone-bubble")).to_have_text(re.compile(rf"^Witaj {first}"))
    expect(page.locator(".preview-facts")).to_contain_text(name)


def test_the_numbers_of_the_book_follow_the_text(page: Page) -> None:
    page.locator("#id_type").select_option("own")
    page.locator("#id_body").fill("Witaj!")
    numbers = page.locator("#book-counts")
    # Not yet those of the type before.
    expect(numbers).to_contain_text("wszyscy klienci")
    expect(numbers).to_contain_text(" × 1 część")
    # However many clients the tests before have left in the book.
    (number,) = re.findall(r"(\d+) × 1 część", numbers.inner_text())
    page.locator("#id_body").fill("a" * 161)
    expect(numbers).to_contain_text(f"{number} × 2 części")
    page.locator("#id_category_1").check()
    expect(numbers).to_contain_text("bez zgody na marketing")


def test_polish_letters_are_refused_and_nothing_is_lost(page: Page) -> None:
    page.locator("#id_name").fill("Moja nazwa")
    page.locator("#id_body").fill(POLISH)
    page.locator("#client-search").press_sequentially("kow", delay=30)
    page.locator("[data-choose-client]").first.click()
    chosen = page.locator("[data-chosen-name]").inner_text()
    page.get_by_role("button", name="Zapisz").click()
    refusal = page.locator("#error_1_id_body")
    expect(refusal).to_be_visible()
    expect(refusal).to_contain_text("ń → n, ę → e")
    assert body(page) == POLISH
    assert page.locator("#id_name").input_value() == "Moja nazwa"
    expect(page.locator("[data-chosen-name]")).to_have_text(chosen)
    expect(page.locator(".marked-text-copy mark")).to_have_count(3)


def test_a_type_of_wishes_is_marketing(page: Page) -> None:
    page.locator("#id_type").select_option("birthday")
    expect(page.locator("#id_category_0")).to_be_disabled()
    expect(page.locator("#id_category_1")).to_be_checked()
    expect(page.locator("#id_is_contractual")).to_be_hidden()
    page.locator("#id_type").select_option("inspection")
    expect(page.locator("#id_category_0")).to_be_checked()


def test_the_price_of_a_test_is_told_before_and_can_be_declined(page: Page) -> None:
    page.locator("#id_body").fill("a" * 161)
    page.get_by_role("button", name="Wyślij próbny SMS za 0,58 zł").click()
    dialog = page.locator("#confirm-dialog")
    expect(dialog).to_contain_text("0,58 zł")
    dialog.get_by_role("button", name="Anuluj").click()
    expect(page.locator("#test-result")).to_be_empty()
