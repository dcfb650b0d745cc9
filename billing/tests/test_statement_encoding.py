from __future__ import annotations

import pytest

from billing.statements.encoding import decode

SENTENCE = "Opłata za pakiet, zażółć gęślą jaźń, ŁÓDŹ ŚWIĘTOCHŁOWICE"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250", "iso-8859-2", "cp852"]
)
def test_polish_text_is_read_in_every_encoding_banks_use(encoding: str) -> None:
    assert decode(SENTENCE.encode(encoding)) == SENTENCE


@pytest.mark.parametrize("encoding", ["cp1250", "iso-8859-2", "cp852"])
@pytest.mark.parametrize("word", ["OPŁATA ŻÓŁĆ", "ŚWIĘTOWZORCOWY", "Poznań, ul. Źródlana"])
def test_a_few_polish_letters_are_enough(word: str, encoding: str) -> None:
    assert decode(word.encode(encoding)) == word


@pytest.mark.parametrize("encoding", ["cp1250", "iso-8859-2", "cp852"])
def test_fillers_of_empty_fields_vanish_and_mislead_nobody(encoding: str) -> None:
    assert decode(b"~21\xff\r\n" + SENTENCE.encode(encoding)) == "~21\r\n" + SENTENCE


def test_bytes_of_no_encoding_do_not_stop_reading() -> None:
    assert decode(bytes(range(256))).startswith("\x00\x01\x02")
