"""What SMSAPI pushes, read without looking at the database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import RequestFactory

from messaging.gateways.base import StatusReport
from messaging.gateways.smsapi import SmsApiGateway


def parse(**query: str) -> list[StatusReport]:
    return SmsApiGateway("http://gateway.invalid/", "").parse_reports(
        RequestFactory().get("/dlr/", query)
    )


def test_several_reports_of_a_call() -> None:
    reports = parse(MsgId="A1,A2,A3", idx="k-1,k-2,k-3", status="404,405,403", status_name="x,y,z")
    assert reports == [
        StatusReport("A1", "delivered", "k-1", "404"),
        StatusReport("A2", "undelivered", "k-2", "405"),
        StatusReport("A3", "sent", "k-3", "403"),
    ]


def test_when_it_happened() -> None:
    (report,) = parse(MsgId="A1", status="404", donedate="1795650000")
    assert report.happened_at == datetime(2026, 11, 25, 23, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("mcc", "mnc", "network"),
    [
        ("260", "1", "26001"),
        ("260", "06", "26006"),
        ("260", "", ""),
        ("", "1", ""),
        ("26", "1", ""),
        ("260", "1234", ""),
        ("260", "x", ""),
        ("２６０", "1", ""),
    ],
)
def test_in_which_network(mcc: str, mnc: str, network: str) -> None:
    (report,) = parse(MsgId="A1", status="404", mcc=mcc, mnc=mnc)
    assert report.network == network


@pytest.mark.parametrize("donedate", ["", "-1", "9" * 12, "1e9", "²", "2026-11-25"])
def test_a_time_that_is_none(donedate: str) -> None:
    (report,) = parse(MsgId="A1", status="404", donedate=donedate)
    assert report.happened_at is None


def test_lists_shorter_than_the_ids() -> None:
    reports = parse(MsgId="A1,A2,A3", idx="k-1", status="404,402")
    assert reports == [
        StatusReport("A1", "delivered", "k-1", "404"),
        StatusReport("A2", "expired", "", "402"),
    ]


def test_the_name_helps_where_the_code_is_unknown() -> None:
    assert parse(MsgId="A1", status="", status_name="DELIVERED") == [
        StatusReport("A1", "delivered", "", "DELIVERED")
    ]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"MsgId": ""},
        {"MsgId": ",,", "status": "404,404,404"},
        {"MsgId": "A1"},
        {"MsgId": "A1", "status": "999"},
        {"MsgId": "A1", "status": "dostarczono"},
        {"MsgId": "A\x00", "status": "404"},
        {"MsgId": "żółw", "status": "404"},
        {"status": "404", "idx": "k-1"},
    ],
)
def test_what_cannot_be_read_is_left_out(query: dict[str, str]) -> None:
    assert parse(**query) == []
