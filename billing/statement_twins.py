"""Lines that may be the same booking in another format's words: never credited twice without a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence, Set
from datetime import date

from billing.models import BankLine, Statement
from billing.new_lines import NewLine


def mark_possible_twins(new: Sequence[NewLine], statement: Statement, keys: Set[str]) -> None:
    """Let new lines wait that another format's statement may have brought under another key.

    Formats cut titles at different lengths and some leave out the payer's account, so that one booking can have two
    keys. A stored line that this statement (all of its `keys`) holds under its own key is no such twin.
    """
    waiting = [line for line in new if line.is_waiting]
    stored = _lines_of_other_formats(statement, {line.row.booked_on for line in waiting}, keys)
    for line in waiting:
        others = stored[line.row.booked_on, line.row.amount_grosze]
        if any(_may_be_one(line.row.payer_account, account) for account in others):
            line.reason = BankLine.Reason.POSSIBLE_TWIN


def _lines_of_other_formats(
    statement: Statement, days: Set[date], keys: Set[str]
) -> defaultdict[tuple[date, int], list[str]]:
    lines = BankLine.objects.filter(statement__account=statement.account, booked_on__in=days)
    lines = lines.exclude(statement__format=statement.format)
    found: defaultdict[tuple[date, int], list[str]] = defaultdict(list)
    for key, day, amount, account in lines.values_list(
        "key", "booked_on", "amount", "payer_account"
    ):
        if key not in keys:
            found[day, amount].append(account)
    return found


def _may_be_one(account: str, other: str) -> bool:
    return account == other or not account or not other
