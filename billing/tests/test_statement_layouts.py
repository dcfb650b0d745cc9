"""The same fourteen booked lines in the layouts and formats of the banks' programs."""

from __future__ import annotations

from datetime import date

import pytest

from billing.statements import read_statement
from billing.statements.checks import balance_problem
from billing.statements.rows import ParsedStatement
from billing.tests.statement_files import ACCOUNT, LAYOUTS, OTHER_LAYOUTS, sample
from billing.transfer_titles import CodeIndex, find_codes

A, B, X = "7K3M9QW3", "4H2T08RG", "P5VD6NCH"
ANNA = ("ANNA TESTOWA", "87109010560000000000001001")
FIRM = ("AGENCJA UBEZPIECZENIOWA ŻÓŁĆ SP. Z O.O.", "87102052260000000000002002")
PIOTR = ("PIOTR ŚWIĘTOWZORCOWY", "32114020040000000000003003")
NOBODY = ("", "")
LONG_TITLE = (
    "OPLATA ZA PAKIET SMS KOD REJESTRACYJNY PROGRAMU AGENT.M6 7K3M9QW3 PROSZE O FAKTURE VAT "
    "NA ADRES E-MAIL PODANY PRZY REJESTRACJI DZIEKUJE"
)
SPLIT_PAYMENT = "/VAT/23,00/IDC/7540000000/INV/FV 12/2026/TXT/KOD 4H2T-08RG"
# Kind, signed grosze, title, payer, codes in the title.
TRUTH = [
    ("credit", 5800, "KOD REJESTRACYJNY 7K3M-9QW3", ANNA, [A]),
    ("credit", 29000, "7k3m-9qw3 doładowanie agent.m6", ANNA, [A]),
    ("credit", 10000, LONG_TITLE, FIRM, [A]),
    ("credit", 12300, SPLIT_PAYMENT, FIRM, [B]),
    ("credit", 5800, "KOD REJESTRACYJNY 7K3M-9QW3", ANNA, [A]),
    ("credit", 2900, "ZA SMS", ANNA, []),
    ("credit", 500, "KOD P5VD-6NCH", PIOTR, [X]),
    ("debit", -5000, "ZWROT NADPŁATY 7K3M-9QW3", ANNA, [A]),
    ("debit", -5000, "RAPORTY MT940 - OPŁATA", NOBODY, []),
    ("credit", 5800, "KOD 4H2T-O8RG", PIOTR, [B]),
    ("reversal_of_credit", -2900, "ZA SMS", ANNA, []),
    ("credit", 20000, "7K3M-9QW3 I 4H2T-08RG", FIRM, [A, B]),
    ("credit", 5800, "KOD REJ. 7K3M 9Q W3", PIOTR, [A]),
    ("credit", 10000, "FAKTURA 7/2026", FIRM, []),
]


@pytest.fixture(params=[*LAYOUTS, *OTHER_LAYOUTS])
def parsed(request: pytest.FixtureRequest) -> ParsedStatement:
    (only,) = read_statement(sample(request.param))
    return only


def test_the_statement_names_its_account_and_its_balances_close(parsed: ParsedStatement) -> None:
    assert (parsed.account, parsed.currency) == (ACCOUNT, "PLN")
    assert (parsed.opening_grosze, parsed.closing_grosze) == (1000000, 1095000)
    assert parsed.unreadable == ()
    assert balance_problem(parsed) is None


def test_every_line_has_its_day_kind_and_amount(parsed: ParsedStatement) -> None:
    assert [(row.kind.value, row.amount_grosze) for row in parsed.rows] == [
        (kind, grosze) for kind, grosze, *_ in TRUTH
    ]
    assert {row.booked_on for row in parsed.rows} == {date(2026, 3, 10)}
    assert {row.currency for row in parsed.rows} == {"PLN"}


def test_every_title_reads_as_the_payer_wrote_it_but_for_case(parsed: ParsedStatement) -> None:
    titles = [row.title.upper() for row in parsed.rows]
    expected = [title.upper() for _, _, title, _, _ in TRUTH]
    if parsed.format == "mbank_csv":
        # Fees have no title there, only a kind.
        expected[8] = "OPŁATA ZA RAPORTY MT940"
    assert titles == expected


def test_every_payer_is_known_by_name_and_account(parsed: ParsedStatement) -> None:
    for row, (_, _, _, (name, account), _) in zip(parsed.rows, TRUTH, strict=True):
        assert row.payer_name.startswith(name)
        assert bool(row.payer_name) == bool(name)
        assert row.payer_account == account


def test_the_codes_are_found_in_every_title(parsed: ParsedStatement) -> None:
    index = CodeIndex([A, B, X])
    assert [find_codes(row.title, index) for row in parsed.rows] == [case[4] for case in TRUTH]


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_line_tells_where_it_stands_in_the_file(name: str) -> None:
    (parsed,) = read_statement(sample(name))
    lines = sample(name).splitlines()
    for row in parsed.rows:
        assert lines[row.line_number - 1].startswith(b":61:260310")
    numbers = [row.line_number for row in parsed.rows]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("mbank_companynet.sta", "154961063700001.000001", "154961063700014.000001"),
        ("mbank_retail_mt940.sta", "S15000000029001", "S15000000029014"),
        ("pko_layout_mt940.sta", "6460500500000501", "6460500500000514"),
        ("millennium_bph_layout_mt940.sta", "5627001791917001", "5627001791917014"),
    ],
)
def test_the_banks_own_reference_tells_lines_apart(name: str, first: str, last: str) -> None:
    (parsed,) = read_statement(sample(name))
    references = [row.bank_reference for row in parsed.rows]
    assert (references[0], references[-1]) == (first, last)
    assert len(set(references)) == 14


@pytest.mark.parametrize(
    ("name", "format_"), list(zip(OTHER_LAYOUTS, ("mbank_csv", "camt053", "camt053"), strict=True))
)
def test_each_line_of_another_format_tells_where_it_stands(name: str, format_: str) -> None:
    (parsed,) = read_statement(sample(name))
    assert parsed.format == format_
    numbers = [row.line_number for row in parsed.rows]
    assert numbers == sorted(set(numbers))


def test_pekao_gives_no_reference_and_none_is_made_up() -> None:
    (parsed,) = read_statement(sample("pekao_layout_mt940.sta"))
    assert {row.bank_reference for row in parsed.rows} == {""}


def test_the_number_of_the_statement_is_kept_as_written() -> None:
    numbers = [read_statement(sample(name))[0].number for name in LAYOUTS]
    assert numbers == ["49/1", "260310", "49", "00049", "00049/01"]
