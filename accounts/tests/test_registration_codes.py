from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.registration_codes import (
    ALPHABET,
    fold,
    format_code,
    generate,
    is_findable,
    is_valid,
)


@pytest.mark.parametrize("code", ["7K3M9QW3", "4H2T08RG", "P5VD6NCH"])
def test_known_codes_are_valid(code: str) -> None:
    assert is_valid(code)


@pytest.mark.parametrize("typed", ["7k3m-9qw3", " 7K3M 9QW3 ", "7K3M–9QW3", "7K3M.9QW3"])
def test_a_code_is_valid_however_it_is_typed(typed: str) -> None:
    assert is_valid(typed)


@pytest.mark.parametrize("wrong", ["", "7K3M9QW", "7K3M9QW33", "7K3M9QW4", "7K3M9QU3", "ZAŻÓŁĆGĘ"])
def test_other_text_is_not_valid(wrong: str) -> None:
    assert not is_valid(wrong)


def test_a_code_is_shown_in_two_groups_and_a_legacy_one_as_it_is() -> None:
    assert format_code("7K3M9QW3") == "7K3M-9QW3"
    assert format_code("AG12345") == "AG12345"


def test_folding_takes_away_what_typing_and_banks_change() -> None:
    assert fold("Zażółć, gęślą-jaźń O/I/l") == "ZAZ01CGES1AJAZN011"


def test_generated_codes_are_valid_folded_different_and_hold_two_letters() -> None:
    codes = [generate() for _ in range(2000)]
    assert len(set(codes)) == len(codes)
    for code in codes:
        assert is_valid(code)
        assert fold(code) == code
        assert sum(character.isalpha() for character in code) >= 2


@given(position=st.integers(0, 7), other=st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(position: int, other: str) -> None:
    code = generate()
    typed = code[:position] + other + code[position + 1 :]
    assert is_valid(typed) == (typed == code)


@given(st.text())
def test_folding_twice_changes_nothing_and_leaves_only_ascii(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert not folded or (folded.isascii() and folded.isalnum())


@pytest.mark.parametrize(
    "typed", ["AG7731X", "opole-12/l", "1234 567 A", "7K3M-9QW3", "A" * 19 + "1"]
)
def test_a_code_of_letters_and_digits_can_be_found_in_a_title(typed: str) -> None:
    assert is_findable(typed)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "nothing"),
        ("AB12C", "too short: hit by chance"),
        ("A" * 20 + "1", "too long"),
        ("76114020", "only digits: part of an account number"),
        ("O1L1I0", "only digits once folded"),
        ("UBEZPIECZENIA", "a word"),
        ("Agent.m6", "in everybody's title"),
        ("--- ---", "nothing once folded"),
    ],
)
def test_a_code_that_noise_would_pass_for_is_not_findable(typed: str, why: str) -> None:
    assert not is_findable(typed), why
