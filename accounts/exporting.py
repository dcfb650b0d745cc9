"""What the export of an agency's data holds of accounts, and the shape in which all apps hand theirs over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.event_rows import OPERATOR
from accounts.models import Agency, Event, User

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Rows that are in memory at once.
CHUNK = 2000

# Times are aware; amounts are Decimal złoty.
Cell = str | int | Decimal | date | datetime | None
Row = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """One file of the export: `rows` are read only while it is written."""

    name: str  # of the file, without an ending
    about: StrOrPromise  # one sentence for the README
    columns: tuple[str, ...]
    rows: Callable[[], Iterator[Row]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column and the value that it takes off an object: an attribute, dotted where it is another object's."""

    name: str
    path: str = ""
    convert: Callable[[Any], Cell] | None = None

    def value(self, row: Model) -> Cell:
        found: Any = row
        for attribute in (self.path or self.name).split("."):
            found = None if found is None else getattr(found, attribute)
        return found if self.convert is None or found is None else self.convert(found)


def table_of(
    name: str, about: StrOrPromise, objects: QuerySet[Any], columns: Sequence[Column]
) -> Table:
    """A table with a row for each object, streamed in the order of ids."""

    def rows() -> Iterator[Row]:
        for one in objects.order_by("pk").iterator(chunk_size=CHUNK):
            yield [column.value(one) for column in columns]

    return Table(name, about, tuple(column.name for column in columns), rows)


def tables(agency: Agency) -> list[Table]:
    """The agency itself, its people, agreements, invitations and events."""
    return [
        table_of("agency", _("Your agency."), Agency.objects.filter(pk=agency.pk), _AGENCY),
        table_of("people", _("The people of your agency."), agency.people.all(), _PEOPLE),
        table_of(
            "consents",
            _("What your agency agreed to, in which wording."),
            agency.consents.select_related("person"),
            _CONSENTS,
        ),
        table_of(
            "invitations",
            _("Who was invited to your agency."),
            agency.invitations.select_related("invited_by"),
            _INVITATIONS,
        ),
        Table(
            "events",
            _("What was done in your agency, by whom, when and from where."),
            ("time", "event", "description", "subject", "who", "ip", "user_agent"),
            lambda: _events(agency),
        ),
    ]


def _events(agency: Agency) -> Iterator[Row]:
    """The operator's people stay unnamed, and so does where they sit."""
    events = agency.events.select_related("person").order_by("pk")
    for event in events.iterator(chunk_size=CHUNK):
        yield [event.at, event.kind, event.label, event.subject, *_who(event)]


def _who(event: Event) -> Row:
    if event.person and event.person.is_operator:
        return [OPERATOR, None, ""]
    return [event.person.full_name if event.person else "", event.ip, event.user_agent]


def name_for_agency(person: User) -> str:
    """Who did something, as an agency may know it: the operator's people stay unnamed."""
    return OPERATOR if person.is_operator else person.full_name


def _zloty(grosze: int) -> Decimal:
    return Decimal(grosze).scaleb(-2)


_AGENCY = [
    Column("name"),
    Column("nip"),
    Column("regon"),
    Column("street"),
    Column("postal_code"),
    Column("city"),
    Column("email"),
    Column("phone"),
    Column("registration_code"),
    Column("language"),
    Column("message_text_months"),
    Column("registered_at", "created_at"),
    Column("closed_at"),
    Column("erase_at"),
    Column("erased_at"),
]
_PEOPLE = [
    Column("id", "pk"),
    Column("full_name"),
    Column("email"),
    Column("role"),
    Column("created_at"),
    Column("last_login"),
    Column("removed_at"),
    Column("monthly_limit_parts"),
    Column("monthly_limit_amount", convert=_zloty),
]
_CONSENTS = [
    Column("document"),
    Column("version"),
    Column("given_at"),
    Column("person", "person.full_name"),
    Column("ip"),
]
_INVITATIONS = [
    Column("email"),
    Column("role"),
    Column("invited_by", "invited_by.full_name"),
    Column("created_at"),
    Column("expires_at"),
    Column("accepted_at"),
    Column("withdrawn_at"),
]
