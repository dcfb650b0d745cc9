"""What `manage.py check` says about invoices before the first customer does."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from stdnum import iban
from stdnum.pl import nip

# Without it each PDF costs about four times the CPU, and WeasyPrint hardly mentions it.
_FONT_SUBSETTER = "libharfbuzz-subset.so.0"


def check_font_subsetter(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Warn when the library that cuts fonts for PDFs is missing from the system."""
    try:
        ctypes.CDLL(_FONT_SUBSETTER)
    except OSError:
        return [
            Warning(
                f"{_FONT_SUBSETTER} cannot be loaded: an invoice takes four times as long.",
                hint="apt-get install libharfbuzz-subset0",
                id="billing.W001",
            )
        ]
    return []


def check_seller(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a seller whose NIP or account, both printed on invoices, has a wrong check digit."""
    problems: list[CheckMessage] = []
    if not _is_digits(settings.SELLER_NIP, 10) or not nip.is_valid(settings.SELLER_NIP):
        problems.append(
            Error(
                f"SELLER_NIP is not a valid NIP: {settings.SELLER_NIP}",
                hint="Write its ten digits, without hyphens.",
                id="billing.E001",
            )
        )
    account = settings.SELLER_ACCOUNT
    if not _is_digits(account, 26) or not iban.is_valid(f"PL{account}"):
        problems.append(
            Error(
                f"SELLER_ACCOUNT is not a valid Polish account number: {account}",
                hint="Write its 26 digits, without PL.",
                id="billing.E002",
            )
        )
    return problems


def _is_digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdecimal()
