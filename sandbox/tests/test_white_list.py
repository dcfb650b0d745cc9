from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests
from stdnum.pl import nip, regon

from sandbox.registers.companies import TAXPAYERS
from sandbox.testing import SandboxProcess

TODAY = dt.datetime.now(ZoneInfo("Europe/Warsaw")).date().isoformat()
COMPANY = "7540000102"
SOLE_TRADER = "5250000009"


def ask(sandbox: SandboxProcess, number: str, day: str | None = TODAY) -> requests.Response:
    address = f"{sandbox.white_list_url}/api/search/nip/{number}"
    return requests.get(address, params={"date": day} if day else {}, timeout=5)


def subject(sandbox: SandboxProcess, number: str) -> Any:
    answer = ask(sandbox, number)
    assert answer.status_code == 200
    return answer.json()["result"]["subject"]


def test_a_company_has_a_working_address(sandbox: SandboxProcess) -> None:
    found = subject(sandbox, COMPANY)
    assert found["nip"] == COMPANY
    assert found["statusVat"] == "Czynny"
    assert found["workingAddress"] == "ALEJA SOLIDARNOŚCI 36 LOK. 12A, 45-061 OPOLE"
    assert found["residenceAddress"] is None


def test_a_sole_trader_has_a_name_in_capitals_and_a_residence(sandbox: SandboxProcess) -> None:
    found = subject(sandbox, SOLE_TRADER)
    assert (found["name"], found["residenceAddress"]) == ("JAN NOWAK", "ŻÓŁTA 7/2, 45-018 OPOLE")
    assert found["workingAddress"] is None


def test_who_was_struck_off_is_told_with_the_day(sandbox: SandboxProcess) -> None:
    found = subject(sandbox, "5840000507")
    assert (found["statusVat"], found["removalDate"]) == ("Niezarejestrowany", "2025-03-31")


def test_an_unknown_taxpayer_is_no_error(sandbox: SandboxProcess) -> None:
    assert subject(sandbox, "7540000119") is None


def test_an_answer_tells_of_its_request(sandbox: SandboxProcess) -> None:
    result = ask(sandbox, COMPANY).json()["result"]
    assert result["requestId"]
    assert dt.datetime.strptime(result["requestDateTime"], "%d-%m-%Y %H:%M:%S")


@pytest.mark.parametrize(
    ("number", "day", "code"),
    [
        (COMPANY, None, "WL-101"),
        (COMPANY, "22.11.2026", "WL-102"),
        (COMPANY, "2999-01-01", "WL-103"),
        ("754", TODAY, "WL-113"),
        ("754000010A", TODAY, "WL-114"),
        ("7540000103", TODAY, "WL-115"),
    ],
)
def test_a_wrong_question_is_a_400_with_its_code(
    sandbox: SandboxProcess, number: str, day: str | None, code: str
) -> None:
    answer = ask(sandbox, number, day)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.json()["message"]


def test_the_daily_limit_is_a_400_with_its_code(sandbox: SandboxProcess) -> None:
    sandbox.register_fault("limit")
    answer = ask(sandbox, COMPANY)
    assert (answer.status_code, answer.json()["code"]) == (400, "WL-191")


def test_it_is_down_or_talks_nonsense_until_told_otherwise(sandbox: SandboxProcess) -> None:
    sandbox.register_fault("down")
    assert ask(sandbox, COMPANY).status_code == 503
    sandbox.register_fault("nonsense")
    with pytest.raises(requests.JSONDecodeError):
        ask(sandbox, COMPANY).json()
    sandbox.clear()
    assert subject(sandbox, COMPANY)


def test_it_is_slower_than_anybody_waits(sandbox: SandboxProcess) -> None:
    sandbox.register_fault("slow")
    address = f"{sandbox.white_list_url}/api/search/nip/{COMPANY}?date={TODAY}"
    with pytest.raises(requests.Timeout):
        requests.get(address, timeout=0.3)


def test_the_page_shows_each_nip_and_takes_a_fault(sandbox: SandboxProcess) -> None:
    page = requests.get(f"{sandbox.url}/register/", timeout=5)
    assert all(taxpayer.nip in page.text for taxpayer in TAXPAYERS)
    refused = requests.post(f"{sandbox.url}/wl/faults/", json={"mode": "tired"}, timeout=5)
    assert refused.status_code == 400


@pytest.mark.parametrize("taxpayer", TAXPAYERS, ids=lambda taxpayer: taxpayer.nip)
def test_the_made_up_numbers_pass_their_checks(taxpayer: Any) -> None:
    assert nip.is_valid(taxpayer.nip)
    assert regon.is_valid(taxpayer.regon)
    assert bool(taxpayer.working_address) != bool(taxpayer.residence_address)
