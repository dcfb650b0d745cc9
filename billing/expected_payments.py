"""Payments that the bank's list lets us expect before its statement comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from billing.booking import MANUAL_BOOKING_TOLERANCE
from billing.matching import suggest
from billing.models import BankLine, LineSuggestion, Payment
from billing.statements.mbank_operations_list import Operation


@dataclass(frozen=True, slots=True)
class Expected:
    """Money on its way into the statement, whose it may be, and the payment that it is already booked as."""

    operation: Operation
    suggestions: list[LineSuggestion]
    booked: Payment | None


def expected_payments(operations: Sequence[Operation]) -> list[Expected]:
    """What each operation will be, by the ladder of matching. Nothing is stored; each payment is named once."""
    found = suggest([_line(operation) for operation in operations])
    agencies = {each.agency for suggestions in found for each in suggestions}
    payments = list(
        Payment.objects.filter(agency__in=agencies, undone_at=None)
        .filter(amount__in={operation.amount for operation in operations})
        .select_related("agency", "invoice")
        .order_by("id")
    )
    return [
        Expected(operation, suggestions, _take_booked(operation, suggestions, payments))
        for operation, suggestions in zip(operations, found, strict=True)
    ]


def _line(operation: Operation) -> BankLine:
    """As matching looks at it: the bank writes payer and title into one text."""
    return BankLine(
        title=operation.description,
        payer_name=operation.description,
        payer_account=operation.payer_account,
    )


def _take_booked(
    operation: Operation, suggestions: Sequence[LineSuggestion], payments: list[Payment]
) -> Payment | None:
    """The payment that the operation is booked as, taken out of the list: of two equal transfers each has its own."""
    agencies = {each.agency_id for each in suggestions}
    for payment in payments:
        is_near = abs(payment.received_on - operation.day) <= MANUAL_BOOKING_TOLERANCE
        if is_near and payment.amount == operation.amount and payment.agency_id in agencies:
            payments.remove(payment)
            return payment
    return None
