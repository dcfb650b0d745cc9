from __future__ import annotations

import pytest

from accounts.typed_numbers import whole_number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), ("9" * 18, 10**18 - 1)])
def test_a_number_is_read(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize(
    "text", [None, "", "-1", "+1", " 1", "1.0", "1e3", "²", "٣", "1\n", "9" * 19]
)
def test_all_else_is_none(text: str | None) -> None:
    assert whole_number(text) is None


def test_fewer_digits_can_be_asked_for() -> None:
    assert (whole_number("99", 2), whole_number("100", 2)) == (99, None)
