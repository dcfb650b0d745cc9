from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.phones import PhoneError, format_phone, parse_mobile, parse_others


@pytest.mark.parametrize(
    "written",
    [
        "600100200",
        "600 100 200",
        "600-100-200",
        "600.100.200",
        "(600) 100 200",
        "600–100–200",
        "600\u00a0100\u00a0200",
        "\u202a600 100 200\u202c",
        "+48600100200",
        "+48 600 100 200",
        "(+48) 600 100 200",
        "+48 (0) 600 100 200",
        "0048 600 100 200",
        "48600100200",
        "48 600 100 200",
        "0600100200",
        "0 600 100 200",
        "tel. 600 100 200",
        "kom.: 600-100-200 (żona)",
        "600 100 200, 601 200 300",
        "600 100 200 lub 601 200 300",
        "600100200 601200300",
        "600100200/601200300",
        "77 454 12 12; 600 100 200",
        "tel. 77 454 12 12 kom. 600 100 200",
        "(77) 454-12-12 600 100 200",
        "600 100 200 wew. 12",
        "600100200.0",
        "600100200,0",
        '="600100200"',
    ],
)
def test_the_first_mobile_number_is_found_in_every_spelling(written: str) -> None:
    assert parse_mobile(written) == "+48600100200"


def test_a_cell_full_of_digits_is_refused_at_once() -> None:
    """Trying every way to cut these 2,000 digits into numbers would take for ever."""
    with pytest.raises(PhoneError) as refusal:
        parse_mobile("48" * 1000 + "+")
    assert refusal.value.code == "unreadable"


@pytest.mark.parametrize("prefix", [45, 50, 51, 53, 57, 60, 66, 69, 72, 73, 78, 79, 88])
def test_every_polish_mobile_range_is_accepted(prefix: int) -> None:
    assert parse_mobile(f"{prefix} 123 45 67") == f"+48{prefix}1234567"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("brak", "unreadable"),
        ("-", "unreadable"),
        ("+", "unreadable"),
        ("600 100 20", "wrong_length"),
        ("600 100 2003", "wrong_length"),
        ("6,001E+08", "unreadable"),
        ("112", "wrong_length"),
        ("300 100 200", "unassigned"),
        ("22 621 40 10", "landline"),
        ("48 77 454 12 12", "landline"),
        ("(0-77) 454 12 12", "landline"),
        ("700 100 200", "premium"),
        ("801 100 200", "premium"),
        ("800 100 200", "premium"),
        ("804 100 200", "premium"),
        ("39 123 45 67", "not_mobile"),
        ("+49 170 1234567", "foreign"),
        ("0044 7911 123456", "foreign"),
        ("+380 67 123 45 67", "foreign"),
        ("22 621 40 10, 700 100 200", "landline"),
    ],
)
def test_a_number_without_sms_is_refused_with_the_reason(written: str, code: str) -> None:
    with pytest.raises(PhoneError) as refused:
        parse_mobile(written)
    assert refused.value.code == code


def test_digits_of_other_scripts_are_stored_as_ours() -> None:
    assert parse_mobile("50٠000000") == "+48500000000"


def test_numbers_are_shown_as_poles_write_them() -> None:
    assert format_phone("+48600100200") == "600 100 200"


@given(st.from_regex(r"(\+48 ?)?\d{3}[ -]?\d{3}[ -]?\d{3}(\.0)?", fullmatch=True))
def test_the_short_way_for_plain_numbers_leads_where_the_long_one_does(written: str) -> None:
    def parse(text: str) -> str:
        try:
            return parse_mobile(text)
        except PhoneError as error:
            return error.code

    # A word before it makes it long.
    assert parse(written) == parse(f"tel. {written}")


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("600 100 200", ["600 100 200"]),
        ("77 454 12 12, kom. 600100200; 600 100 200", ["77 454 12 12", "600 100 200"]),
        ("+49 170 1234567", ["+49 170 1234567"]),
        ("brak", []),
        ("12345", []),
        ("", []),
    ],
)
def test_every_number_that_can_be_called_is_kept(written: str, numbers: list[str]) -> None:
    assert parse_others(written) == numbers
