"""What is taken for a brand, and what is not, by the list that the portal starts with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.lookalikes import Reach, looks_like
from messaging.models import ReservedName
from messaging.reserved_names import reserved_name_like

pytestmark = pytest.mark.django_db

# A name, and the word that it is refused for.
REFUSED = {
    # The word itself, however written
    "PZU": "PZU",
    "pzu": "PZU",
    "Warta": "Warta",
    "WARTA": "Warta",
    "Ergo Hestia": "Ergo Hestia",
    "mBank": "mBank",
    "MBANK": "mBank",
    "ZUS": "ZUS",
    "Policja": "Policja",
    "Orange": "Orange",
    "T-Mobile": "T-Mobile",
    "TMobile": "T-Mobile",
    "InPost": "InPost",
    "Bramka SMS": "Bramka SMS",
    "YouCanDrive": "YouCanDrive",
    "Alert RCB": "Alert RCB",
    "GOV": "GOV",
    "gov.pl": "gov.pl",
    "Plus": "Plus",
    "INFO": "Info",
    "2way": "2way",
    # Dots, hyphens, spaces
    "P.Z.U": "PZU",
    "P-Z-U": "PZU",
    "P Z U": "PZU",
    "W.A.R.T.A": "Warta",
    "A llianz": "Allianz",
    "Z-U-S": "ZUS",
    "In Post": "InPost",
    "m-Bank": "mBank",
    "S.M.S": "SMS",
    # Letters like others
    "0range": "Orange",
    "A11ianz": "Allianz",
    "AIIianz": "Allianz",
    "Al1ianz": "Allianz",
    "Alllanz": "Allianz",
    "lnPost": "InPost",
    "1ng": "ING",
    "lNG Bank": "ING Bank",
    "rnBank": "mBank",
    "VVarta": "Warta",
    "W4rta": "Warta",
    "Po1icja": "Policja",
    "5antander": "Santander",
    "8NP": "BNP",
    "ZU5": "ZUS",
    "PZV": "PZU",
    "P2U": "PZU",
    "Cornpensa": "Compensa",
    "Interr1sk": "InterRisk",
    "Paczk0mat": "Paczkomat",
    "0lx": "OLX",
    "lnfo": "Info",
    "T3st": "Test",
    "Vniqa": "Uniqa",
    "B1ik": "BLIK",
    "P1us": "Plus",
    # Doubled letters, and single ones where the word has two
    "Alianz": "Allianz",
    "Waarta": "Warta",
    "Hestiaa": "Hestia",
    "Generalli": "Generali",
    "Allegroo": "Allegro",
    # With something beside it
    "PZU Nowak": "PZU",
    "Nowak PZU": "PZU",
    "PZUNowak": "PZU",
    "PZUNOWAK": "PZU",
    "nowakpzu": "PZU",
    "P.Z.U Opole": "PZU",
    "Warta OC": "Warta",
    "AgentWarta": "Warta",
    "Allianz OC": "Allianz",
    "allianzoc": "Allianz",
    "MojaUniqa": "Uniqa",
    "ING Kowal": "ING",
    "ingbank": "ING Bank",
    "ZUS24": "ZUS",
    "info-zus": "ZUS",
    "PlusGSM": "Plus GSM",
    "Plus24": "Plus",
    "Play Info": "Play",
    "Info24": "Info",
    "warta24": "Warta",
    "TUZ Opole": "TUZ",
    "e-mBank24": "mBank",
    "Link4 OC": "Link4",
    "KAS Opole": "KAS",
    "Urzad Miast": "Urzad",
    "DPD Kurier": "DPD",
    "pay-olx": "OLX",
}

ACCEPTED = (
    # Ordinary agencies
    *(
        "Nowak OC",
        "Ubezp Nowak",
        "A. Kowalska",
        "PolisyNowak",
        "Anna Zolc",
        "Jan Lecki",
        "Polisa Info",
    ),
    *(
        "Twoj Agent",
        "Agent OC",
        "Polisy Opole",
        "Broker MK",
        "OC-AC Slask",
        "Agencja Maj",
        "TwojaPolisa",
    ),
    *(
        "Ubezp24",
        "Polisa24",
        "MultiAgent",
        "Bezpieczny",
        "OchronaMax",
        "Polisowo",
        "Dobra Polis",
        "AutoOC",
    ),
    *(
        "Kancelaria",
        "Ubezpiecz.pl",
        "J.Wisniew",
        "MK Broker",
        "Biuro Ubezp",
        "SafeDom",
        "OC Krakow",
    ),
    # What merely holds the letters of a brand
    *(
        "Opluska",
        "Ingrid",
        "Ingrida",
        "Plusz",
        "Zawarta",
        "Umowa Warto",
        "Playoff",
        "Zusanna",
        "Kasia K",
    ),
    *(
        "Kaszuby OC",
        "Kasprzak",
        "Polkas",
        "Ergonomia",
        "Tuzin",
        "Marketing",
        "Wiening",
        "Generalny",
    ),
    *(
        "General",
        "Bingo OC",
        "Ringier",
        "Malinka",
        "Linka OC",
        "Rolka",
        "Cukier",
        "Cukrowa",
        "Smsik",
    ),
    *(
        "Testament",
        "Infolinia",
        "Kodeks OC",
        "Alertum",
        "Orangutan",
        "Bolton",
        "Uberto",
        "Metan OC",
    ),
    *(
        "Citius",
        "Wiseman",
        "Visage",
        "Enealia",
        "Gusta",
        "Gustaw OC",
        "Nikola",
        "Nikt OC",
        "Certus OC",
    ),
    *("Kraska", "Gisela", "Monika N", "Montaz", "Umowy OC", "Usmiech", "Szpital OC", "Pitagoras"),
    *("Wotan", "Rpolis", "Piper", "Vigor OC", "Unumar", "Dhlana", "Upsala", "Glsen"),
    # What stands beside an everyday word that is somebody's name when it stands alone
    *(
        "Polisa Plus",
        "OC Plus",
        "Plus Polisy",
        "Fair Play OC",
        "Moj Kod OC",
        "Test Polisy",
        "Bank Polis",
    ),
    *(
        "Medica Opol",
        "Polisa SMS",
        "Agent Info",
        "Mama Radzi",
        "Przelewice",
        "Nagrodzki",
        "Topzubr",
    ),
    *("Top Zubr", "SklepZuzi", "Eco Polisa", "Wazne OC", "Help OC"),
)


@pytest.mark.parametrize(("name", "word"), REFUSED.items())
def test_a_name_that_is_taken_for_a_brand_is_refused_for_it(name: str, word: str, db: None) -> None:
    found = reserved_name_like(name)
    assert found is not None
    assert found.word == word


@pytest.mark.parametrize("name", ACCEPTED)
def test_an_honest_name_passes(name: str, db: None) -> None:
    found = reserved_name_like(name)
    assert found is None, found.word


def test_there_are_enough_of_both() -> None:
    assert len(REFUSED) >= 60
    assert len(set(ACCEPTED)) >= 60


def test_every_word_of_the_list_catches_itself(db: None) -> None:
    words = list(ReservedName.objects.all())
    assert len(words) > 200
    assert [w.word for w in words if not looks_like(w.word, w.word, Reach.NAME)] == []


def test_how_far_a_word_reaches_is_its_own_choice() -> None:
    assert [looks_like("Plus", "Plus", reach) for reach in Reach] == [True, True, True]
    assert [looks_like("Polisa Plus", "Plus", reach) for reach in Reach] == [False, True, True]
    assert [looks_like("Plusik", "Plus", reach) for reach in Reach] == [False, False, True]
    assert [looks_like("Opluska", "Plus", reach) for reach in Reach] == [False, False, False]


NAMES = st.text("ABCIMNOPRSUVWZabcilmnoprsuvwz012458.- ", min_size=1, max_size=11)


@given(NAMES, st.sampled_from(["PZU", "Warta", "mBank", "Link4", "T-Mobile"]))
def test_a_longer_reach_refuses_no_less(name: str, word: str) -> None:
    by_reach = [looks_like(name, word, reach) for reach in Reach]
    assert by_reach == sorted(by_reach)


@given(NAMES)
def test_a_name_always_looks_like_itself(name: str) -> None:
    if any(letter.isalnum() for letter in name):
        assert looks_like(name, name, Reach.NAME)
