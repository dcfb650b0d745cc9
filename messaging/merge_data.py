"""The data of real clients that a template's merge fields stand for.

Only the columns that the wanted fields need are read, as plain values: a text is counted for a book of 50,000 clients
while it is being written.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.id_lists import among
from accounts.models import Agency
from messaging.composing import ReadyValues, ready_value
from messaging.merge_columns import (
    CONTACT_COLUMNS,
    INSTALMENT_COLUMNS,
    VEHICLE_COLUMNS,
    Column,
    as_text,
    policy_columns,
)
from messaging.merge_fields import MERGE_FIELDS
from messaging.models import ContactConsent, Instalment, OptedOutNumber, Policy, Vehicle
from messaging.template_types import TemplateType

# Which policies a type of template speaks of; the other types take the one that ends soonest, whatever its kind.
POLICY_KINDS: dict[TemplateType, tuple[Policy.Kind, ...]] = {
    TemplateType.OC_END: (Policy.Kind.OC,),
    TemplateType.AC_END: (Policy.Kind.AC,),
    TemplateType.NNW_END: (Policy.Kind.NNW, Policy.Kind.ASS),
    TemplateType.HOME_END: (Policy.Kind.HOME,),
    TemplateType.LIFE_END: (Policy.Kind.LIFE,),
}
_ABOUT_INSTALMENTS = (TemplateType.INSTALMENT, TemplateType.INSTALMENT_MISSED)
_WITH_INSTALMENT = (*_ABOUT_INSTALMENTS, TemplateType.OWN)
_ABOUT_POLICIES = (*POLICY_KINDS, TemplateType.DOCUMENT_READY)
# Contacts whose data are read at once.
CHUNK = 2000
_NAMES = ("last_name", "first_name", "company")
# Days further from today than any date of a policy.
_PAST, _NO_DATE = 10_000_000, 20_000_000


Columns = dict[str, Column]


@dataclass(slots=True)
class MergeData:
    """One client's values by field name; an empty value is missing."""

    contact_id: int
    # Last name first, or the company, where names are read.
    name: str
    phone: str
    values: ReadyValues
    is_opted_out: bool
    # To marketing, and not withdrawn.
    has_consent: bool
    # Whether they have what the type speaks of: a policy of its kind, a vehicle, an unpaid instalment.
    is_concerned: bool
    # The newest such consent, where it is asked for.
    consent_id: int | None = None


def merge_data(
    agency: Agency,
    template_type: TemplateType,
    contact_ids: Sequence[int],
    fields: Collection[str] = MERGE_FIELDS,
) -> Iterator[MergeData]:
    """The merge values of the agency's own contacts among `contact_ids`, in their order; others are passed over.

    Of several policies and vehicles a message speaks of the one that is due soonest from today (Warsaw) on; if all
    are past, of the latest. `fields` are those that are wanted; what is typed for a campaign is not in the book.
    """
    opted_out = _opted_out_numbers(agency, contact_ids)
    for start in range(0, len(contact_ids), CHUNK):
        ids = contact_ids[start : start + CHUNK]
        reader = _Reader(agency, template_type, fields, ids)
        clients = {client.contact_id: client for client in reader.clients(opted_out, _NAMES)}
        _add_consents(clients)
        for pk in ids:
            if client := clients.get(pk):
                yield client


def book_rows(
    agency: Agency, template_type: TemplateType, fields: Collection[str]
) -> Iterator[MergeData]:
    """Every client of the agency whom the type concerns, in no order and without names."""
    numbers = OptedOutNumber.objects.filter(agency=agency).values_list("phone", flat=True)
    for client in _Reader(agency, template_type, fields).clients(set(numbers)):
        if client.is_concerned:
            yield client


