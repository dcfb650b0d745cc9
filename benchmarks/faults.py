"""What 5,000 messages come to when everything fails: workers killed, a gateway with faults, reports in any order.

After each fault the promises of messaging/tests/promises.py are checked; the exit code is 1 if one is broken.
Run by bin/bench faults [a word of the faults wanted].
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from time import perf_counter
from typing import Any

from benchmarks.bench_database import bench_database
from benchmarks.throw_away_postgres import ThrowAwayPostgres

NUM_MESSAGES = 5_000
NUM_KILLS = 20
# Requests that meet the fault, of NUM_MESSAGES / BATCH.
NUM_FAULTS = 12
BATCH = 50
LEASE = 5  # seconds
TIMEOUT = 2  # seconds that an answer is waited for
PATIENCE = 300  # seconds for a fault to be overcome

Fault = dict[str, Any]
# A delay, so that requests are under way when something happens.
QUIET = {"report_mode": "none", "delay_ms": 50}
GATEWAY_FAULTS: dict[str, Fault] = {
    "hangs up after accepting": {"mode": "drop_after_accept"},
    "answers after the timeout": {
        "mode": "answer_after_timeout",
        "delay_ms": 1000 * TIMEOUT + 1000,
    },
    "half an answer": {"mode": "half_answer"},
    "HTTP 500": {"mode": "http_500"},
    "HTTP 429 with Retry-After": {"mode": "rate_limited"},
    "an error inside HTTP 200": {"mode": "error_code", "error_code": 201},
}
REPORT_FAULTS = {
    "reports twice": "twice",
    "reports reversed": "reversed",
    "reports before the answer": "before_answer",
}


def main() -> None:
    """Print a line for each fault; exit with 1 if a promise was broken."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    broken = 0
    with bench_database():
        print(f"{NUM_MESSAGES} messages a fault, {BATCH} a request")
        for name, provoke in _faults().items():
            if wanted in name:
                broken += attempt(name, provoke)
    if not wanted or wanted in "the database restarts":
        broken += _try_restart()
    sys.exit(1 if broken else 0)


def _faults() -> dict[str, Callable[[], str]]:
    return {
        f"{NUM_KILLS} kills": _kill_workers,
        **{name: lambda fault=fault: _fail(fault) for name, fault in GATEWAY_FAULTS.items()},
        **{name: lambda mode=mode: _report(mode) for name, mode in REPORT_FAULTS.items()},
        "50 campaigns, a balance for 20": _overspend,
    }


def attempt(name: str, provoke: Callable[[], str]) -> bool:
    """Print what became of it. Returns whether it went wrong."""
    start = perf_counter()
    try:
        told, is_broken = provoke(), False
    except (BrokenPromise, TimeoutError) as error:
        told, is_broken = f"BROKEN: {error}", True
    print(f"{name}: {told}; {perf_counter() - start:.0f} s", flush=True)
    return is_broken


class BrokenPromise(Exception):
    """What is not as promised, in words."""


# --- the faults -----------------------------------------------------------------------------------


def _kill_workers() -> str:
    from messaging.tests.sending_cases import states

    source = random.Random(1)  # noqa: S311 - moments, not secrets
    with new_world() as world:
        campaign = world.sender.draft(world.client_ids)
        world.sender.confirm(campaign)
        for _kill in range(NUM_KILLS):
            world.sandbox.faults(**QUIET | {"delay_ms": 400})
            # As slowly as leaves something for the last of them.
            with world.worker(threads=2, batch=BATCH // 5):
                before = len(world.sandbox.phones())
                world.wait_for(lambda before=before: len(world.sandbox.phones()) > before)
                _pause(source.random())
            # What is uncertain is asked about one by one.
            world.sandbox.faults(report_mode="none")
            world.let_time_pass()
        left = states(campaign).get("queued", 0)
        with world.worker():
            world.wait_until_promised({"sent": NUM_MESSAGES})
    return f"each arrived once ({left} left after the last kill)"


def _fail(fault: Fault) -> str:
    with new_world() as world:
        world.sandbox.faults(**QUIET | fault, remaining=NUM_FAULTS)
        campaign = world.sender.draft(world.client_ids)
        world.sender.confirm(campaign)
        with world.worker():
            world.wait_until_promised({"sent": NUM_MESSAGES})
        if world.sandbox.current_faults()["mode"] != "none":
            raise BrokenPromise("the fault was not met")
    return f"{NUM_FAULTS} requests met it, each message arrived once"


def _report(mode: str) -> str:
    with new_world() as world, _portal() as url:
        world.sandbox.set_callback_url(f"{url}/dlr/smsapi/demo-callback/")
        world.sandbox.faults(report_mode=mode, report_delay_s=0)
        world.sender.confirm(world.sender.draft(world.client_ids))
        with world.worker():
            world.wait_until_promised({"delivered": NUM_MESSAGES})
    return "each message is delivered and stays so"


def _overspend() -> str:
    from accounts.tests.races import run_together
    from billing import ledger
    from messaging.models import Campaign
    from messaging.tests.sending_cases import PRICE

    each = NUM_MESSAGES // 50
    with new_world(money=20 * each * PRICE + 1) as world:
        world.sandbox.faults(**QUIET)
        ids = world.client_ids
        drafts = [world.sender.draft(ids[each * n : each * (n + 1)]) for n in range(50)]

        def confirm(number: int) -> bool:
            try:
                return world.sender.confirm(drafts[number])
            except ledger.InsufficientBalance:
                return False

        confirmed = run_together(50, confirm)
        with world.worker():
            world.wait_until_promised({"sent": 20 * each})
        if confirmed.count(True) != 20 or world.sender.balance != 1:
            raise BrokenPromise(f"{confirmed.count(True)} paid, {world.sender.balance} left")
        if Campaign.objects.exclude(state="draft").count() != 20:
            raise BrokenPromise("a campaign went out that was not paid")
    return "20 went out, 30 are drafts, 1 grosz is left"


def _try_restart() -> bool:
    """On a server of its own: the machine's is never touched."""
    reason = ThrowAwayPostgres.missing()
    if reason:
        print(f"the database restarts: skipped, {reason}")
        return False
    with ThrowAwayPostgres() as server:
        run = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "benchmarks.faults_restart", server.folder],
            env={**os.environ, "DATABASE_URL": server.url},
            check=False,
        )
    return run.returncode != 0


