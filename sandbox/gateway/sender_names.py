"""The account's sender names, as SMSAPI keeps them."""

from __future__ import annotations

import re

from django.db import transaction

from sandbox.gateway.errors import GatewayError
from sandbox.models import Panel, SenderName

_NAME = re.compile(r"[A-Za-z0-9.\- ]{1,11}")


def add(name: str) -> SenderName:
    """Ask the networks for a name: active at once or pending, as the panel says. Raises GatewayError 2112, 2110."""
    if not _NAME.fullmatch(name):
        raise GatewayError(2112)
    status = SenderName.Status.ACTIVE if Panel.load().activates_names else SenderName.Status.PENDING
    added, is_new = SenderName.objects.get_or_create(name=name, defaults={"status": status})
    if not is_new:
        raise GatewayError(2110)
    return added


def find(name: str) -> SenderName:
    """One of the names. Raises GatewayError 2031."""
    found = SenderName.objects.filter(name=name).first()
    if found is None:
        raise GatewayError(2031)
    return found


@transaction.atomic
def make_default(name: str) -> SenderName:
    """Let it stand where a message names none. Raises GatewayError 2031."""
    chosen = find(name)
    SenderName.objects.update(is_default=False)
    chosen.is_default = True
    chosen.save()
    return chosen
