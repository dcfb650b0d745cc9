"""What templates print of money."""

from __future__ import annotations

from billing.templatetags.money import account_groups, zloty


def test_grosze_read_as_zloty() -> None:
    assert zloty(123450) == "1\N{NO-BREAK SPACE}234,50\N{NO-BREAK SPACE}zł"


def test_account_number_is_grouped_as_banks_print_it() -> None:
    assert account_groups("76114020040000350243465646") == "76 1140 2004 0000 3502 4346 5646"
