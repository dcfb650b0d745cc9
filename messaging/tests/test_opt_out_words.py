"""Which replies are an opt-out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.opt_out_words import is_opt_out


@pytest.mark.parametrize(
    "text",
    [
        "STOP",
        "stop",
        "Stop.",
        "STOP!!!",
        "  STOP \r\n",
        '"STOP"',
        "„STOP”",
        "'stop'",
        "»Stop«",
        "(STOP)",
        "STÓP",
        "sTóp",
        "ＳＴＯＰ",
        "STOP SMS",
        "Stop dziękuję",
        "stop, proszę",
        "STOP STOP STOP",
        "Proszę stop",
        "Stop. Proszę nie wysyłać więcej wiadomości",
        "WYPISZ",
        "Wypisz mnie",
        "wypisz mnie z listy",
        "REZYGNUJE",
        "Rezygnuję",
        "REZYGNUJĘ.",
        "Rezygnuję z SMS-ów",
        "rezygnacja",
        "Rezygnacja z otrzymywania wiadomości",
        "KONIEC",
        "Koniec!",
        "NIE CHCE",
        "Nie chcę SMS-ów",
        "Nie chce wiecej wiadomosci od Państwa",
        "nie życzę sobie",
        "Proszę nie wysyłać",
        "Proszę mnie wypisać z bazy",
        "unsubscribe",
    ],
)
def test_an_opt_out(text: str) -> None:
    assert is_opt_out(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "...",
        "TAK",
        "Dziękuję",
        "Stop - proszę o kontakt w sprawie polisy",
        "Stop, ja już mam ubezpieczenie gdzie indziej",
        "Na stop stłuczka, co mam robić?",
        "stopka",
        "Nonstop",
        "Rezygnuję z polisy",
        "Rezygnuję z ubezpieczenia AC, proszę o zwrot składki",
        "Rezygnacja z umowy OC",
        "Koniec polisy kiedy?",
        "Koniec miesiąca mi pasuje",
        "Nie chcę wznowienia",
        "Nie chcę tej oferty, proszę o inną",
        "Nie, nie chcę żeby ktoś stał na stop",
        "Wypisz mi polisę na żonę",
        "Endoskopia",
        "Proszę o kontakt",
        "Proszę nie dzwonić przed 16",
        "Kiedy mogę przyjechać?",
        "STOP " + "a" * 200,
    ],
)
def test_a_reply_that_somebody_must_read(text: str) -> None:
    assert not is_opt_out(text)


@given(
    st.sampled_from(["STOP", "stop", "Stop", "STÓP", "WYPISZ", "REZYGNUJĘ", "KONIEC"]),
    st.text(alphabet=" .,!?\"'„”()-\t\n*", max_size=12),
    st.text(alphabet=" .,!?\"'„”()-\t\n*", max_size=12),
)
def test_what_stands_around_the_word_does_not_matter(word: str, before: str, after: str) -> None:
    assert is_opt_out(before + word + after)


@given(st.text(max_size=5000))
def test_any_text_is_decided(text: str) -> None:
    assert is_opt_out(text) in (True, False)


@given(st.text(alphabet="abcdefghijklmnoprstuwyz ", min_size=1))
def test_a_long_story_is_read_by_a_person(text: str) -> None:
    assert not is_opt_out("stop " + text + " jutro zadzwonie w sprawie szkody")
