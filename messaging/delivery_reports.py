"""What the operator says of messages: delivery reports and look-ups, in any order, any number of times."""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from messaging.gateways import current_gateway
from messaging.gateways.base import StatusReport
from messaging.models import Message

logger = logging.getLogger(__name__)

State = Message.State

# The operator has them, or may have them; every other state is final or has not left.
_OPEN = (State.SENDING, State.UNCERTAIN, State.SENT)
# What messaging.sending.idx_of makes; the number fits into the database's integers.
_IDX = re.compile(r"(?P<key>[0-9a-f]{16})-(?P<number>[0-9]{1,18})")


def apply_reports(reports: Iterable[StatusReport]) -> int:
    """Move messages to the reported states; a final state never changes again. Returns how many messages moved.

    Reports of ids that are not ours are passed over. Idempotent.
    """
    by_state: dict[str, set[int]] = defaultdict(set)
    for pk, report in _match(list(reports)):
        by_state[report.state].add(pk)
    # "Sent" first: a final report of the same call must have the last word.
    states = sorted(by_state, key=lambda state: state != State.SENT)
    return sum(_move(state, by_state[state]) for state in states)


def refresh(message_ids: Collection[int]) -> int:
    """Look up the chosen messages that have no final report yet. Returns how many moved. Raises GatewayUnavailable."""
    waiting = Message.objects.filter(pk__in=message_ids, state=State.SENT).exclude(provider_id="")
    provider_ids = list(waiting.values_list("provider_id", flat=True))
    return apply_reports(current_gateway().look_up(provider_ids)) if provider_ids else 0


def _match(reports: Sequence[StatusReport]) -> Iterator[tuple[int, StatusReport]]:
    """Pair reports with message ids: by the provider's id, else by our idx (its answer was lost or is on its way)."""
    # Most messages have no provider id for a while: an empty one in a report must not mean one of those.
    named = Message.objects.filter(provider_id__in={r.provider_id for r in reports} - {""})
    known = dict(named.values_list("provider_id", "pk"))
    for report in reports:
        pk = known.get(report.provider_id) or _match_idx(report)
        if pk is not None:
            yield pk, report


def _match_idx(report: StatusReport) -> int | None:
    found = _IDX.fullmatch(report.idx)
    if not (found and report.provider_id):
        return None
    pk = int(found["number"])
    message = Message.objects.filter(pk=pk, campaign__key=found["key"])
    # The id may be there since a moment ago, from the send answer or from an earlier report of this call.
    unnamed = message.filter(provider_id__in=("", report.provider_id))
    try:
        with transaction.atomic():
            return pk if unnamed.update(provider_id=report.provider_id) else None
    except IntegrityError:
        logger.warning("report %s names a second message: %s", report.provider_id, report.idx)
        return None


def _move(state: str, ids: Collection[int]) -> int:
    now = timezone.now()
    rows = Message.objects.filter(pk__in=ids)
    if state == State.SENT:
        settled = rows.filter(state__in=(State.SENDING, State.UNCERTAIN))
        return settled.update(state=state, sent_at=now, error_class="", error_code="")
    return rows.filter(state__in=_OPEN).update(
        state=state,
        sent_at=Coalesce("sent_at", Value(now)),
        final_at=now,
        error_class="",
        error_code="",
    )