class _Reader:
    """Reads what the wanted fields need, of some of the agency's clients or (`ids` is None) of all."""

    def __init__(
        self,
        agency: Agency,
        kind: TemplateType,
        fields: Collection[str],
        ids: Sequence[int] | None = None,
    ) -> None:
        self.agency, self.kind, self.ids = agency, kind, ids
        self.today = timezone.localdate()
        office = {"agent": agency.name, "tel_agenta": agency.phone, "adres_biura": agency.address}
        self.office = {name: ready_value(value) for name, value in office.items() if name in fields}
        self.own = _wanted(CONTACT_COLUMNS, fields)
        self.policy = _wanted(policy_columns(self.today), fields)
        self.vehicle = _wanted(VEHICLE_COLUMNS, fields)
        self.instalment = _wanted(INSTALMENT_COLUMNS, fields)

    def clients(self, opted_out: set[str], names: Sequence[str] = ()) -> Iterator[MergeData]:
        """Whatever their order; `opted_out` are numbers, `names` the columns that make a client's name."""
        policies, vehicles, instalments = self._policies(), self._vehicles(), self._instalments()
        nothing = dict.fromkeys((*self.policy, *self.vehicle, *self.instalment), "")
        blank, show_own, num_own = {**self.office, **nothing}, _shower(self.own), len(self.own)
        for pk, phone, is_opted_out, has_consent, birthday, *cells in self._contacts(names):
            instalment = instalments.get(pk)
            policy = instalment or policies.get(pk)
            vehicle = vehicles.get(pk)
            values = ReadyValues(blank)
            values.update(show_own(cells))
            if vehicle:
                values.update(vehicle)
            if policy:
                values.update(policy)
            yield MergeData(
                pk,
                _name(*cells[num_own:]) if names else "",
                phone,
                values,
                bool(is_opted_out) or phone in opted_out,
                bool(has_consent),
                self._is_concerned(birthday, policy, vehicle, instalment),
            )

    def _is_concerned(
        self, birthday: object, policy: object, vehicle: object, instalment: object
    ) -> bool:
        """Whether the client has what the type is about; what is said of it may be missing all the same."""
        if self.kind in _ABOUT_INSTALMENTS:
            return instalment is not None
        if self.kind in _ABOUT_POLICIES:
            return policy is not None
        if self.kind == TemplateType.INSPECTION:
            return vehicle is not None
        return birthday is not None or self.kind != TemplateType.BIRTHDAY

    def _contacts(self, names: Sequence[str]) -> Iterable[tuple[Any, ...]]:
        contacts = self.agency.contacts.all()
        if self.ids is not None:
            contacts = contacts.filter(pk__in=among(self.ids))
        columns = ("pk", "phone", _is_known("opted_out_at"), _is_known("marketing_consent_at"))
        # Only one type asks for the birthday; the phone, which is read anyway, holds its place for the others.
        birthday = as_text("birthday") if self.kind == TemplateType.BIRTHDAY else "phone"
        return self._read(contacts.values_list(*columns, birthday, *_selected(self.own), *names))

    def _policies(self) -> dict[int, dict[str, str]]:
        """By client, the values that the policy gives which a message speaks of."""
        # A vehicle's number comes from the policy, so that both fit together; an inspection is the vehicle's own.
        insured = {} if self.kind == TemplateType.INSPECTION else self.vehicle
        if not (self.policy or insured or self.kind in _ABOUT_POLICIES):
            return {}
        policies = self._of_clients(Policy.objects.filter(agency=self.agency), "contact")
        if kinds := POLICY_KINDS.get(self.kind):
            policies = policies.filter(kind__in=kinds)
        return self._soonest(policies, "contact", "ends_on", self.policy, "vehicle", insured)

    def _vehicles(self) -> dict[int, dict[str, str]]:
        if not (self.vehicle or self.kind == TemplateType.INSPECTION):
            return {}
        vehicles = self._of_clients(Vehicle.objects.filter(agency=self.agency), "contact")
        return self._soonest(vehicles, "contact", "inspection_due", self.vehicle)

    def _instalments(self) -> dict[int, dict[str, str]]:
        """The same of the unpaid instalment and its policy: the soonest, or the one that was missed last."""
        if self.kind not in _WITH_INSTALMENT:
            return {}
        unpaid = Instalment.objects.filter(agency=self.agency, paid_on=None)
        if self.kind == TemplateType.INSTALMENT:
            unpaid = unpaid.filter(due_on__gte=self.today)
        elif self.kind == TemplateType.INSTALMENT_MISSED:
            unpaid = unpaid.filter(due_on__lt=self.today)
        client = "policy__contact"
        columns = {**self.instalment, **_through("policy", self.policy)}
        return self._soonest(
            self._of_clients(unpaid, client),
            client,
            "due_on",
            columns,
            "policy__vehicle",
            self.vehicle,
        )

    def _of_clients(self, rows: QuerySet[Any], client: str) -> QuerySet[Any]:
        return rows if self.ids is None else rows.filter(**{f"{client}__in": among(self.ids)})

    def _read(self, rows: QuerySet[Any, tuple[Any, ...]]) -> Iterable[tuple[Any, ...]]:
        """A whole book bit by bit; not so a few clients, for whom PostgreSQL plans a cursor badly: 100 times slower."""
        return rows.iterator() if self.ids is None else rows

    def _soonest(
        self,
        rows: QuerySet[Any],
        client: str,
        day: str,
        columns: Columns,
        vehicle: str = "",
        insured: Columns | None = None,
    ) -> dict[int, dict[str, str]]:
        """By client, the values of the row whose `day` comes soonest, with those of its `vehicle` if it has one."""
        insured = _through(vehicle, insured or {})
        of_vehicle = (vehicle, *_selected(insured)) if insured else ()
        best: dict[int, tuple[int, int, list[Any]]] = {}
        found = rows.values_list(client, as_text(day), "pk", *_selected(columns), *of_vehicle)
        for contact_id, due, pk, *cells in self._read(found):
            ranked = (_urgency(due, self.today), pk, cells)
            # No two rows have one pk, so cells are never compared.
            if contact_id not in best or ranked < best[contact_id]:
                best[contact_id] = ranked
        show, show_vehicle, num = _shower(columns), _shower(insured), len(columns)
        values = {pk: show(cells) for pk, (_, _, cells) in best.items()}
        if insured:
            for pk, (_, _, cells) in best.items():
                if cells[num] is not None:
                    values[pk] |= show_vehicle(cells[num + 1 :])
        return values


