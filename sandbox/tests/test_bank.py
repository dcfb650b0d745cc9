from __future__ import annotations

import datetime as dt
import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests

from sandbox.testing import SandboxProcess

ACCOUNT = "76114020040000350243465646"
DAY = "2026-03-10"
NEXT_DAY = "2026-03-11"


def read(statement: bytes) -> dict[str, list[str]]:
    """Return the values of each field of an MT940 file in their order."""
    fields: dict[str, list[str]] = {}
    for tag, value in re.findall(r"^:(\w+):(.*)\r$", statement.decode("cp1250"), re.MULTILINE):
        fields.setdefault(tag, []).append(value)
    return fields


def grosze(marked: str) -> int:
    mark, whole, rest = re.search(r"([CD])(?:\d{6}PLN)?(\d+),(\d\d)", marked).groups()
    return (1 if mark == "C" else -1) * int(whole + rest)


def subfields(statement: bytes, number: str) -> list[str]:
    return re.findall(rf"^~{number}(.*)\r$", statement.decode("cp1250"), re.MULTILINE)


def test_opening_plus_transfers_is_closing(sandbox: SandboxProcess) -> None:
    sandbox.transfer("58,00", "KOD 7K3M-9QW3", booked_on=DAY)
    sandbox.transfer("1 234,50 zł", "KOD 4H2T-08RG", booked_on=DAY)
    sandbox.transfer("100", "Zwrot", booked_on=DAY, direction="outgoing")
    fields = read(sandbox.statement(DAY))
    moved = [grosze(line) for line in fields["61"]]
    assert moved == [5800, 123450, -10000]
    assert grosze(fields["60F"][0]) == 1_000_000
    assert grosze(fields["62F"][0]) == 1_000_000 + sum(moved)


def test_a_day_opens_with_the_closing_of_the_day_before(sandbox: SandboxProcess) -> None:
    sandbox.transfer("58,00", "a", booked_on=DAY)
    sandbox.transfer("29,00", "b", booked_on=NEXT_DAY)
    closing = read(sandbox.statement(DAY))["62F"][0]
    opening = read(sandbox.statement(NEXT_DAY))["60F"][0]
    assert grosze(closing) == grosze(opening) == 1_005_800


def test_the_layout_is_that_of_mbank_retail(sandbox: SandboxProcess) -> None:
    booked = sandbox.transfer(
        "58,00",
        "KOD REJESTRACYJNY PROGRAMU AGENT 7K3M-9QW3",
        name="Żółw Świętowzorcowy",
        address="os. Testowe 5, 61-001 Poznań",
        payer_account="87 1090 1056 0000 0000 0000 1001",
        booked_on=DAY,
    )
    statement = sandbox.statement(DAY)
    head = f":20:MT940\r\n:25:/PL{ACCOUNT}\r\n:28C:260310\r\n:60F:C260310PLN10000,00\r\n"
    line = f":61:2603100310C58,00S150{booked['id']:011}\r\n:86:150\r\n"
    kind = ":86:150~00B150PRZELEW ZEWNĘTRZNY PRZY\r\n"
    assert statement.startswith((head + line + kind).encode("cp1250"))
    assert statement.endswith(b":62F:C260310PLN10058,00\r\n-\r\n")
    assert subfields(statement, "20") == ["KOD REJESTRACYJNY PROGRAMU "]
    assert subfields(statement, "21") == ["AGENT 7K3M-9QW3"]
    assert subfields(statement, "32") == ["Żółw Świętowzorcowy os. Tes"]
    assert subfields(statement, "33") == ["towe 5, 61-001 Poznań"]
    assert subfields(statement, "38") == ["PL87109010560000000000001001"]


def test_the_same_transfers_give_the_same_bytes(sandbox: SandboxProcess) -> None:
    sandbox.transfer("58,00", "a", booked_on=DAY)
    first = sandbox.statement(DAY)
    sandbox.transfer("58,00", "later", booked_on=NEXT_DAY)
    assert sandbox.statement(DAY) == first


def test_equal_transfers_have_references_of_their_own(sandbox: SandboxProcess) -> None:
    for _ in range(2):
        sandbox.transfer("58,00", "KOD 7K3M-9QW3", booked_on=DAY)
    first, second = read(sandbox.statement(DAY))["61"]
    assert first != second


def test_a_day_without_transfers_is_a_statement_too(sandbox: SandboxProcess) -> None:
    fields = read(sandbox.statement(DAY))
    assert "61" not in fields
    assert grosze(fields["60F"][0]) == grosze(fields["62F"][0])


def test_another_account_has_its_own_statement(sandbox: SandboxProcess) -> None:
    other = "87109010560000000000001001"
    sandbox.transfer("58,00", "elsewhere", account=other, booked_on=DAY)
    assert "61" not in read(sandbox.statement(DAY))
    theirs = requests.get(
        f"{sandbox.url}/bank/statement/{DAY}.sta", params={"account": other}, timeout=10
    )
    assert len(read(theirs.content)["61"]) == 1


def test_a_transfer_is_booked_today_in_warsaw(sandbox: SandboxProcess) -> None:
    today = dt.datetime.now(ZoneInfo("Europe/Warsaw")).date()
    assert sandbox.transfer("58,00", "a")["booked_on"] == today.isoformat()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"amount": "abc"}, "amount"),
        ({"amount": "0,00"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "5,123"}, "amount"),
        ({"title": ""}, "title"),
        ({"title": "a" * 141}, "title"),
        ({"title": "日本"}, "title"),
        ({"payer_account": "88109010560000000000001001"}, "payer_account"),
        ({"account": "123"}, "account"),
        ({"booked_on": "2999-01-01"}, "booked_on"),
        ({"tilte": "misspelt"}, "tilte"),
    ],
)
def test_a_wrong_transfer_is_refused_with_the_field(
    sandbox: SandboxProcess, values: dict[str, Any], field: str
) -> None:
    transfer = {"amount": "58,00", "title": "KOD", **values}
    response = requests.post(f"{sandbox.url}/bank/transfers.json", json=transfer, timeout=10)
    assert response.status_code == 400
    assert list(response.json()["errors"]) == [field]
    assert grosze(read(sandbox.statement(DAY))["62F"][0]) == 1_000_000


@pytest.mark.parametrize("name", ["2026-13-01.sta", "yesterday.sta", f"{DAY}.exe"])
def test_no_such_statement(sandbox: SandboxProcess, name: str) -> None:
    response = requests.get(f"{sandbox.url}/bank/statement/{name}", timeout=10)
    assert response.status_code == 404
