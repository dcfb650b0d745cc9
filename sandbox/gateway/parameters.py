"""Reading the parameters of sms.do, from a form or from JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest

from sandbox.gateway.errors import GatewayError

MAX_PARTS = 10
# Refused aloud: a message that was to go out tomorrow must not seem sent today.
NOT_OFFERED = {"date", "group", "template", "sch_del"}
PERSONAL = ("param1", "param2", "param3", "param4")


@dataclass(frozen=True)
class SendParameters:
    """One request to send, still unchecked; `idx` and `personal` go by the position in `to`."""

    to: list[str]
    message: str
    sender: str
    idx: list[str]
    personal: dict[int, list[str]]
    max_parts: int = MAX_PARTS
    check_idx: bool = False
    allow_duplicates: bool = False
    nounicode: bool = False
    normalize: bool = False
    details: bool = False
    test: bool = False


def read_values(request: HttpRequest) -> dict[str, str]:
    """Return query and body parameters, the body winning; GatewayError 11 for broken JSON."""
    values = request.GET.dict()
    if request.content_type == "application/json":
        values.update(_json_values(request.body))
    else:
        values.update(request.POST.dict())
    return values


def _json_values(body: bytes) -> dict[str, str]:
    try:
        decoded = json.loads(body)
    except ValueError as error:
        raise GatewayError(11) from error
    if not isinstance(decoded, dict):
        raise GatewayError(11)
    return {key: str(int(v) if isinstance(v, bool) else v) for key, v in decoded.items()}


def parse_send(values: Mapping[str, str]) -> SendParameters:
    """Turn raw values into SendParameters; flags are "1", lists are joined as SMSAPI joins them.

    Raises GatewayError 110 for services that the sandbox does not have, such as scheduling.
    """
    if NOT_OFFERED & set(values):
        raise GatewayError(110)
    return SendParameters(
        to=[number for number in values.get("to", "").split(",") if number.strip()],
        message=values.get("message", ""),
        sender=values.get("from") or "Test",
        idx=values["idx"].split("|") if values.get("idx") else [],
        personal={i: values[p].split("|") for i, p in enumerate(PERSONAL, 1) if p in values},
        max_parts=_max_parts(values.get("max_parts", "")),
        **{flag: values.get(flag) == "1" for flag in _FLAGS},
    )


_FLAGS = ("check_idx", "allow_duplicates", "nounicode", "normalize", "details", "test")


def _max_parts(value: str) -> int:
    return min(int(value), MAX_PARTS) if value.isdigit() and int(value) else MAX_PARTS
