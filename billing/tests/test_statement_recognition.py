"""What is not a statement is refused once, for a reason that helps."""

from __future__ import annotations

import io
import zipfile

import pytest

from billing.statements import read_statement
from billing.statements.rows import Refusal, StatementError
from billing.tests.statement_files import LAYOUTS, sample, statement

MBANK_CSV = """mBank S.A. Bankowość Detaliczna;
#Klient;
M6 SOFT PLUS;
#Data księgowania;#Data operacji;#Opis operacji;#Tytuł;#Nadawca/Odbiorca;#Numer konta;#Kwota;
2026-03-10;2026-03-10;PRZELEW;"KOD 7K3M-9QW3";"ANNA";'87109010560000000000001001';58,00;158,00;
2026-03-10;2026-03-10;PRZELEW;"ZA SMS";"ANNA";'87109010560000000000001001';29,00;187,00;
"""


def zipped() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as members:
        members.writestr("wyciag.sta", statement())
    return archive.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \r\n\r\n", "empty"),
        (b"\xef\xbb\xbf\r\n", "empty"),
        (b"\xff\xff", "empty"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "pdf"),
        (zipped(), "archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "archive"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
        (b'<?xml version="1.0"?><Document/>', "xml"),
        ("\ufeff<Document xmlns='urn:iso'>".encode(), "xml"),
        (MBANK_CSV.encode("cp1250"), "csv"),
        (b"a,b,c,d\r1,2,3,4\r5,6,7,8\r", "csv"),
        (b"a\tb\tc\td\n1\t2\t3\t4\n5\t6\t7\t8\n", "csv"),
        ("Dzień dobry, w załączeniu wyciąg; proszę o pilne zaksięgowanie.".encode(), "other_text"),
        (b"<!doctype html><html></html>", "other_text"),
        (bytes(range(1, 255)), "other_text"),
    ],
)
def test_each_kind_of_file_is_refused_for_its_own_reason(data: bytes, code: str) -> None:
    with pytest.raises(StatementError) as refused:
        read_statement(data)
    assert refused.value.code == code
    assert refused.value.message is Refusal(code).label


@pytest.mark.parametrize("name", LAYOUTS)
def test_half_a_statement_is_refused(name: str) -> None:
    data = sample(name)
    with pytest.raises(StatementError) as refused:
        read_statement(data[: len(data) // 2])
    assert refused.value.code == "truncated"
