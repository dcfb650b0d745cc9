"""What the audit trail tells of payments and statements."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Agency, Event, User
from billing import booking
from billing.models import BankLine, StatementUpload
from billing.statement_import import import_statement
from billing.tasks import import_upload
from billing.tests.payments import pay
from billing.tests.statement_files import CREDIT, statement

WITHOUT_CODE = (":61:2603100310CN58,00NTRFNONREF//A1", ":86:020?20ZA SMS?32ANNA")


def post_statement(client: Client, content: str) -> None:
    file = SimpleUploadedFile("listopad.sta", content.encode())
    client.post("/operator/wyciagi/", {"file": file})
    import_upload(StatementUpload.objects.get().pk)


def told() -> list[tuple[str, str, Agency | None, User | None]]:
    """Kind, subject, agency and person of every event, oldest first; subjects without hard spaces."""
    return [
        (event.kind, event.subject.replace("\N{NO-BREAK SPACE}", " "), event.agency, event.person)
        for event in Event.objects.order_by("id")
    ]


def test_a_payment_by_hand_is_the_agencys_event(agency: Agency, billing_clerk: User) -> None:
    number = pay(agency, 123450, booked_by=billing_clerk).invoice.number
    assert told() == [("payment_booked", f"1 234,50 zł, {number}", agency, billing_clerk)]


def test_an_import_tells_the_operator_its_counts_and_the_agency_its_credit(
    agency: Agency, billing_clerk: User
) -> None:
    data = statement(*CREDIT, *WITHOUT_CODE, closing="C260310PLN216,00").encode()
    import_statement(data, "listopad.sta", billing_clerk)
    number = agency.invoices.get().number
    assert told() == [
        ("payment_booked", f"58,00 zł, {number}", agency, None),
        (
            "statement_imported",
            "listopad.sta (zaksięgowane: 1, czekają: 1, inne: 0, znane wcześniej: 0, nieodczytane: 0)",
            None,
            billing_clerk,
        ),
    ]


def test_through_the_page_the_credit_is_the_importers(
    agency: Agency, billing_clerk: User, as_clerk: Client
) -> None:
    post_statement(as_clerk, statement())
    assert {event.person for event in Event.objects.all()} == {billing_clerk}
    assert agency.events.get().ip == "127.0.0.1"


def test_a_refused_import_is_no_event(agency: Agency, as_clerk: Client) -> None:
    post_statement(as_clerk, "nonsense")
    assert told() == []


def test_an_assigned_line_is_an_event_of_that_agency(agency: Agency, billing_clerk: User) -> None:
    import_statement(statement(*WITHOUT_CODE).encode(), "listopad.sta")
    payment = booking.credit_line(BankLine.objects.get(), agency, billing_clerk)
    assert told()[1:] == [
        ("line_assigned", f"58,00 zł, {payment.invoice.number}", agency, billing_clerk)
    ]


def test_a_line_that_completes_a_payment_by_hand_books_nothing_new(
    agency: Agency, billing_clerk: User
) -> None:
    booked = booking.book_by_hand(
        agency=agency,
        amount=5800,
        received_on=date(2026, 3, 10),
        note="",
        booked_by=billing_clerk,
    )
    import_statement(statement().encode(), "listopad.sta")
    assert [kind for kind, *_rest in told()] == [
        "payment_booked",
        "line_assigned",
        "statement_imported",
    ]
    assert told()[1][1] == f"58,00 zł, {booked.invoice.number}"


def test_a_booking_that_fails_leaves_no_event(agency: Agency, billing_clerk: User) -> None:
    import_statement(statement(*WITHOUT_CODE).encode(), "listopad.sta")
    line = BankLine.objects.get()
    booking.credit_line(line, agency, billing_clerk)
    before = told()
    with pytest.raises(booking.LineNotWaiting):
        booking.credit_line(line, agency, billing_clerk)
    assert told() == before
