from __future__ import annotations

import time

import pytest
import requests
from smsapi.client import Client

from sandbox.testing import SandboxProcess, wait_for
from sandbox.tests.receiver import Receiver

NUMBER = "48600100200"
OWN = "48500000001"


@pytest.fixture
def replied(sandbox: SandboxProcess, receiver: Receiver) -> Receiver:
    """A customer who takes replies at the same address."""
    sandbox.set_callback_url(receiver.url, receiver.url)
    return receiver


def test_a_reply_to_a_lent_number_names_the_message(
    sandbox: SandboxProcess, client: Client, replied: Receiver
) -> None:
    sent = client.sms.send(to=NUMBER, message="Hej", from_="2way").results[0]
    sandbox.reply(NUMBER, "Zażółć & STOP")
    [reply] = wait_for(lambda: replied.posts)
    assert abs(int(reply.pop("sms_date")) - time.time()) < 10
    assert reply == {
        "sms_to": "48500000000",
        "sms_from": NUMBER,
        "sms_text": "Zażółć & STOP",
        "username": "sandbox",
        "MsgId": sent.id,
    }


def test_a_reply_to_the_customer_s_own_number_names_none(
    sandbox: SandboxProcess, client: Client, replied: Receiver
) -> None:
    client.sms.send(to=NUMBER, message="Hej", from_=OWN)
    sandbox.reply(NUMBER, "Tak")
    [reply] = wait_for(lambda: replied.posts)
    assert (reply["sms_to"], reply["MsgId"]) == (OWN, "")


def test_a_reply_is_repeated_until_the_answer_is_ok(
    sandbox: SandboxProcess, client: Client, replied: Receiver
) -> None:
    sandbox.faults(report_mode="none")
    replied.answers = [(500, b"OK"), (200, b"ok"), (200, b"OK")]
    client.sms.send(to=NUMBER, message="Hej", from_=OWN)
    sandbox.reply(NUMBER, "STOP")
    wait_for(lambda: len(replied.posts) == 3)
    sandbox.reply(NUMBER, "Drugi")
    wait_for(lambda: len(replied.posts) == 4)
    assert [reply["sms_text"] for reply in replied.posts] == ["STOP", "STOP", "STOP", "Drugi"]
    assert len({str(reply) for reply in replied.posts[:3]}) == 1


def test_a_name_cannot_be_answered(sandbox: SandboxProcess, client: Client) -> None:
    client.sms.send(to=NUMBER, message="Hej", from_="Bramka SMS")
    page = requests.get(f"{sandbox.url}/phones/{NUMBER}/", timeout=10).text
    assert "/reply/" not in page
    with pytest.raises(requests.HTTPError, match="400"):
        sandbox.reply(NUMBER, "STOP")


def test_the_phone_shows_what_was_answered(sandbox: SandboxProcess, client: Client) -> None:
    client.sms.send(to=NUMBER, message="Hej", from_=OWN)
    sandbox.reply(NUMBER, "<b>Dzień dobry</b>")
    page = requests.get(f"{sandbox.url}/phones/{NUMBER}/", timeout=10).text
    assert "&lt;b&gt;Dzień dobry&lt;/b&gt;" in page
    assert f"/phones/{NUMBER}/reply/" in page


@pytest.mark.parametrize("text", ["", "a" * 501, "a\0b"])
def test_a_senseless_answer_is_refused(text: str, sandbox: SandboxProcess, client: Client) -> None:
    client.sms.send(to=NUMBER, message="Hej", from_=OWN)
    with pytest.raises(requests.HTTPError, match="400"):
        sandbox.reply(NUMBER, text)
