"""What is told of failures holds no values: in logs, in mails, and of failed jobs."""

from __future__ import annotations

import logging
import sys
import traceback
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from mps_portal.failures import (
    DiscreetFormatter,
    ErrorMailHandler,
    mask_phones,
    strip_job_result,
    without_values,
)

SECRET = "Dzien dobry Kowalski +48 601 000 301"


def failing() -> None:
    try:
        raise ValueError(f"{SECRET}\nDETAIL:  Failing row contains ({SECRET}).\n    at: {SECRET}")
    except ValueError as error:
        raise KeyError(SECRET) from error


def record_of_failure(**extra: Any) -> logging.LogRecord:
    try:
        failing()
    except KeyError:
        record = logging.LogRecord(
            "django.request", logging.ERROR, __file__, 7, "It broke: %s", ("x",), sys.exc_info()
        )
    record.__dict__ |= extra
    return record


def line(record: logging.LogRecord) -> str:
    return DiscreetFormatter("%(levelname)s %(message)s").format(record)


def test_a_traceback_keeps_places_and_kinds_only() -> None:
    text = line(record_of_failure())
    assert "Kowalski" not in text
    assert "601" not in text
    assert "DETAIL" not in text
    assert "ValueError" in text
    assert "KeyError" in text
    assert f'File "{__file__}", line ' in text
    assert "in failing" in text


def test_what_another_formatter_left_on_the_record_is_not_used() -> None:
    record = record_of_failure()
    logging.Formatter().format(record)
    assert record.exc_text is not None
    assert "Kowalski" not in line(record)


def test_a_request_is_named_by_its_route_not_by_its_path() -> None:
    request = SimpleNamespace(
        method="GET", resolver_match=SimpleNamespace(route="dlr/smsapi/<str:secret>/")
    )
    record = logging.LogRecord(
        "x", logging.WARNING, "", 1, "Not Found: %s", ("/dlr/geheim/",), None
    )
    record.request, record.status_code = request, 404
    assert line(record) == "WARNING 404 GET /dlr/smsapi/<str:secret>/"


@pytest.mark.parametrize(
    "written",
    [
        "+48601000301",
        "48601000301",
        "601000301",
        "601 000 301",
        "601-000-301",
        "+48 601 000 301",
        "0048601000301",
        "to=48601000301&idx=1",
        "('+48601000301',)",
    ],
)
def test_phone_numbers_are_masked_in_every_spelling(written: str) -> None:
    assert "301" not in mask_phones(f"x {written} y")


@pytest.mark.parametrize(
    "harmless",
    [
        "2026-11-22 21:34:05,123 WARNING 3 messages put off, funds: 103",
        "messages of campaign 12345678",
        "invoice FV/2026/11/0001 failed, again in 240 min",
        "NIP 1111111111",
    ],
)
def test_other_numbers_stay(harmless: str) -> None:
    assert mask_phones(harmless) == harmless


@given(st.integers(100_000_000, 999_999_999), st.text(alphabet="ab ,;:()'\"", max_size=5))
def test_no_nine_digits_survive(number: int, around: str) -> None:
    assert str(number) not in mask_phones(f"{around}{number}{around}")


def test_a_failed_jobs_result_loses_its_values() -> None:
    try:
        failing()
    except KeyError as error:
        task = {"success": False, "result": f"{error} : {traceback.format_exc()}"}
    strip_job_result(task, sender="django_q", func=None)
    assert "Kowalski" not in task["result"]
    assert task["result"].endswith("KeyError")


def test_a_result_of_success_stays() -> None:
    task = {"success": True, "result": 7}
    strip_job_result(task)
    assert task["result"] == 7


def test_what_is_no_traceback_tells_nothing() -> None:
    assert without_values(SECRET) == "no traceback"


# --- error mails ----------------------------------------------------------------------------------


@pytest.fixture
def mails(settings: Settings) -> ErrorMailHandler:
    settings.ADMINS = [("MPS", "admin@mps.example")]
    handler = ErrorMailHandler()
    handler.setFormatter(DiscreetFormatter())
    return handler


def test_an_error_is_mailed_without_data(mails: ErrorMailHandler) -> None:
    request = SimpleNamespace(
        method="POST",
        resolver_match=SimpleNamespace(route="klienci/nowy/"),
        POST={"phone": SECRET},
        COOKIES={"sessionid": "geheim"},
    )
    mails.handle(record_of_failure(request=request, status_code=500))
    (sent,) = mail.outbox
    assert sent.to == ["admin@mps.example"]
    letter = sent.message()
    # A number at random.
    del letter["Message-ID"]
    whole = str(letter)
    assert "500 POST /klienci/nowy/" in whole
    assert "KeyError" in whole
    for secret in ("Kowalski", "geheim", "301", "phone"):
        assert secret not in whole


def test_the_same_place_is_mailed_once_an_hour(
    mails: ErrorMailHandler, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _repeat in range(5):
        mails.handle(record_of_failure())
    assert len(mail.outbox) == 1
    monkeypatch.setattr("mps_portal.failures.MAIL_PAUSE", -1)
    mails.handle(record_of_failure())
    assert len(mail.outbox) == 2


def test_warnings_are_not_mailed(mails: ErrorMailHandler) -> None:
    logger = logging.getLogger("mps.test")
    logger.addHandler(mails)
    logger.warning("x")
    assert mail.outbox == []
    logger.removeHandler(mails)


def test_without_admins_nobody_is(mails: ErrorMailHandler, settings: Settings) -> None:
    settings.ADMINS = []
    mails.handle(record_of_failure())
    assert mail.outbox == []


def test_a_page_that_breaks_is_told_without_what_was_posted(
    as_owner: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.ADMINS = [("MPS", "admin@mps.example")]

    def save(*_: object, **__: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr("messaging.contacts.save_contact", save)
    as_owner.raise_request_exception = False
    posted = {"last_name": "Kowalski", "phone": "601 000 301"}
    assert as_owner.post("/klienci/nowy/", posted).status_code == 500
    (sent,) = mail.outbox
    assert "RuntimeError" in sent.body
    assert "Kowalski" not in str(sent.message())
    # Behind the time, whose milliseconds may be anything.
    told = sent.body.split(" ERROR ", 1)[1]
    assert "301" not in told.replace("line 301", "")


def test_no_handler_of_djangos_own_is_left() -> None:
    """It would mail local variables and what was posted."""
    assert logging.getLogger("django").handlers == []
    formatters = {type(h.formatter) for h in logging.root.handlers if h.get_name() == "console"}
    assert formatters == {DiscreetFormatter}
