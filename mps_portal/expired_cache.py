"""Cached answers whose time is over.

Redis forgets them by itself. Django's table keeps a row until somebody asks for it again, or the table is full: a sole
trader's home address out of the VAT register and visitors' IP addresses would lie there for years.
"""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.utils import timezone


def forget_expired() -> int:
    """Delete the expired rows of the cache's table. Returns how many; 0 where Redis is the cache."""
    if settings.REDIS_URL:
        return 0
    table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        # The table's name is a setting, not anybody's input.
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [now])  # noqa: S608
        deleted: int = cursor.rowcount
    return deleted
