from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.registration_codes import ALPHABET, fold, format_code, generate
from billing.transfer_titles import CodeIndex, find_codes

KNOWN = CodeIndex(["7K3M9QW3", "4H2T08RG", "P5VD6NCH"])


@pytest.mark.parametrize(
    "title",
    [
        "KOD REJESTRACYJNY 7K3M-9QW3",
        "7k3m-9qw3 doładowanie agent.m6",
        "KOD REJ. 7K3M 9Q W3",
        "PROGRAMU AGENT.M6 7K3M9QW3 PROSZE",
        "kod7k3m9qw3dziękuję",
        "ZA SMS 7K\n3M-9Q\r\nW3",
        "7K3M–9QW3",
        "/VAT/23,00/IDC/7540000000/INV/7K3M-9QW3/TXT/SMS",
        "/VAT/23,00/IDC/7540000000/INV/FV 12/2026/TXT/KOD 7K3M-9QW3",
    ],
)
def test_a_code_is_found_however_it_is_written(title: str) -> None:
    assert find_codes(title, KNOWN) == ["7K3M9QW3"]


def test_look_alikes_are_read_as_digits() -> None:
    assert find_codes("KOD 4H2T-O8RG", KNOWN) == ["4H2T08RG"]
    assert find_codes("agent ABlOI23", CodeIndex(["AB10123"])) == ["AB10123"]


def test_several_codes_are_listed_once_each_in_order() -> None:
    title = "4H2T-08RG I 7K3M-9QW3, RAZEM 4H2T-08RG"
    assert find_codes(title, KNOWN) == ["4H2T08RG", "7K3M9QW3"]


@pytest.mark.parametrize("title", ["", "ZA SMS", "FAKTURA 7/2026", "7K3M-9QW4", "7K3M-9QW"])
def test_what_is_not_known_is_not_found(title: str) -> None:
    assert find_codes(title, KNOWN) == []


def test_legacy_codes_of_any_shape_are_found_folded() -> None:
    index = CodeIndex(["Opole-12/L", "ŻÓŁW 7", "", "-"])
    assert find_codes("kod opole 12 l", index) == [fold("OPOLE12L")]
    assert find_codes("zolw7", index) == ["Z01W7"]


def test_a_code_inside_a_longer_one_is_listed_after_it() -> None:
    assert find_codes("ABCDEF99", CodeIndex(["ABCDEF", "ABCDEF99"])) == ["ABCDEF99", "ABCDEF"]


messy_words = st.text(st.sampled_from("ABĄĆŁżół 0123456789-/.,:\n") | st.characters(), max_size=40)
separators = st.sampled_from(["", " ", "-", " - ", "\n", "\xa0", "/", "–"])


@given(before=messy_words, after=messy_words, separator=separators, lower=st.booleans())
def test_a_formatted_code_is_found_in_messy_titles_and_nothing_else_is(
    before: str, after: str, separator: str, lower: bool
) -> None:
    code = generate()
    written = format_code(code).replace("-", separator)
    title = f"{before}{written.lower() if lower else written}{after}"
    others = [other for other in (generate() for _ in range(50)) if other not in fold(title)]
    assert find_codes(title, CodeIndex([code])) == [code]
    assert find_codes(title, CodeIndex(others)) == []
    assert find_codes(title, CodeIndex([*others, code])) == [code]


def test_ten_thousand_titles_against_ten_thousand_codes_take_a_moment() -> None:
    chance = random.Random(20261122)
    codes = ["".join(chance.choices(ALPHABET, k=8)) for _ in range(10_000)]
    titles = [f"Opłata za pakiet SMS, kod rejestracyjny {format_code(code)} Żak" for code in codes]
    started = time.perf_counter()
    index = CodeIndex(codes)
    found = [find_codes(title, index) for title in titles]
    elapsed = time.perf_counter() - started
    assert found == [[code] for code in codes]
    assert elapsed < 5, f"{elapsed:.2f} s; under half a second on two idle cores"
