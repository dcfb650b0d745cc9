"""What is not a statement is refused once, for a reason that helps."""

from __future__ import annotations

import io
import zipfile

import pytest

from billing.statements import read_statement
from billing.statements.archives import MAX_MEMBERS, MAX_UNPACKED_BYTES
from billing.statements.rows import Refusal, StatementError
from billing.tests.statement_files import LAYOUTS, sample, statement

ANY_TABLE = "Data;Opis;Kwota;Saldo;\n" * 3


def zipped(*files: tuple[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as members:
        for name, content in files:
            members.writestr(name, content)
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
        (zipped(("[Content_Types].xml", b"<Types/>")), "archive"),
        (b"PK\x03\x04 and nothing more", "archive"),
        (zipped(("a.sta", b"")), "empty"),
        (zipped(("a.zip", zipped(("a.sta", b"x")))), "binary"),
        (zipped(("a.sta", b"0" * (MAX_UNPACKED_BYTES + 1))), "archive_too_large"),
        (zipped(*((f"{n}.sta", b"x") for n in range(MAX_MEMBERS + 1))), "archive_too_large"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "archive"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
        (b'<?xml version="1.0"?><Document/>', "xml"),
        ("\ufeff<Document xmlns='urn:iso'>".encode(), "xml"),
        (ANY_TABLE.encode("cp1250"), "csv_columns"),
        (sample("mbank_lista_operacji.csv"), "operations_list"),
        (b"a,b,c,d\r1,2,3,4\r5,6,7,8\r", "csv_columns"),
        (b"a\tb\tc\td\n1\t2\t3\t4\n5\t6\t7\t8\n", "csv_columns"),
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


def test_an_archive_of_statements_is_read_in_order_of_names() -> None:
    archive = zipped(("b.xml", sample("camt053_v08_utf8.xml")), ("a.sta", statement().encode()))
    assert [parsed.format for parsed in read_statement(archive)] == ["mt940", "camt053"]


@pytest.mark.parametrize("name", LAYOUTS)
def test_half_a_statement_is_refused(name: str) -> None:
    data = sample(name)
    with pytest.raises(StatementError) as refused:
        read_statement(data[: len(data) // 2])
    assert refused.value.code == "truncated"
