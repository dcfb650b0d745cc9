from __future__ import annotations

import re
from typing import Any

import pytest
import requests
from smsapi.client import Client
from smsapi.exception import SendException

from sandbox.testing import SandboxProcess, wait_for

NUMBER = "600100200"


def refused(client: Client, **parameters: Any) -> int:
    """Send what must be refused and return the error code."""
    with pytest.raises(SendException) as caught:
        client.sms.send(**{"to": NUMBER, "message": "Hej", **parameters})
    return caught.value.code


def look_up(sandbox: SandboxProcess, *ids: str) -> dict[str, Any]:
    response = requests.get(
        f"{sandbox.gateway_url}sms.do",
        params={"status": "|".join(ids), "format": "json"},
        headers={"Authorization": f"Bearer {sandbox.token}"},
        timeout=10,
    )
    return response.json()


def test_one_message_arrives_on_its_phone(sandbox: SandboxProcess, client: Client) -> None:
    answer = client.sms.send(to=NUMBER, message="Dzien dobry", from_="Bramka SMS")
    [sent] = answer.results
    assert re.fullmatch("[0-9A-F]{24}", sent.id)
    assert (sent.number, sent.submitted_number) == ("48600100200", NUMBER)
    assert (sent.status, sent.points, sent.parts) == ("QUEUE", 0.16, 1)
    [arrived] = sandbox.phones(NUMBER)
    assert (arrived["sender"], arrived["text"]) == ("Bramka SMS", "Dzien dobry")


@pytest.mark.parametrize("number", ["+48600100200", "48600100200", "0048600100200", "600 100 200"])
def test_a_number_may_be_written_in_many_ways(
    sandbox: SandboxProcess, client: Client, number: str
) -> None:
    assert client.sms.send(to=number, message="Hej").results[0].number == "48600100200"


def test_many_recipients_keep_their_idx(sandbox: SandboxProcess, client: Client) -> None:
    answer = client.sms.send(to=[NUMBER, "600100201"], message="Hej", idx=["a", "b"])
    assert [(sent.number, sent.idx) for sent in answer.results] == [
        ("48600100200", "a"),
        ("48600100201", "b"),
    ]
    assert [arrived["idx"] for arrived in sandbox.phones()] == ["a", "b"]


def test_each_recipient_gets_their_own_text(sandbox: SandboxProcess, client: Client) -> None:
    client.sms.send(
        to=[NUMBER, "600100201"],
        message="[%1%], rata [%2%] zl",
        param1=["Anno", "Janie"],
        param2=["10", "20"],
    )
    assert [arrived["text"] for arrived in sandbox.phones()] == [
        "Anno, rata 10 zl",
        "Janie, rata 20 zl",
    ]


def test_a_message_is_sent_then_delivered(sandbox: SandboxProcess, client: Client) -> None:
    sandbox.faults(report_delay_s=0.5)
    [sent] = client.sms.send(to=NUMBER, message="Hej").results
    assert look_up(sandbox, sent.id)["list"][0]["status"] == "SENT"
    wait_for(lambda: look_up(sandbox, sent.id)["list"][0]["status"] == "DELIVERED")


def test_the_last_digits_decide_the_fate(sandbox: SandboxProcess, client: Client) -> None:
    sandbox.faults(report_delay_s=0)
    numbers = ["600100000", "600100111", "600100222", "600100333"]
    ids = [sent.id for sent in client.sms.send(to=numbers, message="Hej").results]
    statuses = [row["status"] for row in look_up(sandbox, *ids)["list"]]
    assert statuses == ["UNDELIVERED", "EXPIRED", "SENT", "DELIVERED"]
    assert [row["number"][-3:] for row in sandbox.phones()] == ["222", "333"]


def test_an_unknown_id_is_error_301(sandbox: SandboxProcess) -> None:
    assert look_up(sandbox, "0" * 24)["error"] == 301


def test_invalid_numbers_are_left_out(sandbox: SandboxProcess, client: Client) -> None:
    answer = client.sms.send(to=["123", NUMBER], message="Hej", idx=["a", "b"])
    assert [(sent.submitted_number, sent.idx) for sent in answer.results] == [(NUMBER, "b")]


