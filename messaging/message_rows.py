"""Messages as rows of a list, formatted here: a template that formats takes four times as long as the database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from html import escape
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from billing.money import format_amount
from messaging.categories import Category
from messaging.models import Channel, Message
from messaging.models.contacts import name_of
from messaging.models.messages import refusal_of
from messaging.phones import format_phone
from messaging.state_badges import state_badge


class MessageRow(NamedTuple):
    """What a list shows of a message. Addresses are paths; an empty text was erased on the day `erased_on`."""

    pk: int
    address: str
    when: str
    client: str
    client_address: str
    phone: str
    text: str
    erased_on: str
    is_test: bool
    reliance: str
    parts: int
    cost: str
    badge: SafeString
    refusal: str


# What a row shows, and nothing else: building objects takes longer than finding rows.
_FIELDS = (
    "pk",
    "created_at",
    "phone",
    "text",
    "text_erased_at",
    "category",
    "parts",
    "price",
    "state",
    "error_class",
    "campaign__is_test",
    "contact_id",
    "contact__first_name",
    "contact__last_name",
    "contact__company",
    "consent_id",
    "consent__channel",
    "consent__said_on",
    "consent__at",
)


def for_rows(messages: QuerySet[Message]) -> QuerySet[Message, Any]:
    """Messages as values with names, those that their rows show."""
    return messages.values_list(*_FIELDS, named=True)


def rows_of(messages: Iterable[Any]) -> list[MessageRow]:
    """The rows of a page of `for_rows`."""
    own, clients = _pattern("messaging:message"), _pattern("messaging:contact")
    return [_row(message, own, clients) for message in messages]


def list_rows(messages: Iterable[Any]) -> SafeString:
    """The rows of the list of all messages, as HTML: a template takes several times as long, and so does `format_html`.

    Hence what people wrote is escaped here, cell by cell.
    """
    row_of = _RowOfList()
    return mark_safe("\n".join(map(row_of, rows_of(messages))))  # noqa: S308  (escaped in _RowOfList)


class _RowOfList:
    """Makes rows as HTML, with words looked up once for a page."""

    def __init__(self) -> None:
        self._when, self._client = escape(_("When")), escape(_("Client"))
        self._text, self._cost = escape(_("Text")), escape(_("Cost"))
        self._status, self._test = escape(_("Status")), escape(_("Test"))
        self._number_erased = escape(_("number erased"))

    def __call__(self, row: MessageRow) -> str:
        phone = escape(row.phone)
        return (
            f'<tr><td><input class="form-check-input" type="checkbox" name="message" value="{row.pk}" data-select-row'
            f' aria-label="{phone or row.pk}"></td>'
            f'<td data-label="{self._when}"><a href="{row.address}">{row.when}</a></td>'
            f'<td data-label="{self._client}"><span>{self._client_cell(row, phone)}</span></td>'
            f'<td data-label="{self._text}"><span>{self._text_cell(row)}</span></td>'
            f'<td data-label="{self._cost}" class="number">{row.cost}</td>'
            f'<td data-label="{self._status}"><span>{row.badge}{_note(row.refusal)}</span></td></tr>'
        )

    def _client_cell(self, row: MessageRow, phone: str) -> str:
        number = f'<small class="text-muted number-left">{phone or self._number_erased}</small>'
        if not row.client:
            return number
        return f'<a href="{row.client_address}">{escape(row.client)}</a><br>{number}'

    def _text_cell(self, row: MessageRow) -> str:
        text = escape(row.text)
        if row.erased_on:
            told = _("text erased on %(day)s") % {"day": row.erased_on}
            text = f'<span class="text-muted">{escape(told)}</span>'
        test = f'<span class="badge badge-info">{self._test}</span> ' if row.is_test else ""
        return f"{test}{text}{_note(row.reliance)}"


def _note(told: str) -> str:
    return f'<br><small class="text-muted">{escape(told)}</small>' if told else ""


def reliance_of(message: Message) -> str:
    """Which consent a marketing message relied on, e.g. "consent of 22.11.2026, by phone"; "" for others."""
    consent = message.consent
    said = (consent.channel, consent.said_on, consent.at) if consent else None
    return _reliance(message.category, said)


def _reliance(category: str, said: tuple[str, date | None, datetime] | None) -> str:
    """The same; `said` is how and on which day the client consented, and when that was written down."""
    if category != Category.MARKETING:
        return ""
    if said is None:
        return _("marketing")
    channel, said_on, at = said
    day = said_on or timezone.localtime(at)
    told = _("consent of %(day)s") % {"day": f"{day:%d.%m.%Y}"}
    return f"{told}, {str(Channel(channel).label).lower()}" if channel else told


def _row(message: Any, own: str, clients: str) -> MessageRow:
    client, erased = message.contact_id, message.text_erased_at
    first_name, last_name = message.contact__first_name, message.contact__last_name
    said = (message.consent__channel, message.consent__said_on, message.consent__at)
    return MessageRow(
        pk=message.pk,
        address=own % message.pk,
        when=f"{timezone.localtime(message.created_at):%d.%m.%Y %H:%M}",
        client=name_of(first_name, last_name, message.contact__company) if client else "",
        client_address=clients % client if client else "",
        phone=format_phone(message.phone) if message.phone else "",
        text="" if erased else message.text,
        erased_on=f"{timezone.localtime(erased):%d.%m.%Y}" if erased else "",
        is_test=message.campaign__is_test,
        reliance=_reliance(message.category, said if message.consent_id else None),
        parts=message.parts,
        cost=format_amount(message.parts * message.price),
        badge=state_badge(message.state),
        refusal=refusal_of(message.state, message.error_class),
    )


def _pattern(view: str) -> str:
    """The address of a view of one object, to be filled in: `reverse` for each row takes as long as the query."""
    return reverse(view, args=[0]).replace("/0/", "/%d/")
