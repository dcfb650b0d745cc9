from __future__ import annotations

import pytest

from accounts.text_encoding import ENCODINGS, decode, spellings

SENTENCE = "Opłata za pakiet, zażółć gęślą jaźń, ŁÓDŹ ŚWIĘTOCHŁOWICE"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250", "iso-8859-2", "cp852"]
)
def test_polish_text_is_read_in_every_encoding_banks_use(encoding: str) -> None:
    assert decode(SENTENCE.encode(encoding)).text == SENTENCE


@pytest.mark.parametrize("encoding", ["cp1250", "iso-8859-2", "cp852"])
@pytest.mark.parametrize("word", ["OPŁATA ŻÓŁĆ", "ŚWIĘTOWZORCOWY", "Poznań, ul. Źródlana"])
def test_a_few_polish_letters_are_enough(word: str, encoding: str) -> None:
    assert decode(word.encode(encoding)).text == word


@pytest.mark.parametrize("encoding", ["cp1250", "iso-8859-2", "cp852"])
def test_fillers_of_empty_fields_vanish_and_mislead_nobody(encoding: str) -> None:
    assert decode(b"~21\xff\r\n" + SENTENCE.encode(encoding)).text == "~21\r\n" + SENTENCE


def test_bytes_of_no_encoding_do_not_stop_reading() -> None:
    assert decode(bytes(range(256))).text.startswith("\x00\x01\x02")


@pytest.mark.parametrize(
    ("text", "is_certain"),
    [
        ("OPŁATA – „pakiet”, 5 €", True),
        ("Łukasz Müller", False),
        ("Łąka, Żółć, Gęś i Müller", True),
        ("Müller", False),
    ],
)
def test_letters_of_other_languages_leave_a_doubt_unless_polish_ones_prevail(
    text: str, is_certain: bool
) -> None:
    decoded = decode(text.encode("cp1250"))
    assert (decoded.text, decoded.encoding) == (text, "cp1250") or not is_certain
    assert decoded.is_certain is is_certain
    assert decode(text.encode()).is_certain


def test_the_encoding_that_is_named_counts_and_each_spelling_is_shown() -> None:
    data = "za 1 zł\nŁĄKA\nŻÓŁĆ\nGĘŚ".encode("cp852")
    assert decode(data, "cp1250").text != decode(data).text
    assert spellings(data)["cp852"] == ["za 1 zł", "ŁĄKA", "ŻÓŁĆ"]
    assert set(spellings(data)) == set(ENCODINGS)
