"""Messy titles with their truth: every code that stands in one is found, and no other agency is ever credited.

Made as payers and banks make them: with words around the code, in any case, with spaces, hyphens and line breaks in it,
letters for digits, cut at the bank's width, inside split payments, beside NIPs, invoice numbers, accounts and dates.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from accounts.registration_codes import fold, format_code, generate
from billing.transfer_titles import CodeIndex, find_codes

NUM_TITLES = 600
NUM_CODES = 5000

BEFORE = (
    *(
        "",
        "KOD ",
        "KOD REJESTRACYJNY ",
        "kod rej.: ",
        "KOD REJ ",
        "zaplata za sms ",
        "Doładowanie ",
    ),
    *("OPLATA ZA PAKIET SMS KOD ", "AGENT.M6 ", "nr ", "tyt. ", "za listopad 2026, kod ", "KOD:"),
    *("FAKTURA FV/2026/11/0001 ", "NIP 5261040828 ", "umowa 12/2026 ", "Przelew środków, ", "SMS/"),
)
AFTER = (
    *(
        "",
        " dziękuję",
        " PROSZE O FAKTURE",
        ", Jan Kowalski",
        " 10.03.2026",
        " ZA SMS",
        " 58,00 ZL",
    ),
    *(" NIP 526-10-40-828", " konto 76114020040000350243465646", "!", " (agencja)", " / 2026"),
)
WITHOUT = (
    *("ZA SMS", "FAKTURA FV/2026/11/0001", "doładowanie konta", "NIP 5261040828", "ZWROT", ""),
    *(
        "składka OC WPI 12345",
        "PRZELEW WŁASNY",
        "76114020040000350243465646",
        "UMOWA 4H2T",
        "8765432",
    ),
)


@dataclass(frozen=True)
class Case:
    title: str
    codes: list[str]


def write(code: str, chance: random.Random) -> str:
    """The code as somebody types it."""
    written = format_code(code)
    separator = chance.choice(["-", "-", "", " ", " - ", "\n", "–", "\xa0", ". "])
    written = written.replace("-", separator)
    if chance.random() < 0.2:
        place = chance.randrange(1, len(written))
        written = written[:place] + chance.choice([" ", "\r\n", "-"]) + written[place:]
    if chance.random() < 0.2:
        written = written.replace("0", "O").replace("1", chance.choice(["I", "l", "L"]))
    return chance.choice([str.upper, str.lower, str.title, str])(written)


def case_of(codes: list[str], chance: random.Random) -> Case:
    kind = chance.random()
    if kind < 0.15:
        return Case(chance.choice(WITHOUT), [])
    meant = chance.sample(codes, 2 if kind < 0.22 else 1)
    text = " i ".join(write(code, chance) for code in meant)
    if kind > 0.9:
        title = f"/VAT/10,85/IDC/5261040828/INV/{chance.choice(['FV 12', text])}/TXT/{text}"
    else:
        title = chance.choice(BEFORE) + text + chance.choice(AFTER)
    if chance.random() < 0.3:
        width = chance.choice([27, 35, 65])
        title = "\n".join(title[start : start + width] for start in range(0, len(title), width))
    return Case(title, sorted(meant))


def test_messy_titles_name_whom_they_mean_and_nobody_else() -> None:
    chance = random.Random(400)
    codes = sorted({generate() for _ in range(NUM_CODES)})
    index = CodeIndex(codes)
    cases = [case_of(codes, chance) for _ in range(NUM_TITLES)]
    wrong = [case for case in cases if not set(find_codes(case.title, index)) <= set(case.codes)]
    assert wrong == []
    single = [case for case in cases if len(case.codes) == 1]
    found = [case for case in single if find_codes(case.title, index) == case.codes]
    assert len(single) > 400
    assert len(found) >= 0.99 * len(single), [c for c in single if c not in found]
    for case in cases:
        if len(case.codes) == 2:
            assert sorted(find_codes(case.title, index)) == case.codes


def test_a_title_that_a_bank_cut_off_credits_nobody_by_what_is_left() -> None:
    chance = random.Random(27)
    codes = sorted({generate() for _ in range(NUM_CODES)})
    index = CodeIndex(codes)
    for _ in range(NUM_TITLES):
        code = chance.choice(codes)
        title = f"OPLATA ZA SMS KOD REJESTRACYJNY {format_code(code)}"
        cut = title[: chance.choice([27, 35, 38])]
        assert set(find_codes(cut, index)) <= ({code} if fold(code) in fold(cut) else set())
