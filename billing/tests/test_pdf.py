from __future__ import annotations

import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation
from pypdf import PdfReader
from pytest_django import Settings

from accounts.models import Agency, User
from billing import corrections, pdf
from billing.pdf import _OnlyFonts, render_invoice
from billing.tests.invoices import unsaved_invoice
from billing.tests.payments import pay


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def words(content: bytes) -> str:
    """The whole text with single blanks: where lines break is not the point."""
    return " ".join(" ".join(page.extract_text() for page in read(content).pages).split())


@pytest.fixture(scope="module")
def text() -> str:
    return words(render_invoice(unsaved_invoice()))


@pytest.mark.parametrize(
    "expected",
    [
        "Faktura VAT nr FV/2026/11/0001",
        "Data wystawienia 22.11.2026",
        "Data otrzymania zapłaty 20.11.2026",
        "m6 Soft Plus ul. Chabrów 35/1 45-221 Opole NIP 9999999999",
        "Rachunek 76 1140 2004 0000 3502 4346 5646",
        "Ubezpieczenia Zażółć Gęślą Jaźń ul. Świętej Jadwigi 12/4 50-001 Wrocław NIP 1111111111",
        "Kod rejestracyjny 7K3M-9QW3",
        "Doładowanie konta usługi wysyłania wiadomości SMS (MPS)",
        "usł. 1 100,00 81,30 23% 18,70 100,00",
        "Razem 81,30 18,70 100,00",
        "Do zapłaty: 0,00 zł",
        "Zapłacono: 100,00 zł, przelew, data zapłaty 20.11.2026",
        "Słownie: sto złotych 00/100",
        "Faktura wystawiona elektronicznie, nie wymaga podpisu (art. 106e ustawy o VAT)",
        "Strona 1 z 1",
    ],
)
def test_the_document_says_what_the_law_and_the_customer_want(text: str, expected: str) -> None:
    assert expected in text


def test_the_law_that_was_replaced_in_2014_is_not_cited(text: str) -> None:
    assert "27.04.2004" not in text
    assert "rozporządz" not in text.lower()


def test_a_buyer_without_nip_is_called_a_natural_person() -> None:
    text = words(render_invoice(unsaved_invoice(buyer_nip="")))
    assert "osoba fizyczna Kod rejestracyjny 7K3M-9QW3" in text
    assert text.count("NIP") == 1


def test_large_amounts_are_grouped_and_spelt() -> None:
    text = words(render_invoice(unsaved_invoice(10_000_000)))
    assert "100 000,00 81 300,81 23% 18 699,19 100 000,00" in text
    assert "Słownie: sto tysięcy złotych 00/100" in text


def test_the_longest_names_stay_on_one_page_and_whole() -> None:
    name = "Świętosława Brzęczyszczykiewicz i Wspólnicy " * 4 + "Spółka komandytowa"
    content = render_invoice(
        unsaved_invoice(buyer_name=name, buyer_street=name, buyer_city="Ó" * 100)
    )
    assert len(read(content).pages) == 1
    assert words(content).count(name) == 2
    assert words(content).replace(" ", "").count("Ó" * 100) == 1


