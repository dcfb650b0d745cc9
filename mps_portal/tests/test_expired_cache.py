"""What is cached goes when its time is over, though nobody asks for it again."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from mps_portal.tasks import forget_expired_cache

pytestmark = pytest.mark.django_db


@pytest.mark.skipif(bool(settings.REDIS_URL), reason="Redis forgets by itself")
def test_expired_rows_go_and_others_stay() -> None:
    # What tests with transactions of their own have left.
    cache.clear()
    cache.set("white_list:2026-11-22:1111111111", {"company": {"street": "ul. Domowa 1"}}, 60)
    cache.set("white_list:2026-11-23:1111111111", {"company": None}, 600)
    assert forget_expired_cache() == 0
    with time_machine.travel(timezone.now() + timedelta(seconds=120)):
        assert forget_expired_cache() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM mps_cache")
        assert [key for (key,) in cursor.fetchall()] == [":1:white_list:2026-11-23:1111111111"]
