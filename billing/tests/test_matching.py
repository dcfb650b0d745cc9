"""Whose a payment is: what is credited by itself, what is only suggested and why, and what staff decide."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Agency, Event, EventKind, User
from accounts.tests.jobs import queued_jobs
from billing import booking, ledger, matching, tasks
from billing.models import BankLine, LineSuggestion, PayerAccount, Payment, Statement, StatementFile

pytestmark = pytest.mark.django_db

ACCOUNT = "27114020040000300201355387"
State = BankLine.State


@pytest.fixture
def statement(db: None) -> Statement:
    file = StatementFile.objects.create(sha256="0" * 64, name="wyciag.sta", content=b"x")
    return Statement.objects.create(
        file=file, format="mt940", account="1" * 26, opening_balance=0, closing_balance=0
    )


def line(statement: Statement, title: str, **changes: object) -> BankLine:
    fields = {
        "statement": statement,
        "key": str(BankLine.objects.count()),
        "line_number": 1,
        "booked_on": date(2026, 11, 20),
        "amount": 10000,
        "title": title,
        "state": State.UNMATCHED,
    } | changes
    return BankLine.objects.create(**fields)


def match(*lines: BankLine) -> matching.MatchCounts:
    counts = matching.match_lines([one.pk for one in lines])
    for one in lines:
        one.refresh_from_db()
    return counts


def suggested(one: BankLine) -> list[tuple[str, str]]:
    return [
        (each.agency.registration_code, each.reason)
        for each in one.suggestions.select_related("agency").order_by("id")
    ]


def test_one_code_credits_and_teaches_the_account(statement: Statement, agency: Agency) -> None:
    one = line(statement, "KOD 7k3m-9qw3", payer_account=ACCOUNT)
    assert match(one) == matching.MatchCounts(credited=1)
    assert (one.state, one.payment.agency) == (State.CREDITED, agency)
    assert ledger.balance_of(agency) == 10000
    assert one.payment.invoice.gross == 10000
    assert PayerAccount.objects.get().agency == agency
    assert [job.func for job in queued_jobs()] == ["billing.tasks.deliver_invoice"]
    event = Event.objects.get(kind=EventKind.PAYMENT_BOOKED)
    assert (event.agency, event.person) == (agency, None)


def test_a_known_account_only_suggests(statement: Statement, agency: Agency) -> None:
    match(line(statement, "7K3M9QW3", payer_account=ACCOUNT))
    later = line(statement, "za sms", payer_account=ACCOUNT)
    assert match(later) == matching.MatchCounts(suggested=1)
    assert later.state == State.UNMATCHED
    assert suggested(later) == [("7K3M9QW3", "account")]
    assert ledger.balance_of(agency) == 10000


def test_an_office_that_pays_for_two_is_suggested_for_both(
    statement: Statement, agency: Agency, other_agency: Agency
) -> None:
    for code in ("7K3M9QW3", "4H2T08RG"):
        match(line(statement, code, payer_account=ACCOUNT))
    later = line(statement, "za sms", payer_account=ACCOUNT)
    match(later)
    assert {code for code, _why in suggested(later)} == {"7K3M9QW3", "4H2T08RG"}


@pytest.mark.parametrize(
    ("title", "payer", "why"),
    [
        ("7K3M-9QW4", "", "typo"),
        ("doladowanie /NIP/1111111111/ sms", "", "nip"),
        ("faktura NIP 111-111-11-11", "", "nip"),
        ("za sms", "ŻÓŁĆ ANNA UBEZPIECZENIA UL. JADWIGI 12 OPOLE", "name"),
    ],
)
def test_what_suggests(
    statement: Statement, agency: Agency, other_agency: Agency, title: str, payer: str, why: str
) -> None:
    one = line(statement, title, payer_name=payer)
    assert match(one).suggested == 1
    assert suggested(one) == [("7K3M9QW3", why)]


@pytest.mark.parametrize(
    ("title", "payer"),
    [
        ("za sms", "ANNA NOWAK"),
        ("za sms", "UBEZPIECZENIA SP Z O O"),
        ("12345678901234567890", ""),
        ("7K3X9QW4", ""),
        ("", ""),
    ],
)
def test_what_suggests_nothing(
    statement: Statement, agency: Agency, title: str, payer: str
) -> None:
    one = line(statement, title, payer_name=payer)
    assert match(one) == matching.MatchCounts(unmatched=1)
    assert one.reason == "no_code"


def test_several_codes_are_left_to_staff(
    statement: Statement, agency: Agency, other_agency: Agency
) -> None:
    one = line(statement, "7K3M9QW3 i 4H2T08RG")
    assert match(one).credited == 0
    assert one.reason == "several_codes"
    assert suggested(one) == [("7K3M9QW3", "code"), ("4H2T08RG", "code")]


def test_a_payment_entered_by_hand_is_recognised_among_many(
    statement: Statement, agency: Agency, other_agency: Agency, billing_clerk: User
) -> None:
    booking.book_by_hand(
        agency=agency,
        amount=10000,
        received_on=date(2026, 11, 21),
        note="",
        booked_by=billing_clerk,
    )
    lines = [line(statement, "7K3M9QW3"), line(statement, "7K3M9QW3"), line(statement, "4H2T08RG")]
    assert match(*lines).credited == 3
    # The first is the one that was entered, the second another.
    assert ledger.balance_of(agency) == 20000
    assert Payment.objects.filter(agency=agency).count() == 2
    assert ledger.balance_of(other_agency) == 10000
    assert ledger.find_differences() == []


def test_many_lines_take_as_many_statements_as_few(statement: Statement, agency: Agency) -> None:
    def count(number: int) -> int:
        lines = [line(statement, "7K3M9QW3") for _line in range(number)]
        lines += [line(statement, "za sms", payer_name=f"x{n}") for n in range(number)]
        with CaptureQueriesContext(connection) as queries:
            matching.match_lines([one.pk for one in lines])
        return len(queries)

    few = count(3)
    # Each of the few invoices has a job.
    assert count(30) - few <= 2 * 27


def test_a_new_agency_finds_what_waits_for_its_code(statement: Statement, agency: Agency) -> None:
    one = line(statement, "KOD 4H2T-08RG")
    match(one)
    assert one.state == State.UNMATCHED
    new = Agency.objects.create(
        name="Nowa",
        street="u",
        postal_code="00-001",
        city="W",
        email="n@n.example",
        phone="+48601000009",
        registration_code="4H2T08RG",
    )
    assert "billing.tasks.match_waiting" in [job.func for job in queued_jobs()]
    assert tasks.match_waiting() == 1
    assert tasks.match_waiting() == 0
    assert ledger.balance_of(new) == 10000


def test_what_somebody_decided_meanwhile_is_left_out(
    statement: Statement, agency: Agency, billing_clerk: User
) -> None:
    one, two = line(statement, "7K3M9QW3"), line(statement, "7K3M9QW3")
    seen_before = [BankLine.objects.get(pk=each.pk) for each in (one, two)]
    booking.set_aside(one, "Nie nasze", by=billing_clerk)
    assert match(*seen_before).credited == 1
    one.refresh_from_db()
    assert one.state == State.SET_ASIDE
    assert ledger.balance_of(agency) == 10000


def test_what_staff_took_back_no_code_credits_again(
    statement: Statement, agency: Agency, billing_clerk: User
) -> None:
    one = line(statement, "7K3M9QW3", payer_account=ACCOUNT)
    match(one)
    booking.undo(one.payment, by=billing_clerk, reason="Nie ta agencja")
    assert not PayerAccount.objects.exists()
    assert tasks.match_waiting() == 0
    one = BankLine.objects.get(pk=one.pk)
    assert one.state == State.UNMATCHED
    booking.credit_line(one, agency, billing_clerk)
    assert ledger.balance_of(agency) == 10000


# --- the queue ------------------------------------------------------------------------------------


def test_a_suggestion_is_accepted(statement: Statement, agency: Agency, as_clerk: Client) -> None:
    one = line(statement, "7K3M-9QW4", payer_account=ACCOUNT)
    match(one)
    page = as_clerk.get("/operator/wplaty/").content.decode()
    assert "the code in the title with one mistake" in page
    as_clerk.post(f"/operator/wplaty/{one.pk}/przypisz/", {"agency": "7K3M9QW3"})
    one.refresh_from_db()
    assert (one.state, ledger.balance_of(agency)) == (State.CREDITED, 10000)
    assert not LineSuggestion.objects.exists()
    assert PayerAccount.objects.get().agency == agency


def test_agencies_are_found_as_one_types(
    statement: Statement, agency: Agency, other_agency: Agency, as_clerk: Client
) -> None:
    one = line(statement, "za sms")
    path = f"/operator/wplaty/{one.pk}/agencje/"
    found = as_clerk.get(path, {"q": "zolc"}).content.decode()
    assert "Anna Żółć" in found
    assert "Łęcki" not in found
    assert "No agency found" in as_clerk.get(path, {"q": "nikt"}).content.decode()


def test_a_line_is_set_aside_with_its_reason_and_taken_back(
    statement: Statement, as_clerk: Client
) -> None:
    one = line(statement, "zwrot podatku")
    path = f"/operator/wplaty/{one.pk}/"
    assert as_clerk.post(path + "odloz/", {"note": " "}).status_code == 422
    as_clerk.post(path + "odloz/", {"note": "Zwrot z urzędu"})
    one.refresh_from_db()
    assert one.state == State.SET_ASIDE
    assert "Zwrot z urzędu" in as_clerk.get("/operator/wplaty/").content.decode()
    again = as_clerk.post(path + "odloz/", {"note": "x"}, follow=True)
    assert "meanwhile" in again.content.decode()
    as_clerk.post(path + "przywroc/")
    one.refresh_from_db()
    assert (one.state, one.set_aside_note) == (State.UNMATCHED, "")
    kinds = list(Event.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == [EventKind.LINE_SET_ASIDE, EventKind.LINE_TAKEN_BACK]


def test_what_was_learned_is_forgotten(
    statement: Statement, agency: Agency, as_clerk: Client, as_support: Client
) -> None:
    match(line(statement, "7K3M9QW3", payer_account=ACCOUNT))
    payer = PayerAccount.objects.get()
    page = as_support.get("/operator/wplaty/rachunki/").content.decode()
    assert agency.name in page
    assert "zapomnij" not in page
    as_clerk.post(f"/operator/wplaty/rachunki/{payer.pk}/zapomnij/")
    later = line(statement, "za sms", payer_account=ACCOUNT)
    assert match(later).unmatched == 1
