"""Tables of banks that we do not know: found, recognised by their headers, read and proved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.statements import read_statement
from billing.statements.csv_columns import Column, guess_columns, layout_of
from billing.statements.other_csv import day, find_table, first_rows, grosze
from billing.statements.reading import Reading
from billing.statements.rows import EntryKind, ParsedStatement, Refusal, StatementError
from billing.tests.statement_files import ACCOUNT

PAYER = "61109010140000071219812874"
# The bank lists the newest line first, and names the account above the table.
NEWEST_FIRST = f"""Historia rachunku;
Rachunek;{ACCOUNT[:2]} {ACCOUNT[2:6]} {ACCOUNT[6:]};
;;
Data operacji;Data księgowania;Tytuł;Nadawca / Odbiorca;Numer konta;Kwota;Saldo po operacji;
2026-11-21;2026-11-23;KOD 7K3M-9QW3;"ŻÓŁĆ; ANNA";'{PAYER}';58,00;"1 248,50";
2026-11-20;2026-11-20;Opłata;BANK;;-9,50;"1 190,50";
2026-11-19;2026-11-19;"za ""SMS"" i";FIRMA;{PAYER};1 200,00;"1 200,00";
"""
HEADERS = (
    "Numer rachunku/karty,Data transakcji,Data rozliczenia,Rodzaj transakcji,Z konta,"
    "Odbiorca/Zleceniodawca,Opis,Obciążenia,Uznania,Saldo,Waluta"
)
# Amounts have columns of their own, the account too, and a total stands below.
BY_COLUMNS = f"""{HEADERS}
"PL{ACCOUNT}","2026-11-19","2026-11-19","PRZELEW PRZYCHODZĄCY","","FIRMA","KOD 7K3M-9QW3","","29.00","129.00","PLN"
"PL{ACCOUNT}","2026-11-20","2026-11-20","OPŁATA","","","za kartę","-5.00","","124.00","PLN"
"PL{ACCOUNT}","2026-11-20","2026-11-20","STORNO PRZELEWU","","FIRMA","KOD 7K3M-9QW3","-29.00","","95.00","PLN"
"","","","","","","Razem","-34.00","29.00","",""
"""
NO_BALANCE = """Data\tKwota\tOpis\tKontrahent
22.11.2026\t29,00 PLN\tKOD 7K3M-9QW3\tANNA
23/11/2026\t-4 PLN\topłata\t
"""


def read(text: str, encoding: str = "utf-8", **said: object) -> ParsedStatement:
    """Read it with the columns that its headers suggest."""
    table = find_table(text)
    assert table is not None
    reading = Reading(
        layouts={table.layout: guess_columns(table.headers)},
        account=ACCOUNT,
        **said,  # type: ignore[arg-type]
    )
    (parsed,) = read_statement(text.encode(encoding), reading)
    return parsed


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "iso-8859-2", "cp852"])
def test_a_table_with_balances_is_read_whatever_its_order_and_letters(encoding: str) -> None:
    parsed = read(NEWEST_FIRST, encoding)
    assert (parsed.opening_grosze, parsed.closing_grosze) == (0, 1248_50)
    assert parsed.account == ACCOUNT
    newest, fee, oldest = parsed.rows
    assert newest.booked_on == date(2026, 11, 23)
    assert (newest.amount_grosze, newest.kind) == (58_00, EntryKind.CREDIT)
    assert (newest.title, newest.payer_name) == ("KOD 7K3M-9QW3", "ŻÓŁĆ; ANNA")
    assert newest.payer_account == PAYER
    assert newest.line_number == 5
    assert fee.kind is EntryKind.DEBIT
    assert (oldest.title, oldest.amount_grosze) == ('za "SMS" i', 1200_00)


def test_amounts_in_columns_of_their_own_reversals_and_a_total_below() -> None:
    parsed = read(BY_COLUMNS)
    assert [row.amount_grosze for row in parsed.rows] == [29_00, -5_00, -29_00]
    assert [row.kind for row in parsed.rows] == [
        EntryKind.CREDIT,
        EntryKind.DEBIT,
        EntryKind.REVERSAL_OF_CREDIT,
    ]
    (total,) = parsed.unreadable
    assert (total.line_number, total.amount_grosze) == (5, None)
    assert "Razem" in total.raw


def test_lines_of_another_account_are_a_statement_of_their_own() -> None:
    other = BY_COLUMNS.replace(f"PL{ACCOUNT}", PAYER, 1)
    table = find_table(other)
    assert table is not None
    reading = Reading(layouts={table.layout: guess_columns(table.headers)}, account=ACCOUNT)
    statements = read_statement(other.encode(), reading)
    assert {parsed.account: len(parsed.rows) for parsed in statements if parsed.rows} == {
        PAYER: 1,
        ACCOUNT: 2,
    }


def test_without_balances_they_are_asked_for_and_without_an_account_somebody_must_vouch() -> None:
    with pytest.raises(StatementError) as refused:
        read(NO_BALANCE)
    assert refused.value.code == Refusal.CSV_ACCOUNT
    with pytest.raises(StatementError) as refused:
        read(NO_BALANCE, is_vouched=True)
    assert refused.value.code == Refusal.CSV_BALANCES
    parsed = read(NO_BALANCE, is_vouched=True, opening_grosze=1_00, closing_grosze=26_00)
    assert [(row.booked_on.day, row.amount_grosze, row.currency) for row in parsed.rows] == [
        (22, 29_00, "PLN"),
        (23, -4_00, "PLN"),
    ]


def test_a_table_that_nobody_has_named_is_asked_about() -> None:
    with pytest.raises(StatementError) as refused:
        read_statement(NEWEST_FIRST.encode(), Reading(account=ACCOUNT))
    assert refused.value.code == Refusal.CSV_COLUMNS


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("-9,50", "9,50"),
        ("-9,50", "-9,60"),
        ('2026-11-20;2026-11-20;Opłata;BANK;;-9,50;"1 190,50";\n', ""),
        ('"1 190,50"', '"1 190,40"'),
    ],
    ids=["sign", "amount", "lost line", "balance"],
)
def test_balances_that_contradict_the_amounts_refuse_the_whole_file(old: str, new: str) -> None:
    with pytest.raises(StatementError) as refused:
        read(NEWEST_FIRST.replace(old, new, 1))
    assert refused.value.code == Refusal.CSV_CHAIN


@pytest.mark.parametrize(
    ("cell", "reason"), [("2026-02-30", "date"), ("31.11.2026", "date"), ("wczoraj", "date")]
)
def test_a_line_of_no_day_is_kept_and_no_payment(cell: str, reason: str) -> None:
    parsed = read(NEWEST_FIRST.replace("2026-11-23", cell))
    assert [line.reason for line in parsed.unreadable] == [reason]
    assert parsed.unreadable[0].amount_grosze == 58_00
    assert len(parsed.rows) == 2


@pytest.mark.parametrize(
    "text",
    [
        "Dzień dobry, proszę o fakturę, pozdrawiam, Anna",
        "a;b\n1;2\n",
        ";;;\n;;;\n",
        "\n".join(f"{';'.join('x' * 70)}" for _ in range(3)),
    ],
)
def test_what_is_no_table_is_none(text: str) -> None:
    assert find_table(text) is None
    with pytest.raises(StatementError) as refused:
        read_statement(text.encode())
    assert refused.value.code == Refusal.OTHER_TEXT


def test_the_first_lines_are_shown_as_the_columns_stand() -> None:
    table = find_table(NO_BALANCE)
    assert table is not None
    assert first_rows(NO_BALANCE, table, 1) == [
        ["22.11.2026", "29,00 PLN", "KOD 7K3M-9QW3", "ANNA"]
    ]


def test_of_several_days_the_day_of_booking_is_taken_and_titles_may_be_several() -> None:
    headers = ["Data operacji", "Data księgowania", "Opis", "Tytuł", "Kwota", "Kwota operacji"]
    assert guess_columns(headers) == [
        "",
        Column.BOOKED_ON,
        Column.TITLE,
        Column.TITLE,
        Column.AMOUNT,
        "",
    ]
    assert layout_of(headers) == layout_of([header.upper() for header in headers])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("29,00", 2900),
        ("29.5", 2950),
        ("29", 2900),
        ("+1 234,50 PLN", 123450),
        ("-1.234,50", -123450),
        ("1,234.50", 123450),
        ("1\xa0234\u202f567,89", 123456789),
        ("\u22125,00", -500),
        ("29,00-", -2900),
        ("1'234.50", 123450),
        ("1.234", None),
        ("1,234", None),
        ("1.234.50", None),
        ("", None),
        ("abc", None),
        ("29,001", None),
        ("--5", None),
        ("=1+1", None),
    ],
)
def test_amounts_as_banks_write_them(text: str, expected: int | None) -> None:
    assert grosze(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-22", date(2026, 11, 22)),
        ("22.11.2026", date(2026, 11, 22)),
        ("2-1-2026", date(2026, 1, 2)),
        ("22/11/2026 13:45", date(2026, 11, 22)),
        ("2026-11-22T10:00:00", date(2026, 11, 22)),
        ("20261122", date(2026, 11, 22)),
        ("2026.11.22", date(2026, 11, 22)),
        ("22.11-2026", None),
        ("2026-13-01", None),
        ("22.11.26", None),
        ("", None),
    ],
)
def test_days_as_banks_write_them(text: str, expected: date | None) -> None:
    assert day(text) == expected


CELLS = st.text(
    st.characters(exclude_characters="\0\r\n", exclude_categories=["Cs", "Cc"]), max_size=30
)
LINES = st.lists(
    st.tuples(
        st.dates(date(2026, 1, 1), date(2026, 11, 25)),
        st.integers(-(10**9), 10**9).filter(bool),
        CELLS,
    ),
    min_size=1,
    max_size=12,
)


@given(
    lines=LINES,
    opening=st.integers(-(10**9), 10**9),
    separator=st.sampled_from(";,\t|"),
    order=st.permutations(["Data księgowania", "Kwota", "Tytuł", "Saldo", "Nr rachunku"]),
    is_reversed=st.booleans(),
)
def test_whatever_the_columns_and_their_order_each_amount_comes_out(
    lines: Sequence[tuple[date, int, str]],
    opening: int,
    separator: str,
    order: Sequence[str],
    is_reversed: bool,
) -> None:
    balance, records = opening, []
    for booked_on, amount, title in lines:
        balance += amount
        cells = {
            "Data księgowania": f"{booked_on:%d.%m.%Y}",
            "Kwota": decimal(amount),
            "Tytuł": title,
            "Saldo": decimal(balance),
            "Nr rachunku": ACCOUNT,
        }
        records.append([cells[name] for name in order])
    if is_reversed:
        records.reverse()
    text = "\n".join(separator.join(map(quoted, cells)) for cells in [order, *records])
    parsed = read(text)
    expected = [(booked_on, amount) for booked_on, amount, _title in lines]
    found = [(row.booked_on, row.amount_grosze) for row in parsed.rows]
    assert sorted(found) == sorted(expected)
    assert parsed.opening_grosze + sum(amount for _day, amount in found) == parsed.closing_grosze
    titles = [" ".join(title.split()) for _day, _amount, title in lines]
    assert sorted(row.title for row in parsed.rows) == sorted(titles)


def decimal(grosze: int) -> str:
    return f"{'-' if grosze < 0 else ''}{abs(grosze) // 100},{abs(grosze) % 100:02}"


def quoted(cell: str) -> str:
    doubled = cell.replace('"', '""')
    return f'"{doubled}"'


def test_the_parsed_statement_tells_its_encoding() -> None:
    assert read(NEWEST_FIRST, "cp1250").encoding == "cp1250"
