"""The running programs, for tests that drive them in a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mps_portal.tests.demo_process import DemoProcess


@pytest.fixture(scope="session")
def full_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoProcess]:
    """bin/run with the demo's data, for tests that look at it and spoil nothing for each other."""
    with DemoProcess(tmp_path_factory.mktemp("demo"), empty=False) as running:
        yield running
