"""What the operator says of messages: delivery reports and look-ups, in any order, any number of times."""

from __future__ import annotations

import json
import logging
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.bulk_sql import as_stored
from accounts.id_lists import among, as_parameter
from messaging import delivery_sums
from messaging.gateways import gateway_called
from messaging.gateways.base import StatusReport
from messaging.models import Message
from messaging.outcomes import end_unsent
from messaging.row_locks import lock_messages

logger = logging.getLogger(__name__)

State = Message.State

# The operator has them, or may have them; every other state is final or has not left.
_OPEN = (State.SENDING, State.UNCERTAIN, State.SENT)
# What messaging.claiming.idx_of makes; the number fits into the database's integers.
_IDX = re.compile(r"(?P<key>[0-9a-f]{16})-(?P<number>[0-9]{1,18})")
# How long a report is waited for before the gateway is asked.
FIRST_LOOK_UP = timedelta(minutes=10)


def apply_reports(gateway: str, reports: Iterable[StatusReport]) -> int:
    """Move messages to the reported states; a final state never changes again. Returns how many messages moved.

    Reports of ids that are not ours are passed over. Idempotent.
    """
    listed = list(reports)
    return move(zip(match(gateway, listed), listed, strict=True))


def look_up(message_ids: Collection[int]) -> int:
    """Ask about the chosen messages without a final report. Returns how many moved. Raises GatewayUnavailable."""
    waiting = Message.objects.filter(pk__in=message_ids, state=State.SENT).exclude(provider_id="")
    by_gateway: dict[str, list[str]] = defaultdict(list)
    for gateway, provider_id in waiting.values_list("gateway", "provider_id"):
        by_gateway[gateway].append(provider_id)
    return sum(
        apply_reports(gateway, gateway_called(gateway).look_up(provider_ids))
        for gateway, provider_ids in by_gateway.items()
    )


def match(gateway: str, reports: Sequence[StatusReport]) -> list[int | None]:
    """The message that each report is about, by the provider's id, else by our idx; None where it is not ours.

    By idx, where the answer to our request was lost or is still on its way: the message takes the provider's id then.
    """
    # Most messages have no provider id for a while: an empty one in a report must not mean one of those.
    wanted = among({report.provider_id for report in reports} - {""}, "text")
    # Excluded in so many words, for SQLite then sees that the index of those that have one will do.
    named = Message.objects.filter(gateway=gateway, provider_id__in=wanted).exclude(provider_id="")
    known = dict(named.values_list("provider_id", "pk"))
    return [known.get(report.provider_id) or _match_idx(gateway, report) for report in reports]


def move(pairs: Iterable[tuple[int | None, StatusReport]]) -> int:
    """Move messages, given by id, to what was reported of them. Returns how many moves there were."""
    sent: set[int] = set()
    rejected: set[int] = set()
    ended: dict[int, StatusReport] = {}
    for pk, report in pairs:
        if pk is None:
            continue
        if report.state == State.SENT:
            sent.add(pk)
        elif pk in rejected or pk in ended:
            # A final state never changes.
            continue
        elif report.state == State.REJECTED:
            rejected.add(pk)
        else:
            ended[pk] = report
    with transaction.atomic():
        lock_messages({*sent, *rejected, *ended})
        # "Sent" first: a final report of the same call must have the last word.
        return _mark_sent(sent) + _mark_rejected(rejected) + _mark_ended(ended)


def _match_idx(gateway: str, report: StatusReport) -> int | None:
    found = _IDX.fullmatch(report.idx)
    if not (found and report.provider_id):
        return None
    pk = int(found["number"])
    message = Message.objects.filter(pk=pk, campaign__key=found["key"], gateway=gateway)
    # The id may be there since a moment ago, from the send answer or from an earlier report of this call.
    unnamed = message.filter(provider_id__in=("", report.provider_id))
    try:
        with transaction.atomic():
            return pk if unnamed.update(provider_id=report.provider_id) else None
    except IntegrityError:
        logger.warning("report %s names a second message: %s", report.provider_id, report.idx)
        return None


# Each of the following moves those of the messages, which are locked, that may move still.


def _mark_sent(ids: Collection[int]) -> int:
    """The operator has them."""
    if not ids:
        return 0
    now = timezone.now()
    settled = Message.objects.filter(pk__in=ids, state__in=(State.SENDING, State.UNCERTAIN))
    return settled.update(
        state=State.SENT,
        sent_at=now,
        next_look_up_at=now + FIRST_LOOK_UP,
        error_class="",
        error_code="",
    )


def _mark_rejected(ids: Collection[int]) -> int:
    """The gateway took them and then handed them to no operator."""
    if not ids:
        return 0
    unsent = list(Message.objects.filter(pk__in=ids).only("agency", "parts", "price"))
    return end_unsent(unsent, _OPEN, State.REJECTED, code="unsent")


def _mark_ended(reports: Mapping[int, StatusReport]) -> int:
    """The operator has told how they ended. Counted where and when, once for each message."""
    if not reports:
        return 0
    now = timezone.now()
    time = as_stored(now)
    with connection.cursor() as cursor:
        cursor.execute(_END[connection.vendor], [*_told(reports), time, time])
        ended = cursor.fetchall()
    delivery_sums.add([(agency, reports[pk]) for pk, agency in ended], now)
    return len(ended)


def _told(reports: Mapping[int, StatusReport]) -> list[Any]:
    """Ids with states, as parameters of _END."""
    if connection.vendor == "postgresql":
        return [as_parameter(reports), [report.state for report in reports.values()]]
    return [json.dumps([(pk, report.state) for pk, report in reports.items()])]


# In SQL, since Django would ask which they are and then name each of them.
_END_OF = """
WITH told AS ({told})
UPDATE messaging_message
SET state = told.state, sent_at = COALESCE(sent_at, %s), final_at = %s, error_class = '', error_code = ''
FROM told
WHERE messaging_message.id = told.id
    AND messaging_message.state IN ('sending', 'uncertain', 'sent')
RETURNING messaging_message.id, messaging_message.agency_id
"""
_END = {
    "sqlite": _END_OF.format(
        told="SELECT value ->> 0 AS id, value ->> 1 AS state FROM json_each(%s)"
    ),
    "postgresql": _END_OF.format(
        told="SELECT * FROM unnest(%s::bigint[], %s::text[]) AS told (id, state)"
    ),
}
