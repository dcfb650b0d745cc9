"""The sandbox as a tool for tests: starts the real process and talks to it over HTTP.

Free of Django, so that any test suite can use it:

    with SandboxProcess(callback_url="http://127.0.0.1:9000/reports/") as sandbox:
        sandbox.faults(mode="http_503", remaining=1)
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import requests

MANAGE = Path(__file__).resolve().parent.parent / "manage.py"
HOST = "127.0.0.1"
START_TIMEOUT = 30  # seconds
STOP_TIMEOUT = 10  # seconds
REQUEST_TIMEOUT = 30  # seconds

Found = TypeVar("Found")


def free_port() -> int:
    """Return a TCP port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def wait_for(probe: Callable[[], Found], seconds: float = 10) -> Found:
    """Return the first true value of `probe`; raises TimeoutError when none came in time."""
    deadline = time.monotonic() + seconds
    while True:
        if found := probe():
            return found
        if time.monotonic() > deadline:
            raise TimeoutError(f"Nothing came within {seconds} s.")
        time.sleep(0.02)


class SandboxProcess:
    """One sandbox on free ports, with its database in a temporary folder."""

    token = "sandbox-token"  # noqa: S105 - opens nothing but this stand-in

    def __init__(self, callback_url: str = "") -> None:
        self.callback_url = callback_url
        self.port = free_port()
        self.smtp_port = free_port()
        self.url = f"http://{HOST}:{self.port}"
        self.gateway_url = f"{self.url}/smsapi/"
        self.serwersms_url = f"{self.url}/serwersms/"
        self.white_list_url = f"{self.url}/wl"
        self._session = requests.Session()
        self._process: subprocess.Popen[str] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> SandboxProcess:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the process and wait until it answers. Raises RuntimeError when it ends instead."""
        self._folder = tempfile.TemporaryDirectory(prefix="sandbox-")
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            self._command(), env=self._environment(), stdout=subprocess.PIPE, text=True
        )
        try:
            wait_for(self._is_answering, START_TIMEOUT)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> int:
        """End the process, remove its folder and return its exit code."""
        code = self._end_process()
        self._session.close()
        if self._folder:
            self._folder.cleanup()
        return code

    def faults(self, **values: Any) -> dict[str, Any]:
        """Set the faults; whatever is not named goes back to its default. Returns them all."""
        return dict(self._post("/smsapi/faults/", values).json())

    def current_faults(self) -> dict[str, Any]:
        """The faults as they are now: what was set for so many requests ends with them."""
        return dict(self._get("/smsapi/faults/").json())

    def register_fault(self, mode: str) -> None:
        """Make the VAT register misbehave: none, down, slow, limit or nonsense."""
        self._post("/wl/faults/", {"mode": mode})

    def set_callback_url(self, url: str, replies_url: str = "", serwersms_url: str = "") -> None:
        """Change where delivery reports, and what phones answer, are pushed."""
        data = {
            "callback_url": url,
            "replies_url": replies_url,
            "serwersms_callback_url": serwersms_url,
            "csrfmiddlewaretoken": self._csrf_token(),
        }
        self._session.post(f"{self.url}/gateway/panel/", data=data, timeout=REQUEST_TIMEOUT)

    def networks(self, *, activate_names: bool) -> None:
        """Have the mobile networks activate new sender names at once, or let them wait."""
        self._post("/smsapi/networks/", {"activates_names": activate_names})

    def set_sender_status(self, name: str, status: str) -> None:
        """What the networks say of a name: ACTIVE, PENDING or REJECTED."""
        self._post("/smsapi/networks/", {"name": name, "status": status})

    def sender_names(self) -> dict[str, str]:
        """The account's sender names with their statuses."""
        return {row["sender"]: row["status"] for row in self._get_list("/smsapi/networks/")}

    def phones(self, number: str = "") -> list[dict[str, Any]]:
        """Return the messages that arrived, oldest first."""
        return self._get_list("/phones.json", number=number)

    def reply(self, number: str, text: str) -> None:
        """Answer the newest message on a phone that can be answered. `number` has its country code."""
        self._post(f"/phones/{number}/reply/", {"text": text})

    def mail(self, to: str = "") -> list[dict[str, Any]]:
        """Return the e-mails that were sent, newest first."""
        return self._get_list("/mail.json", to=to)

    def transfer(self, amount: str, title: str, **values: str) -> dict[str, Any]:
        """Make a bank transfer: amount in złoty ("58,00"), further fields as in the bank's form."""
        posted = self._post("/bank/transfers.json", {"amount": amount, "title": title, **values})
        return dict(posted.json())

    def statement(self, day: str, extension: str = "sta") -> bytes:
        """Return the bank statement of a day (YYYY-MM-DD)."""
        return self._get(f"/bank/statement/{day}.{extension}").content

    def clear(self) -> None:
        """Forget messages, mail, transfers, faults and a changed callback URL."""
        self._post("/reset/", {})

    def _command(self) -> list[str]:
        ports = ["--port", str(self.port), "--smtp-port", str(self.smtp_port)]
        return [sys.executable, str(MANAGE), "sandbox", *ports]

    def _environment(self) -> dict[str, str]:
        assert self._folder  # noqa: S101
        # The test run's own settings module would make manage.py start the wrong program.
        kept = {key: v for key, v in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
        return {
            **kept,
            "MPS_DATA_DIR": self._folder.name,
            "SANDBOX_CALLBACK_URL": self.callback_url,
            "SANDBOX_SMSAPI_TOKEN": self.token,
            "SANDBOX_SERWERSMS_TOKEN": self.token,
        }

    def _is_answering(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            raise RuntimeError("The sandbox ended instead of starting; its message is above.")
        try:
            return self._get("/").ok
        except requests.ConnectionError:
            return False

    def _end_process(self) -> int:
        if self._process is None:
            return 0
        self._process.terminate()
        try:
            code = self._process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()
        return code

    def _csrf_token(self) -> str:
        self._get("/gateway/")
        return str(self._session.cookies["sandbox_csrftoken"])

    def _get_list(self, path: str, **query: str) -> list[dict[str, Any]]:
        return list(self._get(path, **query).json())

    def _get(self, path: str, **query: str) -> requests.Response:
        response = self._session.get(self.url + path, params=query, timeout=REQUEST_TIMEOUT)
        response.raise_for_status()
        return response

    def _post(self, path: str, values: dict[str, Any]) -> requests.Response:
        response = self._session.post(self.url + path, json=values, timeout=REQUEST_TIMEOUT)
        response.raise_for_status()
        return response
