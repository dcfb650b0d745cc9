"""SerwerSMS.pl's contract, as its documents show it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from sandbox.testing import SandboxProcess, wait_for
from sandbox.tests.receiver import Receiver

NUMBER = "+48600100200"
SENDER = "Bramka SMS"


@pytest.fixture
def call(sandbox: SandboxProcess) -> Any:
    """An action with its parameters, as JSON with the account's token."""

    def post(action: str, token: str = sandbox.token, **parameters: object) -> dict[str, Any]:
        response = requests.post(
            sandbox.serwersms_url + action,
            json=parameters,
            headers={"Authorization": f"Bearer {token}"},
            timeout=10,
        )
        assert response.status_code == 200
        return dict(response.json())

    return post


@pytest.fixture
def receiver(sandbox: SandboxProcess) -> Iterator[Receiver]:
    with Receiver() as receiver:
        sandbox.set_callback_url("", serwersms_url=receiver.url)
        yield receiver
        sandbox.clear()


def send(call: Any, *numbers: str, **parameters: object) -> dict[str, Any]:
    messages = [{"phone": number, "text": f"Hej {number[-3:]}"} for number in numbers]
    values = {"messages": messages, "sender": SENDER, "details": True, **parameters}
    return dict(call("messages/send_personalized.json", **values))


def test_a_batch_says_what_became_of_each(sandbox: SandboxProcess, call: Any) -> None:
    answer = send(call, NUMBER, "+48220000000", unique_id=["abc1", "abc2"])
    assert (answer["success"], answer["queued"], answer["unsent"]) == (True, 1, 1)
    queued, unsent = answer["items"]
    assert (queued["phone"], queued["status"], queued["parts"]) == (NUMBER, "queued", 1)
    assert (unsent["status"], unsent["error_code"]) == ("unsent", 2001)
    [arrived] = sandbox.phones()
    assert (arrived["provider"], arrived["idx"], arrived["text"]) == (
        "serwersms",
        "abc1",
        "Hej 200",
    )


def test_without_details_there_are_numbers_alone(call: Any) -> None:
    assert send(call, NUMBER, details=False) == {"success": True, "queued": 1, "unsent": 0}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"token": "wrong"}, 1001),
        ({"messages": []}, 2000),
        ({"messages": "x"}, 2000),
        ({"messages": ["x"]}, 1006),
        ({"unique_id": ["abc1", "abc2"]}, 1006),
        ({"unique_id": ["abc-1"]}, 1006),
        ({"unique_id": ["ab"]}, 1006),
        ({"sender": ""}, 3001),
    ],
)
def test_a_request_that_is_refused_as_a_whole(
    sandbox: SandboxProcess, call: Any, changes: dict[str, object], code: int
) -> None:
    assert send(call, NUMBER, **changes)["error"]["code"] == code
    assert sandbox.phones() == []


@pytest.mark.parametrize("body", ["", "{", "[]", "null"])
def test_a_body_that_is_no_object(sandbox: SandboxProcess, body: str) -> None:
    response = requests.post(
        f"{sandbox.serwersms_url}messages/reports",
        data=body,
        headers={"Authorization": f"Bearer {sandbox.token}"},
        timeout=10,
    )
    # An empty body asks for nothing.
    assert response.json().get("items") == ([] if not body else None)


def test_without_utf_marks_are_lost(sandbox: SandboxProcess, call: Any) -> None:
    for utf in (False, True):
        text = {"phone": NUMBER, "text": "Żółw 😀"}
        call("messages/send_personalized", messages=[text], sender=SENDER, utf=utf)
    assert [one["text"] for one in sandbox.phones()] == ["Zolw ", "Żółw 😀"]


def test_reports_come_in_pages_by_either_id(sandbox: SandboxProcess, call: Any) -> None:
    sandbox.faults(report_delay_s=0)
    numbers = [f"+4860010020{digit}" for digit in range(5)]
    items = send(call, *numbers, unique_id=[f"abc{n}" for n in range(5)])["items"]
    asked = {"id": [item["id"] for item in items], "limit": 2}
    pages = [call("messages/reports", page=page, **asked) for page in (1, 2, 3)]
    assert [page["paging"] for page in pages] == [{"page": n, "count": 3} for n in (1, 2, 3)]
    assert [row["phone"] for page in pages for row in page["items"]] == numbers
    [row] = call("messages/reports", unique_id="abc3")["items"]
    assert (row["id"], row["status"]) == (items[3]["id"], "delivered")
    assert call("messages/reports", id="nothing")["items"] == []


def test_the_gateways_do_not_know_each_others_messages(sandbox: SandboxProcess, call: Any) -> None:
    [item] = send(call, NUMBER)["items"]
    response = requests.post(
        f"{sandbox.gateway_url}sms.do",
        data={"status": item["id"], "format": "json"},
        headers={"Authorization": f"Bearer {sandbox.token}"},
        timeout=10,
    )
    assert response.json()["error"] == 301


def test_reports_are_pushed_one_by_one(
    sandbox: SandboxProcess, call: Any, receiver: Receiver
) -> None:
    sandbox.faults(report_delay_s=0)
    numbers = [NUMBER, "+48600100000", "+48600100111", "+48600100222"]
    items = send(call, *numbers, unique_id=["abc0", "abc1", "abc2", "abc3"])["items"]
    wait_for(lambda: len(receiver.calls) == 3)
    assert [(one["id"], one["unique_id"], one["status"]) for one in receiver.calls] == [
        (items[0]["id"], "abc0", "delivered"),
        (items[1]["id"], "abc1", "undelivered"),
        (items[2]["id"], "abc2", "undelivered"),
    ]
    assert receiver.calls[2]["reason"] == "message_expired"


def test_a_report_is_repeated_until_the_answer_is_ok(
    sandbox: SandboxProcess, call: Any, receiver: Receiver
) -> None:
    receiver.answers = [(500, b""), (200, b"nie")]
    sandbox.faults(report_delay_s=0)
    send(call, NUMBER)
    wait_for(lambda: len(receiver.calls) == 3)


def test_a_fault_of_one_gateway_leaves_the_other_alone(sandbox: SandboxProcess, call: Any) -> None:
    sandbox.faults(mode="http_500", provider="smsapi", remaining=1)
    assert send(call, NUMBER)["queued"] == 1
    sandbox.faults(mode="error_code", error_code=3100, provider="serwersms", remaining=1)
    assert send(call, NUMBER)["error"]["code"] == 3100
    assert send(call, NUMBER)["queued"] == 1


def test_limits(call: Any) -> None:
    [full] = call("account/limits")["items"]
    assert (full["type"], full["value"] > 0) == ("full", True)
