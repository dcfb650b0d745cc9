from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.money import (
    format_amount,
    format_decimal,
    in_words,
    parse_amount,
    to_grosze,
    to_zloty,
    vat_from_gross,
)

amounts = st.integers(-(10**12), 10**12)


def test_an_amount_is_written_the_polish_way_with_hard_spaces() -> None:
    assert format_amount(123450) == "1\xa0234,50\xa0zł"
    assert format_decimal(123456789) == "1\xa0234\xa0567,89"
    assert format_decimal(5) == "0,05"
    assert format_decimal(-123450) == "-1\xa0234,50"


@pytest.mark.parametrize(
    ("text", "grosze"),
    [
        ("1 234,50", 123450),
        ("1\xa0234,50\xa0zł", 123450),
        ("1\u202f234,50", 123450),
        ("1234.50", 123450),
        ("1234,5", 123450),
        (" 100 ", 10000),
        ("58,00 PLN", 5800),
        ("58,00ZŁ", 5800),
        ("-0,05", -5),
        ("\N{MINUS SIGN}20", -2000),
        ("+20", 2000),
        ("0058,00", 5800),
    ],
)
def test_spellings_of_an_amount(text: str, grosze: int) -> None:
    assert parse_amount(text) == grosze


@pytest.mark.parametrize(
    "garbage",
    ["", " ", "zł", "abc", "1,234", "1.234", "1.234,50", "12 34", "1  234", "1,2,3", "1e5", "NaN"]
    + ["12,", ",5", "--1", "58,00 EUR", "٥٨", "0x10", "1_000", "9" * 14],
)
def test_garbage_is_refused_rather_than_read_as_something(garbage: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        parse_amount(garbage)


@given(amounts)
def test_what_is_written_reads_back(grosze: int) -> None:
    assert parse_amount(format_amount(grosze)) == grosze
    assert parse_amount(format_decimal(grosze)) == grosze
    assert parse_amount(str(to_zloty(grosze))) == grosze
    assert to_grosze(to_zloty(grosze)) == grosze


def test_zloty_keep_two_places() -> None:
    assert str(to_zloty(2900)) == "29.00"


@pytest.mark.parametrize("zloty", ["0.001", "29.005", "NaN", "Infinity"])
def test_a_fraction_of_a_grosz_is_refused(zloty: str) -> None:
    with pytest.raises(ValueError, match="grosze"):
        to_grosze(Decimal(zloty))


@pytest.mark.parametrize(
    ("gross", "net", "vat"),
    [(10000, 8130, 1870), (2900, 2358, 542), (5000, 4065, 935), (29, 24, 5), (1, 1, 0), (3, 2, 1)],
)
def test_vat_of_a_gross_amount_at_23_percent(gross: int, net: int, vat: int) -> None:
    assert vat_from_gross(gross, 23) == (net, vat)


def test_half_a_grosz_of_vat_is_rounded_up() -> None:
    assert vat_from_gross(13, 4) == (12, 1)  # 13 * 4 / 104 = 0.5
    assert vat_from_gross(-13, 4) == (-12, -1)


@given(gross=amounts, rate=st.integers(0, 100))
def test_net_and_vat_add_up_and_vat_is_right_to_half_a_grosz(gross: int, rate: int) -> None:
    net, vat = vat_from_gross(gross, rate)
    assert net + vat == gross
    assert abs(Fraction(gross * rate, 100 + rate) - vat) <= Fraction(1, 2)
    assert vat_from_gross(-gross, rate) == (-net, -vat)


def test_a_negative_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="VAT rate"):
        vat_from_gross(100, -23)


@pytest.mark.parametrize(
    ("grosze", "words"),
    [
        (0, "zero złotych 00/100"),
        (1, "zero złotych 01/100"),
        (100, "jeden złoty 00/100"),
        (200, "dwa złote 00/100"),
        (500, "pięć złotych 00/100"),
        (1200, "dwanaście złotych 00/100"),
        (2200, "dwadzieścia dwa złote 00/100"),
        (10000, "sto złotych 00/100"),
        (100000, "tysiąc złotych 00/100"),
        (123456, "tysiąc dwieście trzydzieści cztery złote 56/100"),
        (2100000, "dwadzieścia jeden tysięcy złotych 00/100"),
        (100100000, "milion tysiąc złotych 00/100"),
        (-2900, "minus dwadzieścia dziewięć złotych 00/100"),
    ],
)
def test_an_amount_in_polish_words(grosze: int, words: str) -> None:
    assert in_words(grosze, "pl") == words


@pytest.mark.parametrize(
    ("grosze", "words"),
    [
        (0, "zero zlotys 00/100"),
        (100, "one zloty 00/100"),
        (2000, "twenty zlotys 00/100"),
        (123456, "one thousand two hundred thirty-four zlotys 56/100"),
        (101500000, "one million fifteen thousand zlotys 00/100"),
        (-2901, "minus twenty-nine zlotys 01/100"),
    ],
)
def test_an_amount_in_english_words(grosze: int, words: str) -> None:
    assert in_words(grosze, "en") == words
