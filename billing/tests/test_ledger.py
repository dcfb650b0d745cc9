from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Agency, User
from accounts.models.append_only import RowIsFinal
from billing import ledger
from billing.ledger import AlreadyBooked, InsufficientBalance
from billing.models import LedgerEntry, Wallet
from billing.tests.books import sum_of_entries

pytestmark = pytest.mark.django_db


def credit(agency: Agency, amount: int, reference: str = "payment:1") -> LedgerEntry:
    return ledger.credit(agency=agency, amount=amount, reference=reference)


def test_an_agency_without_payments_has_nothing(agency: Agency) -> None:
    assert ledger.balance_of(agency) == 0


def test_a_payment_is_credited_with_its_reference_and_who_booked_it(
    agency: Agency, other_agency: Agency, billing_clerk: User
) -> None:
    entry = ledger.credit(
        agency=agency, amount=10000, reference="payment:7", note="gotówka", actor=billing_clerk
    )
    assert (entry.kind, entry.amount, entry.reference) == ("top_up", 10000, "payment:7")
    assert (entry.note, entry.actor) == ("gotówka", billing_clerk)
    assert ledger.balance_of(agency) == 10000
    assert ledger.balance_of(other_agency) == 0


def test_a_campaign_may_take_the_last_grosz(agency: Agency) -> None:
    credit(agency, 2900)
    entry = ledger.debit(agency=agency, amount=2900, reference="campaign:1")
    assert (entry.kind, entry.amount) == ("campaign", -2900)
    assert ledger.balance_of(agency) == sum_of_entries(agency) == 0


def test_a_debit_beyond_the_balance_writes_nothing_and_says_what_is_missing(agency: Agency) -> None:
    credit(agency, 2900)
    with pytest.raises(InsufficientBalance) as error:
        ledger.debit(agency=agency, amount=2901, reference="campaign:1")
    assert (error.value.balance, error.value.needed, error.value.shortfall) == (2900, 2901, 1)
    assert LedgerEntry.objects.count() == 1
    assert ledger.balance_of(agency) == 2900


def test_an_agency_that_never_paid_cannot_spend(agency: Agency) -> None:
    with pytest.raises(InsufficientBalance) as error:
        ledger.debit(agency=agency, amount=29, reference="campaign:1")
    assert error.value.shortfall == 29
    assert not LedgerEntry.objects.exists()


def test_the_same_payment_is_credited_once(agency: Agency, other_agency: Agency) -> None:
    credit(agency, 5800)
    with pytest.raises(AlreadyBooked):
        credit(agency, 5800)
    with pytest.raises(AlreadyBooked):
        credit(other_agency, 5800)
    assert ledger.balance_of(agency) == 5800
    assert ledger.balance_of(other_agency) == 0


def test_the_same_campaign_is_debited_once(agency: Agency) -> None:
    credit(agency, 5800)
    ledger.debit(agency=agency, amount=29, reference="campaign:1")
    with pytest.raises(AlreadyBooked):
        ledger.debit(agency=agency, amount=29, reference="campaign:1")
    assert ledger.balance_of(agency) == sum_of_entries(agency) == 5771


@pytest.mark.parametrize("amount", [0, -1])
def test_only_positive_amounts_move(agency: Agency, amount: int) -> None:
    credit(agency, 5800)
    with pytest.raises(ValueError, match="positive"):
        credit(agency, amount, "payment:2")
    with pytest.raises(ValueError, match="positive"):
        ledger.debit(agency=agency, amount=amount, reference="campaign:1")
    with pytest.raises(ValueError, match="positive"):
        ledger.refund(agency_id=agency.pk, amounts={"message:1": 29, "message:2": amount})
    assert ledger.balance_of(agency) == sum_of_entries(agency) == 5800


def test_refunds_come_back_together(agency: Agency) -> None:
    credit(agency, 100)
    ledger.debit(agency=agency, amount=87, reference="campaign:1")
    assert ledger.refund(agency_id=agency.pk, amounts={"message:1": 29, "message:2": 58}) == 87
    assert ledger.balance_of(agency) == sum_of_entries(agency) == 100
    refunds = LedgerEntry.objects.filter(kind=LedgerEntry.Kind.REFUND)
    assert set(refunds.values_list("reference", "amount")) == {("message:1", 29), ("message:2", 58)}


def test_one_refund_given_before_stops_all_of_them(agency: Agency) -> None:
    credit(agency, 100)
    ledger.debit(agency=agency, amount=87, reference="campaign:1")
    ledger.refund(agency_id=agency.pk, amounts={"message:2": 29})
    with pytest.raises(AlreadyBooked):
        ledger.refund(agency_id=agency.pk, amounts={"message:1": 29, "message:2": 29})
    assert ledger.balance_of(agency) == sum_of_entries(agency) == 42
    assert not LedgerEntry.objects.filter(reference="message:1").exists()


def test_entries_are_neither_changed_nor_deleted(agency: Agency) -> None:
    entry = credit(agency, 100)
    entry.amount = 1000
    with pytest.raises(RowIsFinal):
        entry.save()
    with pytest.raises(RowIsFinal):
        entry.delete()
    with pytest.raises(RowIsFinal):
        LedgerEntry.objects.update(amount=1000)
    with pytest.raises(RowIsFinal):
        LedgerEntry.objects.filter(pk=entry.pk).delete()
    assert sum_of_entries(agency) == 100


def test_the_database_itself_refuses_a_negative_balance(agency: Agency) -> None:
    credit(agency, 100)
    with pytest.raises(IntegrityError), transaction.atomic():
        Wallet.objects.filter(agency=agency).update(balance=-1)


def test_a_wallet_that_is_not_the_sum_of_its_entries_is_found(
    agency: Agency, other_agency: Agency
) -> None:
    credit(agency, 100)
    credit(other_agency, 200, "payment:2")
    assert ledger.find_differences() == []
    Wallet.objects.filter(agency=agency).update(balance=101)
    assert ledger.find_differences() == [(agency.pk, 101, 100)]


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["credit", "debit", "refund"]), st.integers(1, 500), st.integers(1, 6)
    ),
    max_size=25,
)


def perform(agency: Agency, operation: str, amount: int, reference: str) -> int:
    """Do what the ledger may refuse; return by how much the balance must have changed."""
    try:
        if operation == "credit":
            ledger.credit(agency=agency, amount=amount, reference=reference)
        elif operation == "debit":
            ledger.debit(agency=agency, amount=amount, reference=reference)
            return -amount
        else:
            ledger.refund(agency_id=agency.pk, amounts={reference: amount})
    except (AlreadyBooked, InsufficientBalance):
        return 0
    return amount


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(operations=OPERATIONS)
def test_whatever_happens_the_balance_is_the_sum_of_the_entries(
    agency: Agency, operations: list[tuple[str, int, int]]
) -> None:
    with transaction.atomic():
        Wallet.objects.create(agency=agency)
        expected = 0
        for operation, amount, reference in operations:
            expected += perform(agency, operation, amount, f"thing:{reference}")
            assert ledger.balance_of(agency) == sum_of_entries(agency) == expected >= 0
        transaction.set_rollback(True)
