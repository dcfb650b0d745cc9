from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from accounts.visible_text import VisibleCharField, visible


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Kowal\u00adski", "Kowalski"),
        ("\u202eagencja", "agencja"),
        ("Anna\u200b", "Anna"),
        ("a\0b\x07c", "abc"),
        ("Żółć 😀", "Żółć 😀"),
        ("two\nlines", "two\nlines"),
        ("Jan\tKowalski\u00a0junior", "Jan Kowalski junior"),
    ],
)
def test_what_nobody_sees_is_not_kept(text: str, seen: str) -> None:
    assert visible(text) == seen


@given(st.text())
def test_what_is_seen_stays_and_once_is_enough(text: str) -> None:
    seen = visible(text)
    assert visible(seen) == seen
    assert words_of(seen) == words_of(text)


def words_of(text: str) -> list[str]:
    printed = ("".join(filter(str.isprintable, word)) for word in text.split())
    return list(filter(None, printed))


def test_a_text_that_nobody_sees_is_none() -> None:
    with pytest.raises(ValidationError) as refused:
        VisibleCharField().clean("\u200b\u202e ")
    assert refused.value.code == "required"
