from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from messaging.segments import Measure, count_parts, is_gsm, measure, split_parts
from messaging.tests.exact_parts import BASIC, EXTENSION, exact_parts

gsm_characters = st.sampled_from(sorted(BASIC | EXTENSION))
extension_characters = st.sampled_from(sorted(EXTENSION))
texts = st.one_of(
    st.text(max_size=400),
    st.text(gsm_characters, max_size=700),
    st.text(st.one_of(st.just("a"), extension_characters), min_size=140, max_size=700),
    st.text(st.sampled_from("ał😀"), min_size=60, max_size=300),
)


@given(texts)
@example("a" * 152 + "€" + "b" * 10)
@example("ł" * 66 + "😀" + "ł" * 10)
def test_counting_agrees_with_the_exact_reference(text: str) -> None:
    encoding, units, parts = exact_parts(text)
    assert count_parts(text) == len(parts)
    assert split_parts(text) == parts
    found = measure(text)
    assert (found.encoding, found.units, found.parts) == (encoding, units, len(parts))


@given(texts)
def test_units_left_fit_into_the_last_part_and_one_more_does_not(text: str) -> None:
    filler = "a"
    before = measure(text)
    filled = text + filler * before.units_left
    assert measure(filled) == Measure(
        before.encoding, before.units + before.units_left, max(before.parts, 1), 0
    )
    assert count_parts(filled + filler) == max(before.parts, 1) + 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Measure("GSM-7", 0, 0, 160)),
        ("a" * 160, Measure("GSM-7", 160, 1, 0)),
        ("a" * 161, Measure("GSM-7", 161, 2, 145)),
        ("a" * 306, Measure("GSM-7", 306, 2, 0)),
        ("a" * 307, Measure("GSM-7", 307, 3, 152)),
        ("€" * 80, Measure("GSM-7", 160, 1, 0)),
        ("€" * 81, Measure("GSM-7", 162, 2, 143)),
        ("a" * 152 + "€" + "a" * 152, Measure("GSM-7", 306, 3, 152)),
        ("ł" * 70, Measure("UCS-2", 70, 1, 0)),
        ("ł" * 71, Measure("UCS-2", 71, 2, 63)),
        ("😀" * 35, Measure("UCS-2", 70, 1, 0)),
        ("😀" * 36, Measure("UCS-2", 72, 2, 61)),
        ("a" * 149 + "ł", Measure("UCS-2", 150, 3, 51)),
    ],
)
def test_known_sizes(text: str, expected: Measure) -> None:
    assert measure(text) == expected


def test_an_extension_character_on_the_border_moves_to_the_next_part() -> None:
    assert split_parts("a" * 152 + "[" + "b" * 9) == ["a" * 152, "[" + "b" * 9]


def test_an_emoji_on_the_border_moves_to_the_next_part() -> None:
    assert split_parts("ł" * 66 + "😀" + "b" * 9) == ["ł" * 66, "😀" + "b" * 9]


@pytest.mark.parametrize("character", list("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ`\tç°„”–—…•×\u00a0\x1b"))
def test_one_character_outside_gsm_makes_the_whole_text_ucs2(character: str) -> None:
    assert not is_gsm("Polisa " + character)
    assert measure("a" * 100 + character).parts == 2


@pytest.mark.parametrize("character", list("£èéùìòÇØøÅåΔΩÆæßÉ¤¡ÄÖÑÜ§¿äöñüà\r\n"))
def test_surprising_characters_of_gsm_cost_one_septet(character: str) -> None:
    assert measure("a" * 159 + character) == Measure("GSM-7", 160, 1, 0)
