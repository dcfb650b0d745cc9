"""The columns of the list of clients, of which everybody sees those that they have chosen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from messaging.contact_pages import Sort
from messaging.models import Contact
from messaging.phones import format_phone

# Of the lists in User.list_columns.
LIST = "clients"


class Column(models.TextChoices):
    """In the order of the table. Those that it can be sorted by are called like the orders."""

    PHONE = "phone", _("Mobile phone")
    EMAIL = "email", _("E-mail")
    INSPECTION = "inspection", _("Next inspection")
    END = "end", _("Next policy end")
    INSTALMENT = "instalment", _("Next instalment")
    CONSENT = "consent", _("Marketing consent")

    @property
    def is_sortable(self) -> bool:
        return self.value in Sort.values


USUAL = (Column.PHONE, Column.INSPECTION, Column.END)

Cells = list[tuple[Column, str]]


def chosen_columns(person: User) -> list[Column]:
    """What the person wants to see beside the client's name; the usual columns for who never chose."""
    chosen = person.list_columns.get(LIST, USUAL)
    return [column for column in Column if column in chosen]


def keep_columns(person: User, names: Collection[str]) -> None:
    """Keep the choice; names of no columns are passed over."""
    chosen = [column.value for column in Column if column.value in names]
    person.list_columns = person.list_columns | {LIST: chosen}
    person.save(update_fields=["list_columns"])


def shown_columns(person: User, sort: str) -> list[Column]:
    """The chosen columns, and the one that the list is sorted by."""
    chosen = chosen_columns(person)
    return [column for column in Column if column in chosen or column == sort]


def rows_of(
    contacts: Iterable[Contact], columns: Collection[Column]
) -> Iterator[tuple[Contact, Cells]]:
    """Each client with their cells; an empty one where there is nothing."""
    for contact in contacts:
        yield contact, [(column, _cell(contact, column)) for column in columns]


def _cell(contact: Contact, column: Column) -> str:
    match column:
        case Column.PHONE:
            return format_phone(contact.phone) if contact.phone else ""
        case Column.EMAIL:
            return contact.email
        case Column.INSPECTION:
            return _day(contact.next_inspection_on)
        case Column.END:
            return _day(contact.next_end_on)
        case Column.INSTALMENT:
            return _day(contact.next_instalment_on)
        case Column.CONSENT:
            at = contact.marketing_consent_at
            return _day(timezone.localtime(at).date() if at else None)


def _day(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""
