from __future__ import annotations

from collections.abc import Iterator

import pytest
from smsapi.client import Client

from sandbox.testing import SandboxProcess
from sandbox.tests.receiver import Receiver


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[SandboxProcess]:
    with SandboxProcess() as process:
        yield process


@pytest.fixture
def sandbox(running_sandbox: SandboxProcess) -> SandboxProcess:
    running_sandbox.clear()
    return running_sandbox


@pytest.fixture
def client(sandbox: SandboxProcess) -> Client:
    """The official client, only pointed elsewhere."""
    return Client(sandbox.gateway_url, access_token=sandbox.token)


@pytest.fixture
def receiver(sandbox: SandboxProcess) -> Iterator[Receiver]:
    with Receiver() as receiver:
        sandbox.set_callback_url(receiver.url)
        yield receiver
        sandbox.clear()
