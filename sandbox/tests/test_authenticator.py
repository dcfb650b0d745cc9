from __future__ import annotations

import html
import re
import time
from collections.abc import Iterator

import pyotp
import pytest
import requests

from sandbox.testing import SandboxProcess

DEMO_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


class App:
    """Somebody at the authenticator's page."""

    def __init__(self, sandbox: SandboxProcess) -> None:
        self.url = f"{sandbox.url}/authenticator/"
        self.browser = requests.Session()
        self.browser.cookies["sandbox_language"] = "en"

    def add(self, secret: str, label: str = "") -> str:
        return self._post(self.url, secret=secret, label=label)

    def codes(self) -> dict[str, str]:
        """Code by name."""
        text = self.browser.get(f"{self.url}codes/", timeout=5).text
        found = re.findall(r"<b>(.*?)</b>.*?<code.*?>(\d{6})</code>", text, re.DOTALL)
        return {html.unescape(name): code for name, code in found}

    def remove_all_but_the_demos(self) -> None:
        page = self.browser.get(self.url, timeout=5).text
        for path in re.findall(r"/authenticator/(?!1/)\d+/remove/", page):
            self._post(self.url.replace("/authenticator/", path))

    def _post(self, url: str, **data: str) -> str:
        self.browser.get(self.url, timeout=5)
        token = self.browser.cookies["sandbox_csrftoken"]
        return self.browser.post(url, {**data, "csrfmiddlewaretoken": token}, timeout=5).text


@pytest.fixture
def app(sandbox: SandboxProcess) -> Iterator[App]:
    app = App(sandbox)
    yield app
    app.remove_all_but_the_demos()


def now_or_next(secret: str) -> set[str]:
    """The code may turn between the look and the check."""
    totp, moment = pyotp.TOTP(secret), int(time.time())
    return {totp.at(moment), totp.at(moment - 3)}


def test_the_demos_operator_is_there_from_the_start(app: App) -> None:
    assert app.codes()["operator@mps.example"] in now_or_next(DEMO_SECRET)


@pytest.mark.parametrize(
    "typed", [SECRET, SECRET.lower(), " ".join(SECRET[i : i + 4] for i in range(0, 32, 4))]
)
def test_a_secret_may_be_typed_in_any_case_and_spacing(app: App, typed: str) -> None:
    app.add(typed, "anna@zolc.example")
    assert app.codes()["anna@zolc.example"] in now_or_next(SECRET)


def test_a_link_brings_its_name(app: App) -> None:
    app.add(f"otpauth://totp/MPS:jan%40nowak.example?secret={SECRET}&issuer=MPS")
    assert app.codes()["jan@nowak.example"] in now_or_next(SECRET)


def test_the_same_secret_is_kept_once(app: App) -> None:
    app.add(SECRET, "old name")
    app.add(SECRET, "new name")
    assert "old name" not in app.codes()
    assert "new name" in app.codes()


@pytest.mark.parametrize(
    "wrong",
    [
        "not a secret!",
        "1890",
        "otpauth://hotp/x?secret=" + SECRET + "&counter=1",
        "otpauth://totp/x?secret=" + SECRET + "&digits=8",
        "otpauth://totp/x?secret=" + SECRET + "&algorithm=SHA256",
        "otpauth://totp/x",
    ],
)
def test_what_is_no_secret_is_refused_with_the_reason(app: App, wrong: str) -> None:
    assert "This is neither a secret" in app.add(wrong)
    assert list(app.codes()) == ["operator@mps.example"]


def test_an_address_may_fill_the_form_and_adds_nothing_yet(app: App) -> None:
    page = app.browser.get(app.url, params={"add": SECRET}, timeout=5).text
    assert f'value="{SECRET}"' in page
    assert list(app.codes()) == ["operator@mps.example"]


def test_starting_afresh_keeps_the_secrets(app: App, sandbox: SandboxProcess) -> None:
    app.add(SECRET, "kept")
    sandbox.clear()
    assert "kept" in app.codes()
