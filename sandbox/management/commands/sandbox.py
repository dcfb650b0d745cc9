"""`python manage.py sandbox`: the outside world in one process."""

from __future__ import annotations

import ipaddress
import os
import signal
import threading
from argparse import ArgumentParser
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from sandbox.gateway.pusher import ReportPusher
from sandbox.mailbox.sink import smtp_server
from sandbox.server import HttpServer


class Command(BaseCommand):
    help = "Runs the stand-ins for SMS gateway, mail server, bank and register until it is interrupted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="A loopback address.")
        parser.add_argument("--port", type=int, default=8001, help="Of the pages and contracts.")
        parser.add_argument("--smtp-port", type=int, default=8025)

    def handle(self, *, host: str, port: int, smtp_port: int, **options: Any) -> None:
        if not _is_loopback(host):
            raise CommandError(f"The sandbox listens on loopback addresses only, not on {host}.")
        stopping = _stop_on_signals()
        with ExitStack() as parts:
            # Bound before the database is touched: a second start must not migrate under the first.
            server = _bind(host, port)
            parts.callback(server.server_close)
            settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
            call_command("migrate", verbosity=0, interactive=False)
            _start_parts(parts, server, host, smtp_port)
            smtp = f"smtp://{host}:{smtp_port}"
            self.stdout.write(f"Sandbox ready: http://{host}:{server.server_port}/ and {smtp}")
            self.stdout.flush()
            stopping.wait()


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.IPv4Address(host).is_loopback
    except ValueError:
        return False


def _stop_on_signals() -> threading.Event:
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    return stopping


def _start_parts(parts: ExitStack, server: HttpServer, host: str, smtp_port: int) -> None:
    smtp = smtp_server(host, smtp_port)
    try:
        smtp.start()
    except OSError as error:
        raise _port_taken(smtp_port, error) from error
    parts.callback(smtp.stop)
    pusher = ReportPusher()
    pusher.start()
    parts.callback(pusher.stop)
    server.start()
    parts.callback(server.shutdown)


def _bind(host: str, port: int) -> HttpServer:
    try:
        return HttpServer(host, port)
    except OSError as error:
        raise _port_taken(port, error) from error


def _port_taken(port: int, error: OSError) -> CommandError:
    # asyncio puts a sentence of its own into strerror.
    reason = os.strerror(error.errno) if error.errno else error
    return CommandError(f"Cannot listen on port {port}: {reason}.")
