"""Our idx in letters and digits, and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.delivery_reports import _IDX
from messaging.gateways.serwersms_ids import idx_in, provider_id_in, unique_id_of

KEYS = st.text("0123456789abcdef", min_size=16, max_size=16)
NUMBERS = st.integers(min_value=1, max_value=2**63 - 1)


@given(KEYS, NUMBERS)
def test_an_idx_comes_back_from_what_serwersms_takes(key: str, number: int) -> None:
    unique_id = unique_id_of(f"{key}-{number}")
    assert unique_id.isascii()
    assert unique_id.isalnum()
    assert 3 <= len(unique_id) <= 50
    assert idx_in(unique_id) == f"{key}-{number}"


@given(KEYS, NUMBERS, KEYS, NUMBERS)
def test_two_messages_never_share_an_id(one: str, number: int, other: str, another: int) -> None:
    is_same = (one, number) == (other, another)
    ids = unique_id_of(f"{one}-{number}"), unique_id_of(f"{other}-{another}")
    assert (ids[0] == ids[1]) is is_same


@given(st.text())
def test_only_what_we_made_reads_as_an_idx_of_ours(text: str) -> None:
    if _IDX.fullmatch(idx_in(text)):
        assert unique_id_of(idx_in(text)) == text


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(ANYTHING)
def test_whatever_comes_is_an_id_that_a_database_takes_or_none(value: object) -> None:
    for text in (idx_in(value), provider_id_in(value)):
        assert text.isascii()
        assert "\0" not in text
    assert len(provider_id_in(value)) <= 40


@pytest.mark.parametrize("value", ["", "ab", "a" * 51, "abc-1", "abc 1", "ąbc", None, 123, True])
def test_no_unique_id(value: object) -> None:
    assert idx_in(value) == ""


def test_a_number_is_an_id_of_theirs() -> None:
    assert (provider_id_in(123), provider_id_in("aca3944055")) == ("123", "aca3944055")
    assert (provider_id_in(True), provider_id_in(-1), provider_id_in("a" * 41)) == ("", "", "")