# --- the world that they happen in ----------------------------------------------------------------


class World:
    """An agency with clients and money, a sandbox, and workers when they are wanted."""

    def __init__(self, sandbox: Any, sender: Any, client_ids: list[int]) -> None:
        self.sandbox = sandbox
        self.sender = sender
        self.client_ids = client_ids

    def worker(self, threads: int = 8, batch: int = BATCH) -> Any:
        from messaging.tests.worker_process import WorkerProcess

        return WorkerProcess(
            SENDING_LEASE=str(LEASE),
            SEND_BATCH_SIZE=str(batch),
            SEND_THREADS=str(threads),
            GATEWAY_TIMEOUT=str(TIMEOUT),
            SMSAPI_URL=self.sandbox.gateway_url,
            SMSAPI_TOKEN=self.sandbox.token,
        )

    def wait_for(self, probe: Callable[[], object]) -> None:
        from sandbox.testing import wait_for

        wait_for(probe, seconds=PATIENCE)

    def let_time_pass(self) -> None:
        """Let what a dead worker held be taken up now, and not after minutes."""
        from messaging import tasks
        from messaging.tests.own_worker import let_time_pass

        let_time_pass()
        tasks.sweep()

    def wait_until_promised(self, states: dict[str, int]) -> None:
        """Until all messages are in these states and no job is left. Raises BrokenPromise when that never comes."""
        from messaging.tests.promises import broken_promises

        try:
            self.wait_for(lambda: self._sweep() == states)
            self.wait_for(lambda: not broken_promises(self.sandbox.phones()))
        except TimeoutError as error:
            told = broken_promises(self.sandbox.phones())
            raise BrokenPromise(f"{self._states()}, {len(told)} broken: {told[:3]}") from error

    def _sweep(self) -> dict[str, int]:
        """What happens once a minute, as often as it takes."""
        from messaging import tasks

        tasks.sweep()
        _pause(0.5)
        return self._states()

    def _states(self) -> dict[str, int]:
        from messaging.models import Message

        return dict(Counter(Message.objects.values_list("state", flat=True)))


@contextmanager
def new_world(money: int = 10_000_000) -> Iterator[World]:
    """An empty database, one agency with `money` grosze and NUM_MESSAGES clients, and a sandbox with empty phones."""
    from django.conf import settings
    from django.core.management import call_command

    from messaging.gateways import gateway_called
    from sandbox.testing import SandboxProcess

    call_command("flush", interactive=False, verbosity=0)
    settings.SENDING_LEASE, settings.GATEWAY_TIMEOUT = LEASE, TIMEOUT
    with ExitStack() as stack:
        sandbox = stack.enter_context(SandboxProcess())
        settings.SMSAPI_URL, settings.SMSAPI_TOKEN = sandbox.gateway_url, sandbox.token
        gateway_called.cache_clear()
        yield World(sandbox, *_agency_with_clients(money))


def _agency_with_clients(money: int) -> tuple[Any, list[int]]:
    from accounts.models import Agency, User
    from accounts.roles import Role
    from billing import ledger
    from billing.models import PartPrice
    from messaging.models import MessageTemplate
    from messaging.tests.sending_cases import PRICE, Sender, add_contacts

    PartPrice.objects.create(agency=None, valid_from=date(2026, 1, 1), price=PRICE)
    agency = Agency.objects.create(
        name="Pomiar",
        street="ul. Długa 1",
        postal_code="45-221",
        city="Opole",
        email="p@example.com",
        phone="+48601000001",
        registration_code="7K3M9QW3",
    )
    person = User.objects.create_user(
        "p@example.com", "haslo-na-pomiar", full_name="Jan", role=Role.OWNER, agency=agency
    )
    template = MessageTemplate.objects.create(
        agency=agency, name="Pomiar", type="own", body="Dzien dobry, {imie}. Prosze o kontakt."
    )
    ledger.credit(agency=agency, amount=money, reference="payment:first")
    return Sender(agency, person, template), add_contacts(agency, NUM_MESSAGES)


@contextmanager
def _portal() -> Iterator[str]:
    """The web process on the benchmark's database; its address."""
    from messaging.tests.worker_process import database_url
    from sandbox.testing import free_port, wait_for

    port = free_port()
    command = ["-m", "gunicorn", "mps_portal.wsgi", "--threads", "4", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, *command],
        env={**os.environ, "DATABASE_URL": database_url()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(lambda: _answers(url), seconds=60)
        yield url
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def _answers(url: str) -> bool:
    import requests

    try:
        return requests.get(f"{url}/zdrowie/", timeout=10).ok
    except requests.RequestException:
        return False


def _pause(seconds: float) -> None:
    from time import sleep

    sleep(seconds)


if __name__ == "__main__":
    main()
