"""The sandbox's gateway, and an agency with money to spend at it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from pytest_django import Settings

from accounts.models import Agency, User
from billing import ledger
from billing.models import PartPrice
from messaging import sending, settling
from messaging.gateways import gateway_called
from messaging.gateways.base import Gateway
from messaging.models import MessageTemplate
from messaging.template_types import TemplateType
from messaging.tests.sending_cases import PRICE, START, Answer, ScriptedGateway, Sender, UseGateway
from sandbox.testing import SandboxProcess


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[SandboxProcess]:
    with SandboxProcess() as process:
        yield process


@pytest.fixture
def sandbox(running_sandbox: SandboxProcess, settings: Settings) -> Iterator[SandboxProcess]:
    """The real process with empty phones; the portal sends to it."""
    running_sandbox.clear()
    settings.SMSAPI_URL = running_sandbox.gateway_url
    settings.SMSAPI_TOKEN = running_sandbox.token
    settings.SERWERSMS_URL = running_sandbox.serwersms_url
    settings.SERWERSMS_TOKEN = running_sandbox.token
    gateway_called.cache_clear()
    yield running_sandbox
    gateway_called.cache_clear()


@pytest.fixture
def gateway(sandbox: SandboxProcess) -> Gateway:
    return gateway_called("smsapi")


@pytest.fixture(params=["smsapi", "serwersms"])
def provider(request: pytest.FixtureRequest, settings: Settings) -> str:
    """Each gateway in turn is the only one."""
    settings.SMS_GATEWAY = request.param
    return str(request.param)


@pytest.fixture
def template(agency: Agency) -> MessageTemplate:
    return MessageTemplate.objects.create(
        agency=agency,
        name="Przypomnienie",
        type=TemplateType.OWN,
        body="Dzien dobry, {imie}. Prosze o kontakt.",
    )


@pytest.fixture
def sender(agency: Agency, owner: User, template: MessageTemplate) -> Sender:
    """An agency with 1 000,00 zł that sends campaigns."""
    # Tests with real transactions empty all tables at their end, also of what migrations put there.
    PartPrice.objects.get_or_create(agency=None, valid_from=date(2026, 1, 1), price=PRICE)
    ledger.credit(agency=agency, amount=START, reference="payment:first")
    return Sender(agency, owner, template)


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> UseGateway:
    """Replaces the gateway by one that answers each SMS as the given function says."""

    def use(answer: Answer) -> ScriptedGateway:
        gateway = ScriptedGateway(answer)
        for module in (sending, settling):
            monkeypatch.setattr(module, "gateway_called", lambda _name: gateway)
        return gateway

    return use