def _wanted(columns: Columns, fields: Collection[str]) -> Columns:
    return {field: column for field, column in columns.items() if field in fields}


def _through(way: str, columns: Columns) -> Columns:
    """The columns as they are reached over a foreign key."""
    return {
        field: column._replace(name=f"{way}__{column.name}") for field, column in columns.items()
    }


def _selected(columns: Columns) -> list[F | Cast]:
    return [column.expression for column in columns.values()]


def _shower(columns: Columns) -> Callable[[Sequence[Any]], dict[str, str]]:
    """What makes ready values of a row that begins with the columns' cells: for each client of a book of 50,000."""
    shown = [(name, column.show) for name, column in columns.items()]

    def show(cells: Sequence[Any]) -> dict[str, str]:
        pairs = zip(shown, cells, strict=False)
        return {name: as_text(cell) if cell else "" for (name, as_text), cell in pairs}

    return show


def _is_known(name: str) -> ExpressionWrapper[Q]:
    return ExpressionWrapper(Q(**{f"{name}__isnull": False}), BooleanField())


def _name(last_name: str, first_name: str, company: str) -> str:
    """As lists show it."""
    if last_name and first_name:
        return f"{last_name} {first_name}"
    return last_name or first_name or company


def _add_consents(clients: dict[int, MergeData]) -> None:
    """Tell each client's newest consent to marketing, if it was not withdrawn; without a record of it there is none."""
    consenting = [pk for pk, client in clients.items() if client.has_consent]
    if not consenting:
        return
    given = ContactConsent.objects.filter(
        contact__in=among(consenting), kind=ContactConsent.Kind.MARKETING, is_given=True
    )
    newest = dict(given.order_by("pk").values_list("contact", "pk"))
    for pk in consenting:
        clients[pk].consent_id = newest.get(pk)
        clients[pk].has_consent = pk in newest


def _opted_out_numbers(agency: Agency, contact_ids: Sequence[int]) -> set[str]:
    """A number that opted out stays so, whoever's it is in the book by now."""
    stored = OptedOutNumber.objects.filter(agency=agency)
    if len(contact_ids) < CHUNK:
        clients = agency.contacts.filter(pk__in=among(contact_ids))
        stored = stored.filter(phone__in=clients.values("phone"))
    return set(stored.values_list("phone", flat=True))


@lru_cache(maxsize=4096)
def _urgency(day: str | None, today: date) -> int:
    """Sorts coming days first, the soonest before the later; then past ones, the latest first; then no date."""
    if day is None:
        return _NO_DATE
    days = (date.fromisoformat(day) - today).days
    return days if days >= 0 else _PAST - days
