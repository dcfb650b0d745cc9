"""What SerwerSMS.pl tells of messages, pushed or asked for: read so that a database takes it.

Times are those of Poland, as people there read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from messaging.gateways.base import StatusReport
from messaging.gateways.serwersms_errors import UNSENT, state_of
from messaging.gateways.serwersms_ids import idx_in, provider_id_in

_POLAND = ZoneInfo("Europe/Warsaw")
_MAX_CODE = 20

# What is pushed is named as in the newer API (messages/reports) or as in the older one, whichever the panel is set to.
_NAMES = {
    "id": ("id", "smsid"),
    "unique_id": ("unique_id", "usmsid"),
    "status": ("status", "stan"),
    "reason": ("reason", "przyczyna"),
    "delivered": ("delivered", "data"),
}
_STATUSES = {
    "dostarczono": "delivered",
    "doreczono": "delivered",
    "niedostarczono": "undelivered",
    "niedoreczono": "undelivered",
    "wyslano": "sent",
    "niewyslano": "unsent",
}


def pushed_report(form: Mapping[str, str]) -> StatusReport | None:
    """The report that the form tells of; None if it cannot be read."""
    said = {
        name: next((form[one] for one in names if form.get(one)), "")
        for name, names in _NAMES.items()
    }
    word = said["status"].strip().lower()
    return report_in({**said, "status": _STATUSES.get(word, word)})


def report_in(item: Mapping[str, object]) -> StatusReport | None:
    """One item of messages/reports; None without an id or with a state that we do not know."""
    provider_id = provider_id_in(item.get("id"))
    status, reason = word_in(item, "status"), word_in(item, "reason")
    state = state_of(status, reason)
    if not provider_id or state is None:
        return None
    return StatusReport(
        provider_id=provider_id,
        state=state,
        # A message that was refused and then sent again has one of each: "unsent" is told of the id alone.
        idx="" if status == UNSENT else idx_in(item.get("unique_id")),
        # The reason says more, where there is one.
        code=(reason or status)[:_MAX_CODE],
        happened_at=_moment(item.get("delivered")),
    )


def word_in(item: Mapping[str, object], name: str) -> str:
    """A word of the gateway's lists; anything else is as good as none."""
    value = item.get(name)
    is_word = isinstance(value, str) and value.isascii() and value.replace("_", "").isalpha()
    return str(value) if is_word else ""


def _moment(value: object) -> datetime | None:
    """Such as "2026-11-25 23:40:00"; None where there is none, or one that no calendar has."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.strptime(value.strip(), "%Y-%m-%d %H:%M:%S")
    except ValueError:
        return None
    return moment.replace(tzinfo=_POLAND) if moment.year > 1970 else None
