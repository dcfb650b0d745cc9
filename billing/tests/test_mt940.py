"""The peculiarities of MT940 files, one by one."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from billing.statements import read_statement
from billing.statements.checks import balance_problem
from billing.statements.rows import ParsedStatement, StatementError, StatementRow
from billing.tests.statement_files import ACCOUNT, statement


def read(text: str) -> ParsedStatement:
    (parsed,) = read_statement(text.encode())
    return parsed


def read_row(*lines: str) -> StatementRow:
    (row,) = read(statement(*lines)).rows
    return row


def booked(entry: str, details: str = ":86:020?20ZA SMS") -> StatementRow:
    return read_row(f":61:{entry}", details)


def code_of_refusal(text: str) -> str:
    with pytest.raises(StatementError) as refused:
        read_statement(text.encode())
    return refused.value.code


@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n"])
def test_any_line_end_will_do(line_end: str) -> None:
    parsed = read(statement().replace("\r\n", line_end))
    assert [row.title for row in parsed.rows] == ["KOD 7K3M-9QW3"]
    assert parsed.rows[0].line_number == 5


def test_byte_order_mark_and_framing_characters_do_not_matter() -> None:
    framed = b"\xef\xbb\xbf\x01\r\n" + statement(end="-\x03").encode() + b"\x1a"
    (parsed,) = read_statement(framed)
    assert balance_problem(parsed) is None


def test_a_swift_envelope_does_not_matter() -> None:
    text = "{1:F01BREXPLPWXXXX}{2:O940}{4:\r\n" + statement(end="-}{5:{CHK:0}}") * 2
    assert len(read_statement(text.encode())) == 2


@pytest.mark.parametrize(
    ("mark", "kind", "grosze"),
    [
        ("C", "credit", 5800),
        ("CN", "credit", 5800),
        ("CD", "credit", 5800),
        ("CR", "credit", 5800),
        ("D", "debit", -5800),
        ("DR", "debit", -5800),
        ("DD", "debit", -5800),
        ("RC", "reversal_of_credit", -5800),
        ("RCN", "reversal_of_credit", -5800),
        ("RD", "reversal_of_debit", 5800),
        ("RDR", "reversal_of_debit", 5800),
    ],
)
def test_marks_with_and_without_the_letter_of_the_currency(
    mark: str, kind: str, grosze: int
) -> None:
    row = booked(f"2603100310{mark}58,00NTRFNONREF")
    assert (row.kind.value, row.amount_grosze) == (kind, grosze)


@pytest.mark.parametrize(
    ("written", "grosze"),
    [("1000,", 100000), (",50", 50), ("58,5", 5850), ("000000001273,23", 127323), ("0,00", 0)],
)
def test_amounts_as_swift_writes_them(written: str, grosze: int) -> None:
    assert booked(f"2603100310CN{written}NTRFNONREF").amount_grosze == grosze


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ("2603100310", date(2026, 3, 10)),
        ("260310", date(2026, 3, 10)),
        ("2603100309", date(2026, 3, 9)),
        ("2601021231", date(2025, 12, 31)),
        ("2512310102", date(2026, 1, 2)),
        ("2403010229", date(2024, 2, 29)),
    ],
)
def test_the_booking_day_takes_its_year_from_the_value_date(days: str, expected: date) -> None:
    assert booked(f"{days}CN58,00NTRFNONREF").booked_on == expected


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("2602300310CN58,00NTRFNONREF", "date"),
        ("2603100230CN58,00NTRFNONREF", "date"),
        ("2603100229CN58,00NTRFNONREF", "date"),
        ("2603100310XN58,00NTRFNONREF", "layout"),
        ("2603100310CN58NTRFNONREF", "layout"),
        ("2603100310CN,NTRFNONREF", "layout"),
        ("2603100310CN5.800,00NTRFNONREF", "layout"),
        ("2603100310CN58,005NTRFNONREF", "layout"),
        ("", "layout"),
    ],
)
def test_an_unreadable_line_is_kept_apart_with_its_text(entry: str, reason: str) -> None:
    good = ":61:2603100310CN1,00NTRFNONREF"
    parsed = read(statement(f":61:{entry}", ":86:020?20ZA SMS", good))
    assert [row.amount_grosze for row in parsed.rows] == [100]
    (bad,) = parsed.unreadable
    assert (bad.line_number, bad.reason.value) == (5, reason)
    assert bad.raw == f":61:{entry}\n:86:020?20ZA SMS"
    assert balance_problem(parsed) is not None


@pytest.mark.parametrize(
    ("references", "kept"),
    [
        ("NTRFNONREF//BR07296102000003", "BR07296102000003"),
        ("NTRFFAKTURA 7//BR07296102000003", "BR07296102000003"),
        ("S15000000029217", "S15000000029217"),
        ("S103NONREF", ""),
        ("NTRFNONREF", ""),
        ("NTRF7K3M9QW3", ""),
    ],
)
def test_only_a_reference_of_the_bank_is_kept(references: str, kept: str) -> None:
    assert booked(f"2603100310C58,00{references}").bank_reference == kept


def test_subfields_join_whole_words_and_codes_across_their_borders() -> None:
    row = read_row(
        ":61:2603100310CN58,00NTRFNONREF",
        ":86:020~00051",
        "~20ABCDEFGHIJKLMNOPQRSTUVW7K3M",
        "~219QW3 I DALEJ",
        "~22OSOBNO",
        "~32JAN",
        "~33KOWALSKI",
    )
    assert row.title == "ABCDEFGHIJKLMNOPQRSTUVW7K3M9QW3 I DALEJ OSOBNO"
    assert row.payer_name == "JAN KOWALSKI"


def test_subfield_marks_cut_by_line_ends_and_out_of_order_are_read() -> None:
    row = read_row(
        ":61:2603100310CN58,00NTRFNONREF",
        ":86:020?32JAN?2",
        "1DRUGI?20ABCDEFGHIJKLMNOPQRSTUVWXYZ1?3811402004000",
        "03502434656460",
    )
    assert row.title == "ABCDEFGHIJKLMNOPQRSTUVWXYZ1DRUGI"
    assert row.payer_name == "JAN"


def test_millennium_keeps_account_and_name_where_others_continue_the_title() -> None:
    row = read_row(
        ":61:2603100310CN58,00NTRFNONREF",
        f":86:020<00Przelew<20ZA SMS<26{ACCOUNT}<27JAN KOWALSKI<28OPOLE",
    )
    assert (row.title, row.payer_account) == ("ZA SMS", ACCOUNT)


@pytest.mark.parametrize(
    ("subfields", "account"),
    [
        (f"~38PL{ACCOUNT}", ACCOUNT),
        (f"~29{ACCOUNT}", ACCOUNT),
        (f"~31{ACCOUNT}", ACCOUNT),
        ("~38FR7630004013280001089882824", "FR7630004013280001089882824"),
        ("~3011402004~310000350243465646", ""),
        ("~38", ""),
    ],
)
def test_the_payers_account_is_a_whole_one_or_none(subfields: str, account: str) -> None:
    assert booked("2603100310C58,00NTRF", f":86:020~20SMS{subfields}").payer_account == account


def test_a_missing_description_leaves_the_line_readable() -> None:
    row = read_row(":61:2603100310CN58,00NTRFNONREF")
    assert (row.amount_grosze, row.title, row.payer_name) == (5800, "", "")


def test_free_text_without_labels_is_the_title() -> None:
    row = booked("2603100310CN58,00NTRF", ":86:Wplata 7K3M-9QW3\r\nza SMS")
    assert row.title == "Wplata 7K3M-9QW3 za SMS"


LABELLED = (
    ":86:770 przelew krajowy; z rach.: 87109010560000000000001001; od:",
    "ANNA TESTOWA; tyt.: KOD; NIE ZNAM",
    "-",
    "7K3M-9QW3; tnr: 154961063700001.000001",
)


def test_labels_are_read_in_any_case_and_with_blanks_lost_at_line_ends() -> None:
    row = read_row(":61:2603100310CN58,00NTRFNONREF//EL004391-000001", *LABELLED)
    assert row.title == "KOD; NIE ZNAM - 7K3M-9QW3"
    assert row.payer_name == "ANNA TESTOWA"
    assert row.payer_account == "87109010560000000000001001"
    assert row.bank_reference == "154961063700001.000001"


def test_labels_that_a_payer_writes_do_not_replace_the_banks() -> None:
    row = read_row(
        ":61:2603100310CN58,00NTRFNONREF//EL004391-000001",
        f":86:770 PRZELEW; Z RACH.: {ACCOUNT}; OD: ANNA; OD: EWA; TYT.: A; OD: B; Z RACH.: 1; ",
        "TYT.: 7K3M-9QW3; TNR: 9; TNR: 5",
    )
    assert (row.payer_name, row.payer_account, row.bank_reference) == ("ANNA", ACCOUNT, "5")
    assert row.title == "A; OD: B; Z RACH.: 1; TYT.: 7K3M-9QW3"


def test_a_payer_cannot_book_lines_by_writing_them_into_the_title() -> None:
    row = read_row(
        ":61:2603100310CN58,00NTRFNONREF//EL004391-000001",
        f":86:770 PRZELEW KRAJOWY; Z RACH.: {ACCOUNT}; OD: JAN; TYT.: SMS ",
        ":61:2603100310CN900,00NTRFNONREF//EL1 ",
        ":86:770;TYT.:7K3M-9QW3;TNR:1XXXXXXXXXXXXXXXXXXXXXXXXXXXX ",
        ":61:2603100310DN900,00NTRFNONREF//EL2 ",
        "; TNR: 154961063700001.000001",
    )
    assert row.amount_grosze == 5800
    assert row.bank_reference == "154961063700001.000001"


def test_a_description_behind_the_closing_balance_belongs_to_no_line() -> None:
    text = statement().replace("\r\n-", "\r\n:86:SALDO DOSTEPNE 9999,00\r\n-")
    (row,) = read(text).rows
    assert row.title == "KOD 7K3M-9QW3"


def test_a_statement_without_lines_is_a_statement() -> None:
    empty = ":20:1\n:25:/PL" + ACCOUNT + "\n:28C:1\n:60F:D260310PLN5,00\n:62F:D260310PLN5,00\n-"
    parsed = read(empty)
    assert (parsed.rows, parsed.opening_grosze, parsed.closing_grosze) == ((), -500, -500)
    assert balance_problem(parsed) is None


def test_a_file_may_hold_several_accounts_and_currencies() -> None:
    other = "46114010100000579009004001"
    euro = statement(account=other, opening="C260310EUR0,00", closing="C260310EUR58,00")
    first, second = read_statement((statement() + "\x01\r\n" + euro).encode())
    assert (first.account, first.currency) == (ACCOUNT, "PLN")
    assert (second.account, second.currency, second.rows[0].currency) == (other, "EUR", "EUR")


def test_a_missing_closing_balance_is_a_problem_to_show_not_a_refusal() -> None:
    parsed = read(statement(closing=None))
    assert parsed.closing_grosze is None
    assert len(parsed.rows) == 1
    with translation.override("en"):
        assert "no closing balance" in (balance_problem(parsed) or "")


def test_a_balance_that_does_not_close_is_told_with_its_numbers() -> None:
    with translation.override("en"):
        problem = balance_problem(read(statement(closing="C260310PLN1258,00"))) or ""
    assert "100,00" in problem
    assert "158,00" in problem
    assert "1\xa0258,00" in problem


@pytest.mark.parametrize("kept", [1, 3, 5, 6])
def test_a_file_cut_before_the_closing_balance_is_refused(kept: int) -> None:
    lines = statement().split("\r\n")
    assert code_of_refusal("\r\n".join(lines[:kept])) == "truncated"


@pytest.mark.parametrize(
    "text",
    [
        statement(opening="260310"),
        statement(closing="C260310PLN158"),
        statement(closing="C260310EUR158,00"),
        statement().replace(":60F:C260310PLN100,00\r\n", ""),
        statement().replace(":20:MT940\r\n", ""),
        statement() + statement().replace(":20:MT940\r\n", ""),
    ],
)
def test_a_statement_whose_frame_is_broken_is_refused(text: str) -> None:
    assert code_of_refusal(text) == "damaged"


@pytest.mark.parametrize("account", ["", "12345678", "FR7630004013280001089882824"])
def test_an_account_that_is_not_polish_is_refused(account: str) -> None:
    assert code_of_refusal(statement(account=account)) == "foreign_account"
