from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import requests

from sandbox.testing import MANAGE, SandboxProcess

ROOMS = [
    "/",
    "/phones/",
    "/phones/48600100200/",
    "/mail/",
    "/bank/",
    "/gateway/",
    "/register/",
    "/authenticator/",
]


def run_sandbox(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(MANAGE), "sandbox", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
    monkeypatch.setenv("MPS_DATA_DIR", str(tmp_path))


@pytest.mark.parametrize("path", ROOMS)
def test_every_room_opens_under_a_strict_policy(sandbox: SandboxProcess, path: str) -> None:
    response = requests.get(sandbox.url + path, timeout=10)
    assert response.status_code == 200
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy


def test_polish_is_the_default_whatever_the_browser_asks_for(sandbox: SandboxProcess) -> None:
    page = requests.get(sandbox.url, headers={"Accept-Language": "en"}, timeout=10)
    assert '<html lang="pl">' in page.text


def test_the_switch_changes_the_language(sandbox: SandboxProcess) -> None:
    cookies = {"sandbox_language": "en"}
    assert '<html lang="en">' in requests.get(sandbox.url, cookies=cookies, timeout=10).text


def test_another_host_name_is_refused(sandbox: SandboxProcess) -> None:
    page = requests.get(sandbox.url, headers={"Host": "evil.example"}, timeout=10)
    assert page.status_code == 400


def test_it_ends_cleanly_and_frees_its_ports() -> None:
    process = SandboxProcess()
    process.start()
    assert process.stop() == 0
    with pytest.raises(requests.ConnectionError):
        requests.get(process.url, timeout=1)


@pytest.mark.parametrize("taken", ["port", "smtp_port"])
def test_a_port_in_use_is_one_clear_line(sandbox: SandboxProcess, taken: str) -> None:
    ports = {"port": "0", "smtp_port": "0", taken: str(getattr(sandbox, taken))}
    ended = run_sandbox("--port", ports["port"], "--smtp-port", ports["smtp_port"])
    assert ended.returncode == 1
    assert ended.stderr.strip() == (
        f"CommandError: Cannot listen on port {ports[taken]}: Address already in use."
    )


def test_it_refuses_to_face_the_network() -> None:
    ended = run_sandbox("--host", "0.0.0.0")
    assert ended.returncode == 1
    assert "loopback addresses only" in ended.stderr
