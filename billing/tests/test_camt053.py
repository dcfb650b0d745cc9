from __future__ import annotations

from datetime import date

import pytest

from billing.statements import read_statement
from billing.statements.checks import balance_problem
from billing.statements.rows import EntryKind, ParsedStatement, StatementError
from billing.tests.statement_files import sample

TEXT = sample("camt053_v08_utf8.xml").decode()
FIRST_DAY = "<BookgDt><Dt>2026-03-10</Dt></BookgDt>"
PART = '<TxDtls><Amt Ccy="PLN">{}</Amt><RmtInf><Ustrd>{}</Ustrd></RmtInf></TxDtls>'


def read(old: str, new: str) -> ParsedStatement:
    assert old in TEXT
    (parsed,) = read_statement(TEXT.replace(old, new, 1).encode())
    return parsed


def with_details(details: str) -> ParsedStatement:
    start, end = TEXT.index("<NtryDtls>"), TEXT.index("</NtryDtls>")
    return read(TEXT[start:end], f"<NtryDtls>{details}")


@pytest.mark.parametrize("layout", ["camt053_v02_windows1250.xml", "camt053_v08_utf8.xml"])
def test_an_entry_that_is_not_booked_is_left_out(layout: str) -> None:
    assert b"PENDING, NOT BOOKED" in sample(layout)
    (parsed,) = read_statement(sample(layout))
    assert not any("PENDING" in row.title for row in parsed.rows)


@pytest.mark.parametrize(
    "prologue",
    [
        '<!DOCTYPE Document [<!ENTITY a "b">]>',
        '<!DOCTYPE Document SYSTEM "http://127.0.0.1:9/never.dtd">',
        '<!DOCTYPE Document [<!ENTITY file SYSTEM "file:///etc/hostname">]>',
    ],
)
def test_a_document_type_is_refused(prologue: str) -> None:
    with pytest.raises(StatementError) as refused:
        read("<Document", f"{prologue}<Document")
    assert refused.value.code == "damaged"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("</Stmt>", "", "damaged"),
        ("CLBD", "CLAV", "damaged"),
        ("OPBD", "ITBD", "damaged"),
        ("10950.00", "10 950,00", "damaged"),
        ('encoding="UTF-8"', 'encoding="klingon"', "damaged"),
        ("PL76114020040000350243465646", "CH1111111111111111111", "foreign_account"),
    ],
)
def test_a_file_that_proves_nothing_is_refused(old: str, new: str, code: str) -> None:
    with pytest.raises(StatementError) as refused:
        read(old, new)
    assert refused.value.code == code


def test_a_batch_is_as_many_lines_as_it_has_transfers() -> None:
    parsed = with_details(PART.format("28.00", "KOD A") + PART.format("30.00", "KOD B"))
    assert [(row.amount_grosze, row.title) for row in parsed.rows[:2]] == [
        (2800, "KOD A"),
        (3000, "KOD B"),
    ]
    assert balance_problem(parsed) is None


@pytest.mark.parametrize("second", ["31.00", "trzydzieści"])
def test_a_batch_that_does_not_add_up_is_no_ones(second: str) -> None:
    """One of its titles names a code, but the whole amount is not that agency's."""
    parsed = with_details(PART.format("28.00", "KOD A") + PART.format(second, "KOD B"))
    (line,) = parsed.unreadable
    assert (line.reason, line.amount_grosze, len(parsed.rows)) == ("batch", 5800, 13)
    assert balance_problem(parsed) is None


def test_a_returned_transfer_is_our_own_money() -> None:
    parsed = with_details(PART.format("58.00", "KOD A").replace("</TxDtls>", "<RtrInf/></TxDtls>"))
    assert parsed.rows[0].kind == EntryKind.REVERSAL_OF_DEBIT


def test_the_day_is_warsaws() -> None:
    moment = "<BookgDt><DtTm>2026-03-10T23:30:00Z</DtTm></BookgDt>"
    assert read(FIRST_DAY, moment).rows[0].booked_on == date(2026, 3, 11)


@pytest.mark.parametrize(
    ("old", "new", "reason", "grosze"),
    [
        (FIRST_DAY, "<BookgDt><Dt>2026-02-30</Dt></BookgDt>", "date", 5800),
        (FIRST_DAY, "", "date", 5800),
        ('<Amt Ccy="PLN">58.00</Amt>', '<Amt Ccy="PLN">NaN</Amt>', "amount", None),
    ],
)
def test_an_entry_that_cannot_be_read_is_kept(
    old: str, new: str, reason: str, grosze: int | None
) -> None:
    (line,) = read(old, new).unreadable
    assert (line.line_number, line.reason, line.amount_grosze) == (1, reason, grosze)
    assert "KOD REJESTRACYJNY" in line.raw


def test_namespaces_with_a_prefix_are_read_too() -> None:
    prefixed = TEXT.replace("<Document xmlns=", "<n0:Document xmlns:n0=").replace(
        "</Document>", "</n0:Document>"
    )
    assert len(read_statement(prefixed.encode())[0].rows) == 14
