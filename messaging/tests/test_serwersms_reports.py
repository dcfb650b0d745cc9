"""What SerwerSMS pushes, read without looking at the database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from messaging.gateways.base import StatusReport
from messaging.gateways.serwersms import SerwerSmsGateway
from messaging.gateways.serwersms_reports import pushed_report, report_in

KEY = "0123456789abcdef"


def parse(**query: str) -> list[StatusReport]:
    gateway = SerwerSmsGateway("http://gateway.invalid/", "")
    by_address = gateway.parse_reports(RequestFactory().get("/dlr/", query))
    by_form = gateway.parse_reports(RequestFactory().post("/dlr/", query))
    assert by_address == by_form
    return by_address


def test_a_report() -> None:
    assert parse(
        id="aca3944055", unique_id=f"{KEY}x7", status="delivered", delivered="2026-11-26 00:40:00"
    ) == [
        StatusReport(
            "aca3944055",
            "delivered",
            f"{KEY}-7",
            "delivered",
            datetime(2026, 11, 25, 23, 40, tzinfo=UTC),
        )
    ]


def test_a_report_in_the_words_of_the_older_api() -> None:
    assert parse(smsid="aca3944055", usmsid=f"{KEY}x7", stan="Dostarczono") == [
        StatusReport("aca3944055", "delivered", f"{KEY}-7", "delivered")
    ]


def test_the_reason_tells_what_expired() -> None:
    (report,) = parse(id="a1", status="undelivered", reason="message_expired")
    assert (report.state, report.code) == ("expired", "message_expired")


def test_a_long_reason_fits_into_its_column() -> None:
    (report,) = parse(id="a1", status="undelivered", reason="sending_to_foreign_networks_is_locked")
    assert report.code == "sending_to_foreign_n"


def test_unsent_is_told_of_the_id_alone() -> None:
    (report,) = parse(id="a1", unique_id=f"{KEY}x7", status="unsent")
    assert (report.state, report.idx) == ("rejected", "")


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"id": "a1"},
        {"status": "delivered"},
        {"id": "a1", "status": "nonsense"},
        {"id": "a-1", "status": "delivered"},
        {"id": "a" * 500, "status": "delivered"},
        {"id": "a\0", "status": "delivered"},
    ],
)
def test_what_cannot_be_read_is_left_out(query: dict[str, str]) -> None:
    assert parse(**query) == []


@pytest.mark.parametrize("delivered", ["", "0000-00-00 00:00:00", "1900-01-01 00:00:00", "jutro"])
def test_a_time_that_is_none(delivered: str) -> None:
    (report,) = parse(id="a1", status="delivered", delivered=delivered)
    assert report.happened_at is None


def test_a_body_that_is_no_form() -> None:
    request = RequestFactory().post("/dlr/", b"\xff", content_type="multipart/form-data")
    assert SerwerSmsGateway("http://gateway.invalid/", "").parse_reports(request) == []


_VALUES = st.none() | st.integers() | st.text() | st.lists(st.text()) | st.booleans()
_NAMES = ["id", "smsid", "unique_id", "status", "stan", "reason", "delivered"]


@given(st.dictionaries(st.sampled_from(_NAMES), _VALUES))
def test_no_item_of_a_look_up_breaks_the_reading(item: dict[str, object]) -> None:
    report = report_in(item)
    assert report is None or (report.provider_id.isalnum() and len(report.code) <= 20)


@given(st.dictionaries(st.sampled_from(_NAMES), st.text()))
def test_no_form_breaks_the_reading(form: dict[str, str]) -> None:
    report = pushed_report(form)
    assert report is None or report.provider_id.isalnum()