def test_only_invalid_numbers_are_an_error_that_names_them(
    sandbox: SandboxProcess, client: Client
) -> None:
    with pytest.raises(SendException) as caught:
        client.sms.send(to=["123", "100200300"], message="Hej")
    assert caught.value.code == 13
    submitted = [invalid.submitted_number for invalid in caught.value.invalid_numbers]
    assert submitted == ["123", "100200300"]


def test_duplicates_are_dropped_unless_allowed(sandbox: SandboxProcess, client: Client) -> None:
    twice = [NUMBER, "48600100200"]
    assert client.sms.send(to=twice, message="Hej").count == 1
    assert client.sms.send(to=twice, message="Hej", allow_duplicates="1").count == 2


def test_a_known_idx_refuses_the_whole_request(sandbox: SandboxProcess, client: Client) -> None:
    client.sms.send(to=NUMBER, message="Hej", idx="a", check_idx="1")
    code = refused(client, to=[NUMBER, "600100201"], idx=["new", "a"], check_idx="1")
    assert code == 53
    assert len(sandbox.phones()) == 1


def test_a_known_idx_is_no_matter_without_check_idx(
    sandbox: SandboxProcess, client: Client
) -> None:
    for _ in range(2):
        client.sms.send(to=NUMBER, message="Hej", idx="a")
    assert len(sandbox.phones()) == 2


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"message": ""}, 11),
        ({"message": "a" * 2001}, 11),
        ({"message": "żółw", "nounicode": "1"}, 11),
        ({"message": "a" * 1531}, 12),
        ({"message": "a" * 161, "max_parts": "1"}, 12),
        ({"from_": "Nieznany"}, 14),
        ({"date": "2026-12-01T10:00:00+01:00"}, 110),
        ({"message": "[%1%]", "param1": ["a", "b"]}, 18),
        ({"to": ["600100200"] * 10_001}, 19),
        ({"idx": "a" * 256}, 20),
        ({"idx": ["a", "b"]}, 27),
    ],
)
def test_a_wrong_request_is_refused_whole(
    sandbox: SandboxProcess, client: Client, parameters: dict[str, Any], code: int
) -> None:
    assert refused(client, **parameters) == code
    assert sandbox.phones() == []


def test_normalize_takes_polish_letters_off(sandbox: SandboxProcess, client: Client) -> None:
    client.sms.send(to=NUMBER, message="Zażółć gęślą jaźń", normalize="1", nounicode="1")
    assert sandbox.phones()[0]["text"] == "Zazolc gesla jazn"


def test_a_test_request_sends_nothing(sandbox: SandboxProcess, client: Client) -> None:
    assert client.sms.send(to=NUMBER, message="Hej", test="1").count == 1
    assert sandbox.phones() == []


def test_details_describe_a_single_message(sandbox: SandboxProcess, client: Client) -> None:
    answer = client.sms.send(to=NUMBER, message="a" * 161, details="1")
    assert (answer.length, answer.parts) == (161, 2)


def test_a_wrong_token_is_error_101(sandbox: SandboxProcess) -> None:
    stranger = Client(sandbox.gateway_url, access_token="wrong")
    assert refused(stranger) == 101


def test_sending_costs_points(sandbox: SandboxProcess, client: Client) -> None:
    before = client.account.balance().points
    client.sms.send(to=NUMBER, message="a" * 161)
    assert before - client.account.balance().points == pytest.approx(0.32)


def test_json_is_taken_too(sandbox: SandboxProcess) -> None:
    response = requests.post(
        f"{sandbox.gateway_url}sms.do?format=json",
        json={"to": NUMBER, "message": "Hej", "test": True},
        headers={"Authorization": f"Bearer {sandbox.token}"},
        timeout=10,
    )
    assert response.json()["count"] == 1


def test_a_thousand_recipients_are_accepted_at_once(
    sandbox: SandboxProcess, client: Client
) -> None:
    numbers = [f"6001{position:05}" for position in range(1000)]
    answer = client.sms.send(to=numbers, message="Hej", idx=numbers, check_idx="1")
    assert answer.count == len(sandbox.phones()) + 2  # …000 and …111 never arrive
