"""What bin/bench pages loads: the portal on the benchmark's database, and the same list in the two other ways."""

from __future__ import annotations

import os
from pathlib import Path

import django
from django.conf import settings

settings.DATABASES["default"]["NAME"] = os.environ["BENCH_DATABASE"]
settings.ALLOWED_HOSTS = ["127.0.0.1"]
settings.TEMPLATES[0]["DIRS"].append(Path(__file__).parent / "templates")
settings.INSTALLED_APPS.append("heroicons")
settings.ROOT_URLCONF = "benchmarks.pages_urls"
django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402

application = WSGIHandler()