@pytest.mark.parametrize(("num_rows", "num_pages"), [(0, 1), (14, 2), (22, 3)])
def test_what_does_not_fit_goes_on_with_numbered_pages(
    num_rows: int, num_pages: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A payment is one row; what a page of many would look like is the style sheet's matter."""
    html = pdf.html_of(unsaved_invoice())
    head, row, tail = html.partition("<tbody>")[0], *_first_row(html)
    longer = f"{head}<tbody>{row * (num_rows + 1)}{tail}"
    monkeypatch.setattr(pdf, "html_of", lambda *_args: longer)
    pages = [page.extract_text() for page in read(render_invoice(unsaved_invoice())).pages]
    assert len(pages) == num_pages
    for number, page in enumerate(pages, start=1):
        assert f"Strona {number} z {num_pages}" in " ".join(page.split())
    whole = " ".join(" ".join(pages).split())
    assert whole.count("Doładowanie konta usługi") == num_rows + 1
    for page in (page for page in pages if "usł." in page):
        # The names of the columns stand above each page's rows, none of which is torn.
        assert "Nazwa usługi" in page
        assert page.count("usł.") == page.count("Doładowanie")
    assert whole.count("Słownie:") == 1


def _first_row(html: str) -> tuple[str, str]:
    row, end, tail = html.partition("<tbody>")[2].partition("</tr>")
    return row + end, tail


def test_the_document_is_polish_whatever_language_is_active() -> None:
    with translation.override("en"):
        text = words(render_invoice(unsaved_invoice()))
    assert "Słownie: sto złotych 00/100" in text


def test_what_a_buyer_called_itself_is_text_and_nothing_else() -> None:
    name = '<img src="file:///etc/hostname"> & Syn'
    content = render_invoice(unsaved_invoice(buyer_name=name))
    assert name in words(content)


def test_the_same_invoice_gives_the_same_bytes() -> None:
    first, second = render_invoice(unsaved_invoice()), render_invoice(unsaved_invoice())
    assert first == second
    assert first != render_invoice(unsaved_invoice(number="FV/2026/11/0002"))


def test_the_file_is_archivable_tagged_and_knows_its_title() -> None:
    pdf = read(render_invoice(unsaved_invoice()))
    metadata = pdf.xmp_metadata
    assert pdf.metadata is not None
    assert metadata is not None
    assert (pdf.metadata.title, pdf.metadata.author) == (
        "Faktura VAT nr FV/2026/11/0001",
        "m6 Soft Plus",
    )
    assert str(pdf.metadata.creation_date).startswith("2026-11-22")
    assert pdf.trailer["/Root"]["/Lang"] == "pl"
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert (metadata.pdfaid_part, metadata.pdfaid_conformance) == ("3", "A")


def test_only_lato_is_used_and_it_is_embedded() -> None:
    fonts = read(render_invoice(unsaved_invoice())).pages[0]["/Resources"]["/Font"]
    descendants = [font.get_object()["/DescendantFonts"][0] for font in fonts.values()]
    names = {font["/BaseFont"].partition("+")[2] for font in descendants}
    assert names == {"Lato", "Lato-Bold"}
    assert all("/FontFile2" in font["/FontDescriptor"] for font in descendants)


@pytest.mark.parametrize(
    "address",
    ["https://example.com/a.png", "file:///etc/hostname", "lato:../OFL.txt", "data:,a"],
)
def test_nothing_but_the_fonts_is_fetched(address: str) -> None:
    with pytest.raises(ValueError, match="loads nothing"):
        _OnlyFonts().fetch(address)


def test_threads_take_turns() -> None:
    """Two threads on one font configuration abort the whole process."""
    with ThreadPoolExecutor(4) as threads:
        documents = list(threads.map(lambda _: render_invoice(unsaved_invoice()), range(12)))
    assert len(set(documents)) == 1


def test_web_processes_do_not_load_weasyprint() -> None:
    program = (
        "import sys, django; django.setup()\n"
        "import billing.tasks, billing.urls, billing.invoice_delivery\n"
        "assert 'weasyprint' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_duplicate_has_the_word_and_the_day() -> None:
    invoice = unsaved_invoice()
    duplicate = render_invoice(invoice, duplicate_on=date(2026, 12, 1))
    assert "DUPLIKAT z dnia 01.12.2026" in words(duplicate)
    assert duplicate == render_invoice(invoice, duplicate_on=date(2026, 12, 1))
    assert "DUPLIKAT" not in words(render_invoice(invoice))


def test_an_exempt_seller_issues_no_vat_invoice() -> None:
    basis = "art. 113 ust. 1 ustawy o VAT"
    exempt = {"vat_rate": 0, "net": 10000, "vat": 0, "exemption": basis}
    text = words(render_invoice(unsaved_invoice(**exempt)))
    assert "Faktura nr FV/2026/11/0001" in text
    assert f"Podstawa zwolnienia z VAT: {basis}" in text
    assert "zw. 100,00 0,00 100,00" in text


def test_an_advance_invoice_says_so() -> None:
    text = words(render_invoice(unsaved_invoice(kind="advance", number="FZ/2026/11/0001")))
    assert "Faktura zaliczkowa nr FZ/2026/11/0001" in text


def test_the_sellers_own_logo_stands_in_the_head(settings: Settings, tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">'
        '<rect width="40" height="20" fill="#00f"/></svg>'
    )
    plain = words(render_invoice(unsaved_invoice()))
    settings.SELLER_LOGO = str(logo)
    own = render_invoice(unsaved_invoice())
    assert "Moduł Powiadamiania SMS" in plain
    assert "Moduł Powiadamiania SMS" not in words(own)
    assert own == render_invoice(unsaved_invoice())


@pytest.mark.django_db
def test_a_correction_tells_before_after_and_the_difference(
    agency: Agency, billing_clerk: User
) -> None:
    invoice = pay(agency, 10000).invoice
    correction = corrections.correct_to_zero(invoice, by=billing_clerk, reason="Pomyłka w banku")
    text = words(render_invoice(correction))
    assert f"Faktura korygująca nr {correction.number}" in text
    assert f"nr {invoice.number} z dnia {invoice.issued_on:%d.%m.%Y}" in text
    assert "Przyczyna korekty: Pomyłka w banku" in text
    assert "Przed korektą 1 usł. 23% 81,30 18,70 100,00" in text
    assert "Po korekcie 1 usł. 23% 0,00 0,00 0,00" in text
    assert "Różnica 23% -81,30 -18,70 -100,00" in text
    assert "minus sto złotych 00/100" in text


@pytest.mark.django_db
def test_a_corrected_buyer_stands_before_and_after(agency: Agency, billing_clerk: User) -> None:
    invoice = pay(agency, 10000).invoice
    Agency.objects.filter(pk=agency.pk).update(street="ul. Nowa 1")
    invoice.agency.refresh_from_db()
    correction = corrections.correct_buyer(invoice, by=billing_clerk, reason="Przeprowadzka")
    before, _, after = words(render_invoice(correction)).partition("NABYWCA PO KOREKCIE")
    assert "ul. Świętej Jadwigi 12/4" in before
    assert "ul. Nowa 1" in after
    assert len(read(render_invoice(correction)).pages) == 1
