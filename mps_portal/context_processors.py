"""What every page shows of the portal itself."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, Any]:
    """`sandbox_url` (empty outside the demo) and the seller, whom the pages name as the operator."""
    return {"sandbox_url": settings.SANDBOX_URL, "seller_name": settings.SELLER_NAME}
