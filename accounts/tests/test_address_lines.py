from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.address_lines import Address, in_sentence_case, split_address


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("ul. Prosta 49, 00-838 Warszawa", ("ul. Prosta 49", "00-838", "Warszawa")),
        ("ul/ Prosta 49 00-838 Warszawa", ("ul/ Prosta 49", "00-838", "Warszawa")),
        ("GOSZCZOWICE 14, 49-130 TUŁOWICE", ("GOSZCZOWICE 14", "49-130", "TUŁOWICE")),
        (
            "ul. 11-123 Pułku 5, 45-221 Kędzierzyn-Koźle",
            ("ul. 11-123 Pułku 5", "45-221", "Kędzierzyn-Koźle"),
        ),
        ("ul. Prosta 49", ("ul. Prosta 49", "", "")),
        ("00-838 Warszawa", ("", "00-838", "Warszawa")),
        ("LOK. 112-3456", ("LOK. 112-3456", "", "")),
        ("", ("", "", "")),
        (" , ", ("", "", "")),
    ],
)
def test_a_line_is_split_at_its_last_postal_code(line: str, address: tuple[str, ...]) -> None:
    assert split_address(line) == address


words = st.text(st.characters(categories=["L", "N"]) | st.sampled_from(" /."), max_size=30)
codes = st.from_regex(r"[0-9]{2}-[0-9]{3}", fullmatch=True)


@given(street=words, code=codes, city=words, glue=st.sampled_from([", ", " ", ",", " , "]))
def test_what_was_joined_is_split_again(street: str, code: str, city: str, glue: str) -> None:
    # A letter or digit that touches the code would make it another number.
    expected = Address(street.strip(" ,;"), code, city.strip(" ,;"))
    assert split_address(f"{street}{glue}{code} {city}") == expected


@given(st.text(max_size=80))
def test_nothing_is_lost_or_made_up(line: str) -> None:
    parts = split_address(line)
    assert [part for part in parts if part and part not in line] == []
    kept = sum(len("".join(part.split())) for part in parts)
    separators = sum(sign in " ,;" or sign.isspace() for sign in line)
    assert kept >= len(line) - separators


@pytest.mark.parametrize(
    ("capitals", "written"),
    [
        ("JAN NOWAK", "Jan Nowak"),
        ("EWA ŁĄCZNA-WÓJCIK", "Ewa Łączna-Wójcik"),
        (
            "UL. JANA PAWŁA II 12A LOK. 3, 66-470 KOSTRZYN NAD ODRĄ",
            "ul. Jana Pawła II 12A lok. 3, 66-470 Kostrzyn nad Odrą",
        ),
        ("3 MAJA 5", "3 Maja 5"),
        ("ul. Żółta 7, Opole", "ul. Żółta 7, Opole"),
        ("", ""),
    ],
)
def test_capitals_are_written_as_people_write(capitals: str, written: str) -> None:
    assert in_sentence_case(capitals) == written


@given(st.text("ABĄĆŁŻab1.-, \n", max_size=60))
def test_only_the_case_and_the_spacing_change(text: str) -> None:
    once = in_sentence_case(text)
    assert "".join(once.split()).casefold() == "".join(text.split()).casefold()
