"""What the gateways need is required where they are used, and named at the start."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings


def start(**changes: str) -> str:
    """What loading the settings says on its way out; empty if nothing is missing."""
    environment = {
        **os.environ,
        "SERWERSMS_TOKEN": "t",
        "SERWERSMS_CALLBACK_SECRET": "s",
        **changes,
    }
    for name in [name for name, value in environment.items() if value == "missing"]:
        del environment[name]
    done = subprocess.run(
        [sys.executable, "-c", "import mps_portal.settings"],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stderr


@pytest.mark.parametrize("name", ["SERWERSMS_TOKEN", "SERWERSMS_CALLBACK_SECRET"])
def test_the_second_gateway_needs_its_variables_where_it_is_named(name: str) -> None:
    for used in ({"SMS_GATEWAY": "serwersms"}, {"SMS_FALLBACK_GATEWAY": "serwersms"}):
        assert start(**used) == ""
        assert f"Set the {name} environment variable" in start(**used, **{name: "missing"})


def test_a_gateway_that_is_not_used_needs_nothing() -> None:
    assert start(SERWERSMS_TOKEN="missing", SERWERSMS_CALLBACK_SECRET="missing") == ""


@pytest.mark.parametrize("name", ["SMS_GATEWAY", "SMS_FALLBACK_GATEWAY"])
def test_a_gateway_that_there_is_not_stops_the_start(name: str) -> None:
    assert "is no gateway" in start(**{name: "serversms"})
