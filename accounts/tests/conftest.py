"""The sandbox's register, running."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from pytest_django import Settings

from sandbox.testing import SandboxProcess


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[SandboxProcess]:
    with SandboxProcess() as process:
        yield process


@pytest.fixture
def register(running_sandbox: SandboxProcess, settings: Settings, db: None) -> SandboxProcess:
    """The real process, healthy, with nothing of it in the cache; the portal asks it."""
    running_sandbox.clear()
    settings.WHITE_LIST_URL = running_sandbox.white_list_url
    cache.clear()
    return running_sandbox
