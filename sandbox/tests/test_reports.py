from __future__ import annotations

import time

from smsapi.client import Client

from sandbox.testing import SandboxProcess, wait_for
from sandbox.tests.receiver import Receiver

NUMBER = "600100200"


def test_reports_come_a_few_in_a_call(
    sandbox: SandboxProcess, client: Client, receiver: Receiver
) -> None:
    sandbox.faults(report_delay_s=0)
    numbers = [f"60010020{digit}" for digit in range(7)]
    idx = [f"i{digit}" for digit in range(7)]
    answer = client.sms.send(to=numbers, message="Hej", idx=idx, from_="Bramka SMS")
    wait_for(lambda: len(receiver.reports) == 7)
    assert [len(call["MsgId"].split(",")) for call in receiver.calls] == [5, 2]
    assert [report["MsgId"] for report in receiver.reports] == [r.id for r in answer.results]
    assert [report["idx"] for report in receiver.reports] == idx


def test_a_report_says_what_smsapi_says(
    sandbox: SandboxProcess, client: Client, receiver: Receiver
) -> None:
    sandbox.faults(report_delay_s=0)
    client.sms.send(to=NUMBER, message="a" * 161, idx="my-1", from_="Bramka SMS")
    [report] = wait_for(lambda: receiver.reports)
    assert abs(int(report.pop("donedate")) - time.time()) < 10
    assert {report[name] for name in ("status", "status_name")} == {"404", "DELIVERED"}
    assert (report["to"], report["from"], report["idx"]) == ("48600100200", "Bramka SMS", "my-1")
    assert (report["points"], report["parts"]) == ("0.32", "2")
    assert (report["mcc"], report["mnc"]) == ("260", "1")


def test_undelivered_and_expired_are_reported(
    sandbox: SandboxProcess, client: Client, receiver: Receiver
) -> None:
    sandbox.faults(report_delay_s=0)
    client.sms.send(to=["600100000", "600100111", "600100222"], message="Hej")
    wait_for(lambda: len(receiver.reports) >= 2)
    assert [report["status"] for report in receiver.reports] == ["405", "402"]


def test_a_report_is_repeated_until_the_answer_is_ok(
    sandbox: SandboxProcess, client: Client, receiver: Receiver
) -> None:
    sandbox.faults(report_delay_s=0)
    receiver.answers = [(500, b"OK"), (200, b"ok"), (200, b"OK")]
    client.sms.send(to=NUMBER, message="Hej", idx="a")
    wait_for(lambda: len(receiver.calls) == 3)
    client.sms.send(to=NUMBER, message="Hej", idx="b")
    wait_for(lambda: "b" in [report["idx"] for report in receiver.reports])
    assert [report["idx"] for report in receiver.reports] == ["a", "a", "a", "b"]


def test_every_report_twice(sandbox: SandboxProcess, client: Client, receiver: Receiver) -> None:
    sandbox.faults(report_delay_s=0, report_mode="twice")
    client.sms.send(to=NUMBER, message="Hej")
    wait_for(lambda: len(receiver.calls) == 2)
    assert receiver.calls[0] == receiver.calls[1]


def test_delivered_before_sent(sandbox: SandboxProcess, client: Client, receiver: Receiver) -> None:
    sandbox.faults(report_delay_s=0, report_mode="reversed")
    client.sms.send(to=NUMBER, message="Hej")
    wait_for(lambda: len(receiver.reports) == 2)
    assert [report["status_name"] for report in receiver.reports] == ["DELIVERED", "SENT"]


def test_the_report_comes_before_the_answer(
    sandbox: SandboxProcess, client: Client, receiver: Receiver
) -> None:
    sandbox.faults(report_mode="before_answer")
    answer = client.sms.send(to=NUMBER, message="Hej", idx="a")
    assert [report["MsgId"] for report in receiver.reports] == [answer.results[0].id]


def test_no_reports_but_the_look_up_knows(
    sandbox: SandboxProcess, client: Client, receiver: Receiver
) -> None:
    sandbox.faults(report_delay_s=0, report_mode="none")
    client.sms.send(to=NUMBER, message="Hej", idx="silent")
    sandbox.faults(report_delay_s=0)
    client.sms.send(to=NUMBER, message="Hej", idx="loud")
    wait_for(lambda: receiver.reports)
    assert [report["idx"] for report in receiver.reports] == ["loud"]
