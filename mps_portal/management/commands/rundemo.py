"""Start the portal, its worker and the sandbox together; what bin/run does once everything is installed."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from mps_portal import demo_data
from mps_portal.schedules import set_up_schedules

# Seconds that the programs may take to answer, and to end when told to.
START_LIMIT = 60
STOP_LIMIT = 15


class Command(BaseCommand):
    help = "Runs the demo: portal, worker and sandbox. Needs the environment that bin/run sets."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--empty", action="store_true", help="start without demo data")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SANDBOX_URL:
            raise CommandError("Start the demo with bin/run.")
        _refuse_busy_ports()
        self._prepare(options["empty"])
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _stop)
        programs = Programs()
        try:
            programs.start()
            self.stdout.write(_greeting(options["empty"]))
            self.stdout.flush()
            programs.watch()
        finally:
            programs.stop()

    def _prepare(self, empty: bool) -> None:
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        set_up_schedules()
        _collect_static()
        demo_data.load_staff()
        if not empty:
            demo_data.load_agency()


class Programs:
    """The three processes, each in a session of its own so that Ctrl-C reaches only this one."""

    def __init__(self) -> None:
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Start all and wait until they answer. Raises CommandError with the log of what does not."""
        logs = settings.DATA_DIR / "log"
        logs.mkdir(parents=True, exist_ok=True)
        for name, (command, extra) in _commands().items():
            with (logs / f"{name}.log").open("ab") as log:
                self.running[name] = subprocess.Popen(  # noqa: S603  (our own commands)
                    command,
                    env=os.environ | extra,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        self._wait_for("sandbox", settings.SANDBOX_URL)
        self._wait_for("web", settings.PORTAL_URL + reverse("health"))

    def watch(self) -> NoReturn:
        """Wait for Ctrl-C; if a program ends by itself, say which."""
        while True:
            time.sleep(0.5)
            self._check_alive()

    def stop(self) -> None:
        """Ask all to end, and end whole sessions of those that do not."""
        for program in self.running.values():
            if program.poll() is None:
                program.terminate()
        deadline = time.monotonic() + STOP_LIMIT
        for program in self.running.values():
            try:
                program.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(program.pid, signal.SIGKILL)

    def _wait_for(self, name: str, url: str) -> None:
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline:
            self._check_alive()
            if _answers(url):
                return
            time.sleep(0.1)
        raise CommandError(f"{name} does not answer at {url}. {_log_hint(name)}")

    def _check_alive(self) -> None:
        for name, program in self.running.items():
            if program.poll() is not None:
                raise CommandError(
                    f"{name} ended with code {program.returncode}. {_log_hint(name)}"
                )


def _collect_static() -> None:
    """Collect, hash and compress the static files; at once if they are what they were, since it takes seconds."""
    sources = [
        (path, storage.size(path), storage.get_modified_time(path).isoformat())
        for finder in get_finders()
        for path, storage in finder.list([])
    ]
    fingerprint = hashlib.sha256(repr(sources).encode()).hexdigest()
    stamp: Path = settings.STATIC_ROOT / ".sources"
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(fingerprint)


def _commands() -> dict[str, tuple[list[str], dict[str, str]]]:
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    portal, sandbox = urlsplit(settings.PORTAL_URL), urlsplit(settings.SANDBOX_URL)
    callback = settings.PORTAL_URL + reverse(
        "messaging:smsapi_report", args=[settings.SMSAPI_CALLBACK_SECRET]
    )
    serwersms_callback = settings.PORTAL_URL + reverse(
        "messaging:serwersms_report", args=[settings.SERWERSMS_CALLBACK_SECRET]
    )
    replies = settings.PORTAL_URL + reverse(
        "messaging:smsapi_reply", args=[settings.SMSAPI_CALLBACK_SECRET]
    )
    gunicorn = [
        sys.executable,
        "-m",
        "gunicorn",
        "mps_portal.wsgi",
        "--workers=2",
        "--threads=4",
        "--no-control-socket",
    ]
    return {
        "sandbox": (
            [
                *manage,
                "sandbox",
                f"--port={sandbox.port}",
                f"--smtp-port={settings.EMAIL_PORT}",
            ],
            {
                "SANDBOX_CALLBACK_URL": callback,
                "SANDBOX_SERWERSMS_CALLBACK_URL": serwersms_callback,
                "SANDBOX_REPLIES_URL": replies,
                "DJANGO_SETTINGS_MODULE": "sandbox.settings",
            },
        ),
        "web": ([*gunicorn, f"--bind={portal.hostname}:{portal.port}"], {}),
        "worker": ([*manage, "qcluster"], {}),
    }


def _refuse_busy_ports() -> None:
    portal, sandbox = urlsplit(settings.PORTAL_URL), urlsplit(settings.SANDBOX_URL)
    ports = {
        portal.port: "--port",
        sandbox.port: "--sandbox-port",
        settings.EMAIL_PORT: "--sandbox-port",
    }
    for port, option in ports.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", int(port or 0)))
            except OSError as error:
                raise CommandError(
                    f"Port {port} is in use. Choose another with bin/run {option} NUMBER."
                ) from error


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310  (our own address)
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _log_hint(name: str) -> str:
    log: Path = settings.DATA_DIR / "log" / f"{name}.log"
    lines = log.read_text(errors="replace").splitlines()[-15:] if log.exists() else []
    return "\n".join([f"From {log}:", *lines])


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _greeting(empty: bool) -> str:
    logins = [("operator", demo_data.STAFF)]
    if not empty:
        logins = [
            ("agent", demo_data.AGENT),
            ("employee", demo_data.EMPLOYEE),
            ("accountant", demo_data.ACCOUNTANT),
            *logins,
        ]
    lines = [
        "",
        "MPS is running. This is a demo: nothing leaves this machine.",
        "",
        f"  Portal      {settings.PORTAL_URL}",
        f"  Sandbox     {settings.SANDBOX_URL}  (phones, mailbox, bank, gateway, VAT register, codes)",
        "",
        *(f"  {who:<12}{email:<24}  {demo_data.PASSWORD}" for who, email in logins),
        "  The operator also needs a code: the sandbox's authenticator app shows it.",
        "",
        "Ctrl-C stops everything; the data stay.",
    ]
    return "\n".join(lines)
