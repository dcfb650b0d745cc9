from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests
import time_machine
from django.utils import timezone

from accounts import white_list
from accounts.white_list import Company, Reason, RegisterUnavailable, look_up
from sandbox.testing import SandboxProcess

NIP = "7540000102"
SUBJECT = {
    "name": "POLISA SPÓŁKA JAWNA",
    "nip": NIP,
    "regon": "000000201",
    "residenceAddress": None,
    "workingAddress": "UL. DŁUGA 3, 80-827 GDAŃSK",
}

Answer = Callable[[int, bytes], list[str]]


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch, db: None) -> Answer:
    """Make the register answer this; returns the list of the addresses asked since."""

    def set_answer(status: int, body: bytes) -> list[str]:
        asked: list[str] = []

        def get(url: str, **_options: Any) -> requests.Response:
            asked.append(url)
            response = requests.Response()
            response.status_code = status
            response.raw = io.BytesIO(body)
            return response

        monkeypatch.setattr(requests, "get", get)
        return asked

    return set_answer


def told(**changes: Any) -> bytes:
    return json.dumps({"result": {"subject": SUBJECT | changes}}).encode()


def today() -> date:
    return timezone.localdate()


def reason() -> Reason:
    with pytest.raises(RegisterUnavailable) as caught:
        look_up(NIP, today())
    return caught.value.reason


# --- With the sandbox's register ------------------------------------------------------------------


def test_a_company_keeps_its_name_and_gets_a_readable_address(register: SandboxProcess) -> None:
    assert look_up(NIP, today()) == Company(
        name="AGENCJA UBEZPIECZENIOWA BEZPIECZNA PRZYSTAŃ POŁUDNIE"
        " SPÓŁKA Z OGRANICZONĄ ODPOWIEDZIALNOŚCIĄ",
        nip=NIP,
        regon="000000201",
        street="Aleja Solidarności 36 lok. 12A",
        postal_code="45-061",
        city="Opole",
    )


def test_a_sole_trader_is_named_as_a_person_writes_it(register: SandboxProcess) -> None:
    found = look_up("8990000404", today())
    assert found is not None
    assert (found.name, found.street, found.city) == (
        "Ewa Łączna-Wójcik",
        "Goszczowice 14",
        "Tułowice",
    )


def test_who_is_not_in_the_register_is_none(register: SandboxProcess) -> None:
    assert look_up("7540000119", today()) is None


@pytest.mark.parametrize(
    ("fault", "expected"),
    [("down", Reason.DOWN), ("nonsense", Reason.DOWN), ("limit", Reason.LIMIT)],
)
def test_a_fault_is_told_by_its_reason(
    register: SandboxProcess, fault: str, expected: Reason
) -> None:
    register.register_fault(fault)
    assert reason() is expected


def test_a_slow_register_is_not_waited_for(
    register: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(white_list, "READ_TIMEOUT", 0.2)
    register.register_fault("slow")
    started = time.monotonic()
    assert reason() is Reason.DOWN
    assert time.monotonic() - started < 2


def test_what_was_learnt_is_not_asked_again_today(register: SandboxProcess) -> None:
    found = look_up(NIP, today())
    assert look_up("7540000119", today()) is None
    register.register_fault("down")
    assert look_up(NIP, today()) == found
    assert look_up("7540000119", today()) is None


# --- The cache ------------------------------------------------------------------------------------


def test_it_is_asked_again_after_warsaws_midnight(answer: Answer) -> None:
    asked = answer(200, told())
    with time_machine.travel(datetime(2026, 11, 22, 23, 59, tzinfo=ZoneInfo("Europe/Warsaw"))):
        look_up(NIP, date(2026, 11, 22))
        look_up(NIP, date(2026, 11, 22))
        assert len(asked) == 1
    with time_machine.travel(datetime(2026, 11, 23, 0, 1, tzinfo=ZoneInfo("Europe/Warsaw"))):
        look_up(NIP, date(2026, 11, 23))
    assert len(asked) == 2


def test_at_the_daily_limit_nobody_asks_again_that_day(answer: Answer) -> None:
    asked = answer(400, b'{"code": "WL-191", "message": "limit"}')
    assert reason() is Reason.LIMIT
    assert reason() is Reason.LIMIT
    assert len(asked) == 1
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert reason() is Reason.LIMIT
    assert len(asked) == 2


def test_a_register_that_was_down_is_asked_again(answer: Answer) -> None:
    answer(503, b"")
    assert reason() is Reason.DOWN
    answer(200, told())
    assert look_up(NIP, today()) is not None


# --- Answers that the contract does not know ------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b""),
        (200, b"null"),
        (200, b"[]"),
        (200, b'"result"'),
        (200, b'{"result": 7}'),
        (200, b'{"result": {}}'),
        (200, b'{"result": {"subject": [1]}}'),
        (200, b'{"result": {"subject": {}}}'),
        (200, b"[" * 100_000),
        (200, told(nip="5250000009")),
        (200, told(name=None)),
        (200, told(name=" \x00\n")),
        (200, told(name=["A"])),
        (200, b"x" * (white_list.MAX_ANSWER + 1)),
        (302, b""),
        (400, b'{"code": "WL-115", "message": "wrong"}'),
        (500, told()),
    ],
)
def test_an_answer_without_sense_is_a_register_that_is_down(
    status: int, body: bytes, answer: Answer
) -> None:
    answer(status, body)
    assert reason() is Reason.DOWN


def test_too_many_requests_is_the_limit_whatever_the_body(answer: Answer) -> None:
    answer(429, b"slow down")
    assert reason() is Reason.LIMIT


def test_text_comes_in_one_line_that_fits(answer: Answer) -> None:
    answer(
        200,
        told(
            name="A\x00B\r\n\u202e  C" + "D" * 500,
            regon="123",
            workingAddress="X" * 500 + ", 80-827 " + "Y" * 500,
        ),
    )
    found = look_up(NIP, today())
    assert found is not None
    assert found.name.startswith("A B CDDD")
    assert (len(found.name), len(found.street), len(found.city)) == (200, 200, 100)
    assert (found.regon, found.postal_code) == ("", "80-827")


@pytest.mark.parametrize("address", [None, 7, "", {"street": "x"}, "bez kodu"])
def test_an_address_of_another_kind_is_left_to_the_person(address: Any, answer: Answer) -> None:
    answer(200, told(workingAddress=address))
    found = look_up(NIP, today())
    assert found is not None
    assert (found.postal_code, found.city) == ("", "")
