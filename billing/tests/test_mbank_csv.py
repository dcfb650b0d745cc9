from __future__ import annotations

from datetime import date

import pytest

from billing.statements import read_statement
from billing.statements.checks import balance_problem
from billing.statements.rows import EntryKind, ParsedStatement, StatementError
from billing.tests.statement_files import sample

TEXT = sample("mbank_zestawienie_operacji.csv").decode("cp1250").replace("\r\n", "\n")
FIRST = next(line for line in TEXT.splitlines() if "58,00;10 058,00" in line)
FEE = next(line for line in TEXT.splitlines() if "OPŁATA ZA RAPORTY" in line)


def read(old: str, new: str) -> ParsedStatement:
    assert old in TEXT
    (parsed,) = read_statement(TEXT.replace(old, new, 1).encode("cp1250"))
    return parsed


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("10 058,00;", "10 059,00;", "damaged"),
        (FIRST + "\n", "", "damaged"),
        ("'87109010560000000000001001';290,00", "'87109010560000000000001001';299,00", "damaged"),
        ("#Saldo początkowe;10 000,00 PLN", "#Saldo początkowe;", "damaged"),
        ("#Saldo końcowe", "", "truncated"),
        ("76 1140 2004 0000 3502 4346 5646", "DE89370400440532013000", "foreign_account"),
    ],
)
def test_a_file_that_proves_nothing_is_refused(old: str, new: str, code: str) -> None:
    with pytest.raises(StatementError) as refused:
        read(old, new)
    assert refused.value.code == code


def test_a_closing_balance_that_the_lines_do_not_reach_is_told() -> None:
    assert balance_problem(read("#Saldo końcowe;10 950,00", "#Saldo końcowe;10 951,00"))


def test_a_line_with_an_impossible_day_is_kept_with_its_amount() -> None:
    parsed = read(FIRST, FIRST.replace("2026-03-10", "2026-02-30"))
    (line,) = parsed.unreadable
    assert (line.reason, line.amount_grosze) == ("date", 5800)
    assert "KOD REJESTRACYJNY 7K3M-9QW3" in line.raw
    assert balance_problem(parsed) is None


def test_a_line_without_a_readable_amount_is_kept_and_breaks_the_balance() -> None:
    parsed = read(FIRST, FIRST.replace(";58,00;", ";58.OO;"))
    (line,) = parsed.unreadable
    assert (line.reason, line.amount_grosze) == ("amount", None)
    assert balance_problem(parsed)


def test_older_files_begin_with_the_day_of_the_operation() -> None:
    parsed = read("#Data księgowania;#Data operacji", "#Data operacji;#Data księgowania")
    assert parsed.rows[0].booked_on == date(2026, 3, 10)


def test_quotes_line_ends_and_semicolons_in_a_title_do_not_move_columns() -> None:
    parsed = read('"ZA SMS"', '"ZA; ""SMS""\n7K3M"')
    assert parsed.rows[5].title == 'ZA; "SMS" 7K3M'
    assert balance_problem(parsed) is None


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("PRZELEW ZEWNĘTRZNY WYCHODZĄCY", EntryKind.REVERSAL_OF_DEBIT),
        ("PRZELEW ZEWNĘTRZNY PRZYCHODZĄCY - KOREKTA", EntryKind.REVERSAL_OF_DEBIT),
        ("PRZELEW WEWNĘTRZNY PRZYCHODZĄCY", EntryKind.CREDIT),
    ],
)
def test_money_back_from_an_outgoing_transfer_is_no_credit(kind: str, expected: EntryKind) -> None:
    parsed = read(FIRST, FIRST.replace("PRZELEW ZEWNĘTRZNY PRZYCHODZĄCY", kind))
    assert parsed.rows[0].kind == expected


def test_no_break_spaces_group_thousands_too() -> None:
    assert read("10 058,00;", "10\xa0058,00;").rows[0].amount_grosze == 5800
