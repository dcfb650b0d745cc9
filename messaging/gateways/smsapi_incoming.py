"""What SMSAPI pushes when a phone answers (type sms_mo): of whatever comes, a message that a database takes."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime

from messaging.gateways.base import IncomingSms
from messaging.phones import PhoneError, parse_mobile

# Characters: ten parts, more than any phone sends at once.
MAX_TEXT = 1600
_MAX_NUMBER = 16
_MAX_ID = 40
_FIELDS = ("MsgId", "sms_from", "sms_to", "sms_date", "sms_text")


def read_incoming(form: Mapping[str, str]) -> IncomingSms | None:
    """The message that the form tells of; None without a number that it came from."""
    said = {name: form.get(name, "") for name in _FIELDS}
    phone = _phone(said["sms_from"])
    if not phone:
        return None
    answered = said["MsgId"].strip()
    return IncomingSms(
        phone=phone,
        to=_clean(said["sms_to"])[:_MAX_NUMBER],
        text=_clean(said["sms_text"])[:MAX_TEXT],
        # Ids are hexadecimal; whatever else comes is not theirs.
        provider_id=answered if _is_id(answered) else "",
        sent_at=_time(said["sms_date"].strip()),
        digest=_digest(said),
    )


def _is_id(text: str) -> bool:
    return text.isascii() and text.isalnum() and len(text) <= _MAX_ID


def _phone(text: str) -> str:
    number = _clean(text)[:_MAX_NUMBER]
    try:
        return parse_mobile(number)
    except PhoneError:
        is_whole = number.isascii() and number.isdecimal() and len(number) > 9
        return f"+{number}"[:_MAX_NUMBER] if is_whole else number


def _clean(text: str) -> str:
    """Without control characters but line breaks, and without halves of characters: no database takes a NUL."""
    kept = (c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))
    return "".join(kept).strip()


def _time(text: str) -> datetime | None:
    """Seconds since 1970; None if it makes no sense."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 11):
        return None
    return datetime.fromtimestamp(int(text), UTC)


def _digest(said: Mapping[str, str]) -> str:
    # Lengths first, so that no value can run into the next one.
    parts = [said[name].encode("utf-8", "surrogatepass") for name in _FIELDS]
    joined = b"".join(b"%d:%s" % (len(part), part) for part in parts)
    return hashlib.sha256(joined).hexdigest()
