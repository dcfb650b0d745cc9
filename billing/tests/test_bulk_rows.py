"""Rows written past the models hold what the models would have written."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from accounts.bulk_sql import create_many
from accounts.models import Agency, Event
from billing.models import PartPrice, PayerAccount, Payment


def test_what_a_row_leaves_out_is_the_models_default(agency: Agency) -> None:
    create_many(
        Payment,
        [
            {"agency_id": agency.pk, "received_on": date(2026, 11, day), "amount": 100 * day}
            for day in (3, 4)
        ],
    )
    first, second = Payment.objects.order_by("pk")
    assert (first.received_on, first.amount) == (date(2026, 11, 3), 300)
    assert (second.received_on, second.amount) == (date(2026, 11, 4), 400)
    assert (first.note, first.undo_reason, first.bank_line, first.undone_at) == ("", "", None, None)
    assert abs((datetime.now(UTC) - first.booked_at).total_seconds()) < 60


def test_a_given_time_is_kept_to_the_microsecond(agency: Agency) -> None:
    at = datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC)
    create_many(Event, [{"at": at, "kind": "x", "agency_id": agency.pk}])
    assert Event.objects.get(kind="x").at == at


def test_a_row_that_is_there_is_refused_or_left_as_it_is(agency: Agency) -> None:
    row = {"account": "1" * 26, "agency_id": agency.pk}
    create_many(PayerAccount, [row])
    with pytest.raises(IntegrityError), transaction.atomic():
        create_many(PayerAccount, [row])
    create_many(PayerAccount, [row, {**row, "account": "2" * 26}], or_ignore=True)
    assert list(agency.payer_accounts.order_by("account").values_list("account", flat=True)) == [
        "1" * 26,
        "2" * 26,
    ]


def test_the_databases_rules_hold(agency: Agency) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        create_many(
            PartPrice, [{"agency_id": agency.pk, "valid_from": date(2026, 11, 1), "price": 0}]
        )


def test_nothing_is_written_for_no_rows(db: None) -> None:
    create_many(Payment, [])
    assert not Payment.objects.exists()
