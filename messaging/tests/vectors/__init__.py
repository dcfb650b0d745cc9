"""Cases that the counters of the server and of the browser must both pass."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


def load(name: str) -> list[dict[str, Any]]:
    """The cases of `segments.json` or `normalising.json`."""
    cases: list[dict[str, Any]] = json.loads((_FOLDER / f"{name}.json").read_text("utf-8"))
    return cases
