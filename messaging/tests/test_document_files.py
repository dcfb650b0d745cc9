"""Documents are known by their content: what pretends to be one is refused."""

from __future__ import annotations

import io
import zipfile

import pytest
import weasyprint
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from messaging.document_files import MAX_BYTES, DocumentRefused, read_document
from messaging.tests.sender_cases import JPEG, PDF, PNG, png_chunk


def picture(kind: str, mode: str = "RGB", **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((120, 80), 60).convert(mode).save(buffer, kind, **options)
    return buffer.getvalue()


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("evil.js", "alert(1)")
    return buffer.getvalue()


def refusal(data: bytes) -> str:
    with pytest.raises(DocumentRefused) as caught:
        read_document(data)
    assert str(caught.value.message)
    return caught.value.code


@pytest.mark.parametrize(
    ("data", "content_type", "ending"),
    [(PDF, "application/pdf", "pdf"), (PNG, "image/png", "png"), (JPEG, "image/jpeg", "jpg")],
)
def test_a_document_is_known_by_what_it_holds(data: bytes, content_type: str, ending: str) -> None:
    document = read_document(data)
    assert (document.content_type, document.ending) == (content_type, ending)
    assert document.content == data


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(picture("JPEG"), id="jpeg"),
        pytest.param(picture("JPEG", progressive=True, quality=95), id="progressive jpeg"),
        pytest.param(picture("JPEG", "L", optimize=True), id="grey jpeg"),
        pytest.param(picture("JPEG", "CMYK", comment=b"scan"), id="cmyk jpeg"),
        pytest.param(picture("PNG"), id="png"),
        pytest.param(picture("PNG", "RGBA", compress_level=9), id="png with alpha"),
        pytest.param(picture("PDF"), id="scan as pdf"),
        pytest.param(weasyprint.HTML(string="<p>KRS</p>").write_pdf(), id="text as pdf"),
        pytest.param(
            weasyprint.HTML(string="<p>KRS</p>").write_pdf(pdf_version="1.7"), id="pdf 1.7"
        ),
    ],
)
def test_what_programs_really_write_passes_whole(data: bytes) -> None:
    assert read_document(data).content == data


def test_white_space_after_a_pdf_is_no_harm() -> None:
    assert read_document(PDF + b"\r\n\0\0").content_type == "application/pdf"


# --- disguises ------------------------------------------------------------------------------------

HTML = b"<html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"MZ\x90\x00\x03" + b"\0" * 200, id="program"),
        pytest.param(HTML, id="page"),
        pytest.param(HTML + PDF, id="page with a PDF in it"),
        pytest.param(b"\n" + PDF, id="PDF that does not begin at once"),
        pytest.param(SVG, id="svg"),
        pytest.param(b"GIF89a" + PDF, id="gif"),
        pytest.param(b"GIF89a/*" + JPEG + b"*/=1;", id="gif with a picture in it"),
        pytest.param(archive(), id="archive"),
        pytest.param(b"\xd0\xcf\x11\xe0" + b"\0" * 200, id="old Word document"),
        pytest.param(b"RIFF\0\0\0\0WEBPVP8 ", id="webp"),
        pytest.param("Zaświadczenie".encode("utf-16"), id="text"),
        pytest.param(b"%PDF-", id="half a signature"),
        pytest.param(b"%!PS-Adobe-3.0", id="postscript"),
    ],
)
def test_what_is_no_document_is_refused_whatever_its_name(data: bytes) -> None:
    assert refusal(data) == "type"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"%PDF-1.7\n" + HTML, id="page that begins as a PDF"),
        pytest.param(b"%PDF-1.7\n" + HTML + b"\n%%EOF", id="page that ends as one too"),
        pytest.param(
            b"%PDF-1.7\n" + HTML + b"\nstartxref\n9\n%%EOF", id="page with a false reference"
        ),
        pytest.param(b"%PDF-1.7\n" + HTML + b"\nstartxref\n99999\n%%EOF", id="reference outside"),
        pytest.param(PDF + archive(), id="PDF with an archive behind it"),
        pytest.param(PDF + HTML, id="PDF with a page behind it"),
        pytest.param(PDF[:-8], id="PDF that was cut off"),
        pytest.param(PDF[: len(PDF) // 2], id="half a PDF"),
        pytest.param(PNG[:-6], id="PNG that was cut off"),
        pytest.param(PNG[:30], id="PNG without a picture"),
        pytest.param(PNG[:8] + png_chunk(b"IHDR") + png_chunk(b"IEND"), id="empty PNG"),
        pytest.param(PNG[:8] + HTML, id="page that begins as a PNG"),
        pytest.param(PNG[:20] + b"x" + PNG[21:], id="PNG with a wrong checksum"),
        pytest.param(JPEG[:-2], id="JPEG that was cut off"),
        pytest.param(picture("JPEG")[:-200], id="half a photograph"),
        pytest.param(b"\xff\xd8\xff\xd9", id="empty JPEG"),
        pytest.param(b"\xff\xd8\xff\xe0" + HTML, id="page that begins as a JPEG"),
        pytest.param(b"\xff\xd8\xff\xfe\x00\x04ab\xff\xd9", id="JPEG of a comment alone"),
        pytest.param(b"\xff\xd8\xff\xe0\x00\x01\xff\xd9", id="JPEG with an impossible length"),
    ],
)
def test_what_is_not_whole_is_refused(data: bytes) -> None:
    assert refusal(data) == "damaged"


@pytest.mark.parametrize("tail", [archive(), HTML, JPEG, b"MZ\x90"], ids=range(4))
@pytest.mark.parametrize("data", [PNG, JPEG, picture("JPEG")], ids=["png", "jpeg", "photo"])
def test_what_follows_a_picture_is_cut_off(data: bytes, tail: bytes) -> None:
    """Telephones append second pictures and videos; an attacker an archive that is read from its end."""
    assert read_document(data + tail).content == data


def test_an_empty_file_and_a_byte_too_much_are_refused() -> None:
    assert refusal(b"") == "empty"
    assert refusal(PDF + b"\n" * (MAX_BYTES + 1 - len(PDF))) == "too_big"
    whole = PNG[:-12] + png_chunk(b"tEXt", b"x" * (MAX_BYTES - len(PNG) - 12)) + PNG[-12:]
    assert len(whole) == MAX_BYTES
    assert read_document(whole).content == whole


@given(st.binary(max_size=200), st.sampled_from([b"", PDF[:9], PNG[:8], JPEG[:4], PNG[:33]]))
def test_nothing_breaks_the_reading(noise: bytes, beginning: bytes) -> None:
    data = beginning + noise
    try:
        content = read_document(data).content
    except DocumentRefused:
        return
    assert data.startswith(content)
