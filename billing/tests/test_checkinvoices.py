"""`manage.py checkinvoices` finds what must not be."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import Agency, User
from billing import booking, corrections
from billing.tests.payments import invoice_with_pdf, pay

pytestmark = pytest.mark.django_db


def check() -> str:
    """What it prints; raises CommandError with it."""
    out, err = StringIO(), StringIO()
    try:
        call_command("checkinvoices", stdout=out, stderr=err)
    except CommandError as error:
        raise CommandError(err.getvalue()) from error
    return out.getvalue()


def spoil(sql: str) -> None:
    """Change what nobody can change by the portal."""
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_all_is_well(agency: Agency, billing_clerk: User) -> None:
    invoice_with_pdf(agency)
    corrections.correct_to_zero(pay(agency, 999).invoice, by=billing_clerk, reason="x")
    booking.undo(pay(agency, 1), by=billing_clerk, reason="x")
    payment = pay(agency, 12345)
    corrections.replace(payment.invoice, by=billing_clerk, reason="x")
    booking.undo(payment, by=billing_clerk, reason="x")
    assert "in order" in check()


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("UPDATE billing_invoicecounter SET last_number = 3", "the counter stands at 3"),
        ("UPDATE billing_invoice SET sequence = 7", "from 7 to 7"),
        ("UPDATE billing_invoice SET month = 1", "another month"),
        ("UPDATE billing_invoice SET net = net - 1, vat = vat + 1", "do not follow"),
        ("UPDATE billing_payment SET amount = 1", "no invoice over its amount"),
        ("UPDATE billing_payment SET undone_at = booked_at", "not corrected to zero"),
        ("UPDATE billing_invoicepdf SET sha256 = 'x'", "not the one that was made"),
    ],
)
def test_what_is_wrong_is_told(agency: Agency, sql: str, fault: str) -> None:
    invoice_with_pdf(agency)
    spoil(sql)
    with pytest.raises(CommandError, match=fault):
        check()
