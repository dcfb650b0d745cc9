"""Sender names, as SMSAPI's clients manage them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from smsapi.client import Client
from smsapi.exception import EndpointException, SendException

from sandbox.testing import SandboxProcess

NAME = "Jan-OC 2.pl"


@pytest.fixture
def name(sandbox: SandboxProcess, client: Client) -> Iterator[str]:
    """A name that the account has not, before and after."""
    sandbox.networks(activate_names=True)
    yield NAME
    if NAME in sandbox.sender_names():
        client.sender.remove(name=NAME)


def rest(sandbox: SandboxProcess, method: str, path: str = "", **data: str) -> requests.Response:
    return requests.request(
        method,
        f"{sandbox.gateway_url}sms/sendernames{path}",
        data=data,
        headers={"Authorization": f"Bearer {sandbox.token}"},
        timeout=10,
    )


# --- by the official client -----------------------------------------------------------------------


def test_a_name_is_added_checked_and_removed(client: Client, name: str) -> None:
    assert client.sender.add(name=name).count == 1
    checked = client.sender.check(name=name)
    assert (checked.sender, checked.status) == (name, "ACTIVE")
    assert client.sender.remove(name=name).count == 1
    with pytest.raises(EndpointException) as caught:
        client.sender.check(name=name)
    assert caught.value.code == 2031


def test_the_list_tells_the_default(client: Client, name: str) -> None:
    client.sender.add(name=name)
    client.sender.default(name=name)
    listed = {row.sender: row.default for row in client.sender.list()}
    assert listed[name]
    assert not listed["Bramka SMS"]


@pytest.mark.parametrize(("bad", "code"), [("Bramka SMS", 2110), ("Żółć", 2112), ("a" * 12, 2112)])
def test_what_is_no_new_name_is_refused(client: Client, bad: str, code: int) -> None:
    with pytest.raises(EndpointException) as caught:
        client.sender.add(name=bad)
    assert caught.value.code == code


def test_only_an_active_name_may_be_sent_from(
    sandbox: SandboxProcess, client: Client, name: str
) -> None:
    sandbox.networks(activate_names=False)
    client.sender.add(name=name)
    for status in ("PENDING", "REJECTED"):
        sandbox.set_sender_status(name, status)
        with pytest.raises(SendException) as caught:
            client.sms.send(to="600100200", message="Hej", from_=name)
        assert caught.value.code == 14
    sandbox.set_sender_status(name, "ACTIVE")
    assert client.sms.send(to="600100200", message="Hej", from_=name).count == 1


@pytest.mark.parametrize("sender", ["Bramka SMS", "Polisa Info", "Twoj Agent", "Nowak OC"])
def test_the_names_of_the_demo_are_active(
    sandbox: SandboxProcess, client: Client, sender: str
) -> None:
    assert client.sms.send(to="600100200", message="Hej", from_=sender).count == 1


# --- by REST --------------------------------------------------------------------------------------


def test_rest_adds_tells_and_removes(sandbox: SandboxProcess, name: str) -> None:
    added = rest(sandbox, "POST", sender=name)
    assert added.status_code == 201
    assert set(added.json()) == {"sender", "is_default", "status", "created_at"}
    assert rest(sandbox, "GET", f"/{name}").json()["status"] == "ACTIVE"
    assert name in [row["sender"] for row in rest(sandbox, "GET").json()["collection"]]
    assert rest(sandbox, "POST", f"/{name}/commands/make_default").status_code == 204
    assert rest(sandbox, "GET", f"/{name}").json()["is_default"]
    assert rest(sandbox, "DELETE", f"/{name}").status_code == 204
    assert rest(sandbox, "GET", f"/{name}").status_code == 404


def test_rest_says_by_status_and_name_what_is_wrong(sandbox: SandboxProcess) -> None:
    refused = rest(sandbox, "POST", sender="Żółć")
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_request_data")
    known = rest(sandbox, "POST", sender="Bramka SMS")
    assert (known.status_code, known.json()["error"]) == (409, "conflict")
    stranger = requests.get(f"{sandbox.gateway_url}sms/sendernames", timeout=10)
    assert (stranger.status_code, stranger.json()["error"]) == (401, "authorization_failed")


def test_there_is_a_statement_to_accept(sandbox: SandboxProcess) -> None:
    assert rest(sandbox, "GET", "/statement").json()["content"]


def test_faults_come_between_here_too(sandbox: SandboxProcess) -> None:
    sandbox.faults(mode="http_503")
    assert rest(sandbox, "GET").status_code == 503
    sandbox.clear()
    assert rest(sandbox, "GET").status_code == 200


# --- the page -------------------------------------------------------------------------------------


def test_the_page_lists_the_names_and_activates_one(
    sandbox: SandboxProcess, client: Client, name: str
) -> None:
    sandbox.networks(activate_names=False)
    client.sender.add(name=name)
    browser = requests.Session()
    page = browser.get(f"{sandbox.url}/gateway/", timeout=10).text
    row = page[page.index(f"{name}</th>") :]
    action = row[row.index('action="') + 8 :].split('"')[0]
    token = browser.cookies["sandbox_csrftoken"]
    data = {"status": "ACTIVE", "csrfmiddlewaretoken": token}
    assert browser.post(sandbox.url + action, data=data, timeout=10).ok
    assert sandbox.sender_names()[name] == "ACTIVE"
