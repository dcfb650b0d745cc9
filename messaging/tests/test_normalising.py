from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from messaging.normalising import (
    Replacement,
    Tidied,
    find_replacements,
    normalise,
    tidy_typography,
)
from messaging.segments import is_gsm

everyday_characters = st.sampled_from(
    "azAZ09 .,ąćęłńóśźżĄĆĘŁŃÓŚŹŻüöäñàèé€[]„”’–…°½\u00a0\u200b😀Ж\n"
)
writable_in_gsm = st.characters(max_codepoint=0x17F, categories=["Lu", "Ll"]).filter(
    lambda letter: is_gsm(normalise(letter))
)


@given(st.text())
@example("\r\r\n")
@example("o\u200b\u0301")
@example("\u1100\u0301\u1161")
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(everyday_characters))
def test_accepting_every_offer_gives_the_text_that_is_sent(text: str) -> None:
    accepted = text
    for found in reversed(find_replacements(text)):
        if found.replacement is not None:
            end = found.position + len(found.character)
            accepted = accepted[: found.position] + found.replacement + accepted[end:]
    assert accepted == normalise(text)


@given(st.text(everyday_characters))
def test_offers_name_exactly_the_characters_that_gsm_lacks(text: str) -> None:
    assert (find_replacements(text) == []) == is_gsm(text)


@given(st.text(writable_in_gsm))
def test_what_can_be_written_in_gsm_is_written_in_gsm(text: str) -> None:
    assert is_gsm(normalise(text))


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("Zażółć gęślą jaźń", "Zazolc gesla jazn"),
        ("ZAŻÓŁĆ GĘŚLĄ JAŹŃ", "ZAZOLC GESLA JAZN"),
        ("zo\u0301\u0142ty", "zolty"),
        ("„Polisa” – ‘OC’…", "\"Polisa\" - 'OC'..."),
        ("10\u00a0000\u202fzł", "10 000 zl"),
        ("a\tb`c´d", "a b'c'd"),
        ("30°, 2×1½ • №5", "30 st., 2x11/2 - nr5"),
        ("za\u00adpła\u200bta\ufeff", "zaplata"),
        ("linia\r\nlinia\rlinia", "linia\nlinia\nlinia"),
        ("Müller, Nuñez, Bär, André, voilà", "Müller, Nuñez, Bär, André, voilà"),
        ("Mu\u0308ller", "Müller"),
        ("Dvořák, Šimek, façade, Čapek", "Dvorak, Simek, facade, Capek"),
        ("m², ™, ﬁrma", "m2, TM, firma"),
        ("100 € [netto]", "100 € [netto]"),
        ("Ірина 😀", "Ірина 😀"),
    ],
)
def test_texts_as_people_paste_them(written: str, sent: str) -> None:
    assert normalise(written) == sent


def test_each_offer_says_where_what_and_by_what() -> None:
    assert find_replacements("Cześć\t😀 [1 €]") == [
        Replacement(3, "ś", "s"),
        Replacement(4, "ć", "c"),
        Replacement(5, "\t", " "),
        Replacement(6, "😀", None),
    ]


def test_a_letter_pasted_with_a_separate_accent_is_one_offer() -> None:
    assert find_replacements("zo\u0301l") == [Replacement(1, "o\u0301", "o")]


def test_an_invisible_character_is_offered_to_be_left_out() -> None:
    assert find_replacements("a\u200bb") == [Replacement(1, "\u200b", "")]


def test_typography_is_tidied_and_told_and_polish_letters_stay() -> None:
    text, tidied = tidy_typography("„Polisa” – do\u00a0odbioru – zażółć…")
    assert text == '"Polisa" - do odbioru - zażółć...'
    assert tidied == [
        Tidied("„", '"', 1),
        Tidied("”", '"', 1),
        Tidied("–", "-", 2),
        Tidied("\u00a0", " ", 1),
        Tidied("…", "...", 1),
    ]


def test_composed_letters_are_no_typography() -> None:
    assert tidy_typography("zo\u0301łty\u200b") == ("zółty", [Tidied("\u200b", "", 1)])
    assert tidy_typography("a\r\nb\rc") == ("a\nb\nc", [])


@given(st.text(everyday_characters))
def test_a_tidied_text_is_sent_as_it_would_have_been(text: str) -> None:
    tidied, _ = tidy_typography(text)
    assert normalise(tidied) == normalise(text)
    assert tidy_typography(tidied) == (tidied, [])
