"""Messages as rows of a list, formatted here: a template that formats takes four times as long as the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from billing.money import format_amount
from messaging.categories import Category
from messaging.models import Message
from messaging.phones import format_phone
from messaging.state_badges import state_badge


@dataclass(frozen=True, slots=True)
class MessageRow:
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


def for_rows(messages: QuerySet[Message]) -> QuerySet[Message]:
    """Messages with all that their rows show, and nothing else: building objects takes longer than finding rows."""
    return messages.select_related("campaign", "contact", "consent").only(
        "agency",
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
        "contact__first_name",
        "contact__last_name",
        "contact__company",
        "consent__channel",
        "consent__said_on",
        "consent__at",
    )


def rows_of(messages: Iterable[Message]) -> list[MessageRow]:
    """The rows of a page of `for_rows`."""
    own, clients = _pattern("messaging:message"), _pattern("messaging:contact")
    return [_row(message, own, clients) for message in messages]


def list_rows(messages: Iterable[Message]) -> SafeString:
    """The rows of the list of all messages, as HTML: in a template they take as long as the rest of the page twice."""
    labels = [_("When"), _("Client"), _("Text"), _("Cost"), _("Status")]
    return format_html_join(
        "\n", _LIST_ROW, (_list_cells(row, labels) for row in rows_of(messages))
    )


_LIST_ROW = (
    '<tr><td><input class="form-check-input" type="checkbox" name="message" value="{0}" data-select-row'
    ' aria-label="{1}"></td><td data-label="{2}"><a href="{3}">{4}</a></td><td data-label="{5}"><span>{6}</span></td>'
    '<td data-label="{7}"><span>{8}</span></td><td data-label="{9}" class="number">{10}</td>'
    '<td data-label="{11}"><span>{12}</span></td></tr>'
)


def _list_cells(row: MessageRow, labels: Sequence[str]) -> tuple[object, ...]:
    when, client, text, cost, status = labels
    return (
        *(row.pk, row.phone or row.pk),
        *(when, row.address, row.when),
        *(client, _client_cell(row)),
        *(text, _text_cell(row)),
        *(cost, row.cost),
        *(status, _with_note(row.badge, row.refusal)),
    )


def _client_cell(row: MessageRow) -> SafeString:
    number = format_html(
        '<small class="text-muted number-left">{}</small>', row.phone or _("number erased")
    )
    if not row.client:
        return number
    return format_html('<a href="{}">{}</a><br>{}', row.client_address, row.client, number)


def _text_cell(row: MessageRow) -> SafeString | str:
    text: SafeString | str = row.text
    if row.erased_on:
        told = _("text erased on %(day)s") % {"day": row.erased_on}
        text = format_html('<span class="text-muted">{}</span>', told)
    if row.is_test:
        text = format_html('<span class="badge badge-info">{}</span> {}', _("Test"), text)
    return _with_note(text, row.reliance)


def _with_note(shown: SafeString | str, note: str) -> SafeString | str:
    if not note:
        return shown
    return format_html('{}<br><small class="text-muted">{}</small>', shown, note)


def reliance_of(message: Message) -> str:
    """Which consent a marketing message relied on, e.g. "consent of 22.11.2026, by phone"; "" for others."""
    if message.category != Category.MARKETING:
        return ""
    consent = message.consent
    if consent is None:
        return _("marketing")
    day = consent.said_on or timezone.localtime(consent.at)
    how = str(consent.get_channel_display()).lower()
    told = _("consent of %(day)s") % {"day": f"{day:%d.%m.%Y}"}
    return f"{told}, {how}" if how else told


def _row(message: Message, own: str, clients: str) -> MessageRow:
    client, erased = message.contact, message.text_erased_at
    return MessageRow(
        pk=message.pk,
        address=own % message.pk,
        when=f"{timezone.localtime(message.created_at):%d.%m.%Y %H:%M}",
        client=client.name if client else "",
        client_address=clients % client.pk if client else "",
        phone=format_phone(message.phone) if message.phone else "",
        text="" if erased else message.text,
        erased_on=f"{timezone.localtime(erased):%d.%m.%Y}" if erased else "",
        is_test=message.campaign.is_test,
        reliance=reliance_of(message),
        parts=message.parts,
        cost=format_amount(message.cost),
        badge=state_badge(message.state),
        refusal=message.refusal,
    )


def _pattern(view: str) -> str:
    """The address of a view of one object, to be filled in: `reverse` for each row takes as long as the query."""
    return reverse(view, args=[0]).replace("/0/", "/%d/")
