"""Messages as a CSV or XLSX file, newest first, streamed: memory does not grow with the list."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.csv_export import csv_response
from accounts.events import record
from accounts.models import EventKind
from accounts.workbook_writing import workbook_response
from billing.money import to_zloty
from messaging.models import Campaign, Contact, Message
from messaging.phones import format_phone

# Messages read at a time.
CHUNK = 1000
_FIELDS = (
    "pk",
    "created_at",
    "contact_id",
    "phone",
    "campaign_id",
    "sender",
    "text",
    "parts",
    "price",
    "state",
    "sent_at",
    "final_at",
)


def export_messages(messages: QuerySet[Message], fmt: Literal["csv", "xlsx"]) -> HttpResponseBase:
    """A download of these messages, noted in the audit trail.

    The caller has narrowed them to the agency of whoever asks.
    """
    name = f"wiadomosci-{timezone.localdate()}.{fmt}"
    record(EventKind.LIST_EXPORTED, name)
    header = [
        _("Number of the message"),
        _("Queued"),
        _("Client"),
        _("Mobile phone"),
        _("Campaign"),
        _("Sender"),
        _("Text"),
        _("SMS parts"),
        _("Cost"),
        _("Status"),
        _("Sent"),
        _("Final status since"),
    ]
    rows = _rows_of(messages)
    if fmt == "xlsx":
        return workbook_response(name, header, rows)
    return csv_response(name, header, rows)


def _rows_of(messages: QuerySet[Message]) -> Iterator[list[Any]]:
    rows = messages.order_by("-pk").values_list(*_FIELDS).iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        yield from _cells(chunk)


def _cells(chunk: list[Any]) -> Iterator[list[Any]]:
    clients = Contact.objects.in_bulk({row[2] for row in chunk if row[2]})
    campaigns = dict(
        Campaign.objects.filter(pk__in={row[4] for row in chunk}).values_list("pk", "name")
    )
    labels = {value: str(label) for value, label in Message.State.choices}
    for pk, made, client, phone, campaign, sender, text, parts, price, state, sent, final in chunk:
        yield [
            pk,
            made,
            clients[client].name if client in clients else None,
            format_phone(phone) if phone else None,
            campaigns[campaign],
            sender,
            text,
            parts,
            to_zloty(parts * price),
            labels[state],
            sent,
            final,
        ]
