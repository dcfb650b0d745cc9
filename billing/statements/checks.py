"""Checks that a statement passes or fails by itself, whatever is already in the books."""

from __future__ import annotations

from django.utils.translation import gettext as _

from billing.money import format_decimal
from billing.statements.rows import ParsedStatement


def balance_problem(statement: ParsedStatement) -> str | None:
    """Say, translated, why opening balance and lines do not prove the closing balance.

    None when they do. A lost or misread line and a wrong sign all show here, so nothing of a
    statement with a problem may be booked unseen. An unreadable line counts where its amount can be read; where it
    cannot, the balance closes only if the line moved no money. Without a closing balance nothing is proved.
    """
    if statement.closing_grosze is None:
        return _("The statement has no closing balance, so its lines cannot be checked.")
    total = sum(row.amount_grosze for row in statement.rows)
    total += sum(line.amount_grosze or 0 for line in statement.unreadable)
    reached = statement.opening_grosze + total
    if reached == statement.closing_grosze:
        return None
    return _(
        "The lines lead from %(opening)s to %(reached)s, but the closing balance is %(closing)s."
    ) % {
        "opening": format_decimal(statement.opening_grosze),
        "reached": format_decimal(reached),
        "closing": format_decimal(statement.closing_grosze),
    }
