from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.gateway.numbers import is_valid_number, normalise_number
from sandbox.gateway.segments import BASIC, EXTENSION, count_parts

GSM_TEXT = st.text(alphabet=sorted(BASIC | EXTENSION), max_size=400)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("a" * 152 + "€" + "a" * 152, 3),  # the euro does not fit on the first part's last septet
        ("ó" + "a" * 69, 1),
        ("ó" + "a" * 70, 2),
        ("😀" * 35, 1),
        ("😀" * 67, 3),  # 33 pairs a part: none is split
    ],
)
def test_parts(text: str, parts: int) -> None:
    assert count_parts(text) == parts


@given(GSM_TEXT)
def test_a_part_holds_152_or_153_septets(text: str) -> None:
    septets = sum(2 if char in EXTENSION else 1 for char in text)
    parts = count_parts(text)
    if septets <= 160:
        assert parts == 1
    else:
        assert -(-septets // 153) <= parts <= -(-septets // 152)


@given(GSM_TEXT)
def test_one_letter_outside_gsm_never_makes_it_cheaper(text: str) -> None:
    assert count_parts(text + "ł") >= count_parts(text)


@pytest.mark.parametrize("number", ["221234567", "701234567", "12", "abc", "4860010020", ""])
def test_numbers_that_get_no_message(number: str) -> None:
    assert not is_valid_number(normalise_number(number))


def test_a_foreign_number_is_valid() -> None:
    assert is_valid_number(normalise_number("+49 151 23456789"))
