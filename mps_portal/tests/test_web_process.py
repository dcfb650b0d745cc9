from __future__ import annotations

import os
import subprocess
import sys

from django.conf import settings

SERVE = """
import sys
from mps_portal.wsgi import application
from django.urls import get_resolver
get_resolver().url_patterns
print(*sorted({name.split(".")[0] for name in sys.modules}))
"""


def test_a_web_process_loads_neither_the_pdf_renderer_nor_the_sandbox() -> None:
    """WeasyPrint costs some 60 MB and most of a second, and only the workers use it."""
    run = subprocess.run(
        [sys.executable, "-c", SERVE],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "mps_portal.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(run.stdout.split())
    assert {"django", "messaging"} <= loaded
    assert not loaded & {"weasyprint", "sandbox"}
