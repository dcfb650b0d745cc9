"""Prove that the committed .mo files are what their .po files compile to."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def main() -> int:
    stale = [po for po in sorted(LOCALE.rglob("*.po")) if not _is_current(po)]
    for po in stale:
        print(f"{po.relative_to(LOCALE.parent)}: run manage.py compilemessages and commit the .mo")
    return 1 if stale else 0


def _is_current(po: Path) -> bool:
    with tempfile.NamedTemporaryFile() as compiled:
        subprocess.run(  # noqa: S603
            ["msgfmt", "--check", "-o", compiled.name, str(po)],  # noqa: S607
            check=True,
        )
        mo = po.with_suffix(".mo")
        return mo.exists() and mo.read_bytes() == Path(compiled.name).read_bytes()


if __name__ == "__main__":
    sys.exit(main())
