from __future__ import annotations

import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.utils import translation
from pypdf import PdfReader

from billing.pdf import _OnlyFonts, render_invoice
from billing.tests.invoices import unsaved_invoice


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
