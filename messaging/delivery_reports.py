"""What the operator says of messages: delivery reports and look-ups, in any order, any number of times."""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.bulk_sql import as_stored
from accounts.id_lists import among, as_parameter, ids_sql
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
    """Move messages, given by id, to what was reported of them. Returns how many moved."""
    by_state: dict[str, dict[int, StatusReport]] = defaultdict(dict)
    for pk, report in pairs:
        if pk is not None:
            by_state[report.state][pk] = report
    # "Sent" first: a final report of the same call must have the last word.
    states = sorted(by_state, key=lambda state: state != State.SENT)
    with transaction.atomic():
        lock_messages({pk for reports in by_state.values() for pk in reports})
        return sum(_move(state, by_state[state]) for state in states)


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


def _move(state: str, reports: Mapping[int, StatusReport]) -> int:
    """Move those of the messages, which are locked, that may move; `reports` are by message ids."""
    now = timezone.now()
    rows = Message.objects.filter(pk__in=reports.keys())
    if state not in (State.REJECTED, State.SENT):
        return _end(state, reports, now)
    if state == State.REJECTED:
        # The gateway took them and then handed them to no operator.
        unsent = list(rows.only("agency", "parts", "price"))
        return end_unsent(unsent, _OPEN, State.REJECTED, code="unsent")
    settled = rows.filter(state__in=(State.SENDING, State.UNCERTAIN))
    return settled.update(
        state=state,
        sent_at=now,
        next_look_up_at=now + FIRST_LOOK_UP,
        error_class="",
        error_code="",
    )


def _end(state: str, reports: Mapping[int, StatusReport], now: datetime) -> int:
    """The operator has told how they ended. Counted where and when, once for each message."""
    time = as_stored(now)
    with connection.cursor() as cursor:
        cursor.execute(_END.format(ids=ids_sql()), [state, time, time, as_parameter(reports)])
        ended = cursor.fetchall()
    delivery_sums.add(state, [(agency, reports[pk]) for pk, agency in ended], now)
    return len(ended)


# In SQL, since Django would ask which they are and then name each of them.
_END = """
UPDATE messaging_message
SET state = %s, sent_at = COALESCE(sent_at, %s), final_at = %s, error_class = '', error_code = ''
WHERE id IN ({ids}) AND state IN ('sending', 'uncertain', 'sent')
RETURNING id, agency_id
"""
