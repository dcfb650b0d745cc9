"""Writing rows of a file into an agency's book, in bulk: new clients, changes, nothing twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.bulk_sql import as_stored, delete_rows, insert_rows, update_rows
from accounts.models import Agency
from messaging import due_dates, opt_outs
from messaging.book_chunk import Client, Record, new_client
from messaging.book_loading import (
    NameAndPolicy,
    folded_name,
    group_ids,
    load_clients,
    name_and_policy,
)
from messaging.book_will import WillOfClients
from messaging.contact_rows import ContactRow
from messaging.models import (
    Channel,
    Contact,
    ContactNumber,
    Instalment,
    Policy,
    SearchWord,
    Vehicle,
)
from messaging.opt_outs import Said

# People who add the same client by hand in the same moment: read again, and see them.
ATTEMPTS = 3

_CONTACT = ("first_name", "last_name", "company", "email", "birthday", "notes", "search_name")
_NEXT_DATES = ("next_end_on", "next_inspection_on", "next_instalment_on")
_VEHICLE = ("make_model", "inspection_due")
_POLICY = ("kind", "insurer", "starts_on", "ends_on", "premium", "vehicle")
_INSTALMENT = ("due_on", "amount", "paid_on")
_EMPTY = {"kind": Policy.Kind.OTHER, "premium": None, "vehicle": None}
_DATES = frozenset(
    ("birthday", "inspection_due", "starts_on", "ends_on", "due_on", "paid_on", *_NEXT_DATES)
)


@dataclass(slots=True)
class Written:
    """What became of the rows. `nobody` are those without a phone that no client was found for."""

    num_created: int = 0
    num_updated: int = 0
    num_unchanged: int = 0
    nobody: list[ContactRow] = field(default_factory=list)


def write_rows(agency: Agency, rows: Sequence[ContactRow], *, said: Said | None = None) -> Written:
    """Bring the rows into the book, in their order, in the caller's transaction or one of its own.

    A client is recognised by the phone, else by name and policy number, and updated, never doubled. Who is stored
    without a phone takes the one that a row with this name and policy brings, unless it is somebody's already: then
    the row is about that one. Who is stored with another phone is another client: consents and opt-outs were given
    for that phone, and two rows that differ in it alone would swap it for ever. Empty cells never erase what is
    stored. Rows that say nothing new write nothing. `said` tells where consents and opt-outs of the rows are from.
    Raises IntegrityError if others keep on writing the same clients at the same time.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                return _write(agency, rows, said or Said(channel=Channel.IMPORT))
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
    raise AssertionError


def _write(agency: Agency, rows: Sequence[ContactRow], said: Said) -> Written:
    clients = load_clients(agency, rows)
    # Who has no phone is recognised by name and policy; nobody else needs to be.
    phones = [*(row.phone for row in rows), *(client.phone for client in clients)]
    index = _Index(clients, with_policies=not all(phones))
    will = WillOfClients(clients, rows)
    written = Written()
    for row in rows:
        client = index.find(row)
        if client is None:
            written.nobody.append(row)
            continue
        changes_will = will.take(client, row)
        if client.pk is None and not client.is_changed:
            client.apply(row)
            index.add_policies(client)
            written.num_created += 1
        elif client.apply(row) or changes_will:
            index.add_policies(client)
            written.num_updated += 1
        else:
            written.num_unchanged += 1
    _save(agency, index.clients)
    will.save(said)
    return written


class _Index:
    """Finds the client of a row, stored or met in an earlier row; `with_policies` also by name and policy."""

    def __init__(self, clients: Iterable[Client], *, with_policies: bool) -> None:
        self.clients = list(clients)
        self._with_policies = with_policies
        self._by_phone = {client.phone: client for client in self.clients if client.phone}
        self._by_policy: dict[NameAndPolicy, Client] = {}
        self._without_phone: dict[NameAndPolicy, Client] = {}
        # The oldest wins.
        for client in reversed(self.clients):
            self.add_policies(client)

    def find(self, row: ContactRow) -> Client | None:
        if not row.phone:
            return self._by_policy.get(name_and_policy(row))
        if row.phone not in self._by_phone:
            self._by_phone[row.phone] = self._find_without_phone(row) or self._add_client(row)
        return self._by_phone[row.phone]

    def _find_without_phone(self, row: ContactRow) -> Client | None:
        client = self._without_phone.get(name_and_policy(row)) if self._without_phone else None
        # By now it may have taken the phone of an earlier row.
        return None if client is None or client.phone else client

    def _add_client(self, row: ContactRow) -> Client:
        client = new_client(row.phone)
        self.clients.append(client)
        return client

    def add_policies(self, client: Client) -> None:
        if not self._with_policies:
            return
        values = client.values
        name = folded_name(values["first_name"], values["last_name"], values["company"])
        for number in client.policies:
            self._by_policy[name, number] = client
            if not client.phone:
                self._without_phone[name, number] = client


def _save(agency: Agency, clients: Sequence[Client]) -> None:
    """Write what is new or different. Nothing is written for clients that are as stored."""
    new = [client for client in clients if client.pk is None]
    touched = [client for client in clients if client.pk and client.is_touched]
    for client in (*new, *touched):
        if client.is_changed:
            client.set_search_name()
    # Before the rows have ids, which tell new from stored.
    new_words = [(client, client.new_words()) for client in new]
    added_words = [(client, client.new_words()) for client in touched]
    _insert_contacts(agency, new)
    changed = [client for client in touched if client.is_changed]
    rows = ((c.phone, *_values(c, _CONTACT), c.pk) for c in changed)
    update_rows(Contact, ("phone", *_CONTACT), rows)
    for save in (_save_numbers_and_groups, _save_vehicles, _save_policies, _save_instalments):
        save(agency, [*new, *touched])
    fields = ("agency", "contact", "word")
    old_words = [(client, client.old_words()) for client in touched]
    delete_rows(SearchWord, fields, _word_rows(agency, old_words))
    insert_rows(SearchWord, fields, _word_rows(agency, new_words))
    insert_rows(SearchWord, fields, _word_rows(agency, added_words), or_ignore=True)
    opt_outs.mark_new_clients(agency.pk, [client.phone for client in new])
    if new_phones := [client.pk for client in touched if client.pk and client.has_new_phone]:
        opt_outs.refresh(list(Contact.objects.filter(pk__in=new_phones)))
    if touched:
        due_dates.refresh([client.pk for client in touched if client.pk])


def _insert_contacts(agency: Agency, new: Sequence[Client]) -> None:
    if not new:
        return
    now, today = as_stored(timezone.now()), timezone.localdate()
    for client in new:
        client.values |= client.next_dates(today)
    newest = agency.contacts.order_by("-pk").values_list("pk", flat=True).first() or 0
    fields = (*_CONTACT, *_NEXT_DATES)
    agency_id = agency.pk
    insert_rows(
        Contact,
        ("agency", "phone", "created_at", *fields),
        ((agency_id, client.phone, now, *_values(client, fields)) for client in new),
    )
    # Whatever was inserted just now has a greater id; people may have added some by hand at the same moment.
    ids = dict(agency.contacts.filter(pk__gt=newest).values_list("phone", "pk"))
    for client in new:
        client.pk = ids[client.phone]


def _word_rows(
    agency: Agency, words: Iterable[tuple[Client, set[str]]]
) -> Iterator[tuple[int, int | None, str]]:
    agency_id = agency.pk
    return ((agency_id, client.pk, word) for client, own in words for word in sorted(own))


def _values(record: Record, fields: tuple[str, ...]) -> list[Any]:
    """The values of these fields as the database takes them; what was never said is empty."""
    get = record.values.get
    return [
        as_stored(get(name)) if is_date else get(name, empty)
        for name, is_date, empty in _plan(fields)
    ]


@cache
def _plan(fields: tuple[str, ...]) -> list[tuple[str, bool, Any]]:
    """Each field, whether it holds a date, and what stands for one that was never said."""
    return [(name, name in _DATES, _EMPTY.get(name, "")) for name in fields]


def _save_numbers_and_groups(agency: Agency, clients: Sequence[Client]) -> None:
    insert_rows(
        ContactNumber,
        ("contact", "number"),
        ((client.pk, number) for client in clients for number in client.new_numbers),
    )
    names = {name for client in clients for name in client.new_groups.values()}
    ids = group_ids(agency, names)
    insert_rows(
        Contact.groups.through,
        ("contact", "contactgroup"),
        ((client.pk, ids[lower]) for client in clients for lower in client.new_groups),
    )


def _save_vehicles(agency: Agency, clients: Sequence[Client]) -> None:
    pairs = [(c, plate, vehicle) for c in clients for plate, vehicle in c.vehicles.items()]
    new = [(client, plate, vehicle) for client, plate, vehicle in pairs if vehicle.pk is None]
    agency_id = agency.pk
    insert_rows(
        Vehicle,
        ("agency", "contact", "registration_number", *_VEHICLE),
        ((agency_id, c.pk, plate, *_values(vehicle, _VEHICLE)) for c, plate, vehicle in new),
    )
    changed = [vehicle for _client, _plate, vehicle in pairs if vehicle.pk and vehicle.is_changed]
    update_rows(Vehicle, _VEHICLE, ((*_values(v, _VEHICLE), v.pk) for v in changed))
    if new:
        stored = _rows_of(Vehicle.objects.all(), [client for client, *_new in new])
        ids = _ids(stored.values_list("contact", "registration_number", "pk"))
        for client, plate, vehicle in new:
            vehicle.pk = ids[client.pk, plate]


def _save_policies(agency: Agency, clients: Sequence[Client]) -> None:
    pairs = [(c, number, policy) for c in clients for number, policy in c.policies.items()]
    for client, _number, policy in pairs:
        if policy.is_changed:
            policy.values["vehicle"] = (
                client.vehicles[policy.vehicle].pk if policy.vehicle else None
            )
    new = [(client, number, policy) for client, number, policy in pairs if policy.pk is None]
    agency_id = agency.pk
    insert_rows(
        Policy,
        ("agency", "contact", "number", *_POLICY),
        ((agency_id, c.pk, number, *_values(policy, _POLICY)) for c, number, policy in new),
    )
    changed = [policy for _client, _number, policy in pairs if policy.pk and policy.is_changed]
    update_rows(Policy, _POLICY, ((*_values(p, _POLICY), p.pk) for p in changed))
    if any(policy.instalments for _client, _number, policy in new):
        stored = _rows_of(Policy.objects.all(), [client for client, *_new in new])
        ids = _ids(stored.values_list("contact", "number", "pk"))
        for client, number, policy in new:
            policy.pk = ids[client.pk, number]


def _save_instalments(agency: Agency, clients: Sequence[Client]) -> None:
    pairs = [
        (policy, number, instalment)
        for client in clients
        for policy in client.policies.values()
        for number, instalment in policy.instalments.items()
    ]
    insert_rows(
        Instalment,
        ("agency", "policy", "number", *_INSTALMENT),
        (
            (agency.pk, policy.pk, number, *_values(instalment, _INSTALMENT))
            for policy, number, instalment in pairs
            if instalment.pk is None
        ),
    )
    changed = [item for _policy, _number, item in pairs if item.pk and item.is_changed]
    update_rows(Instalment, _INSTALMENT, ((*_values(i, _INSTALMENT), i.pk) for i in changed))


def _rows_of(rows: QuerySet[Any], clients: Sequence[Client]) -> QuerySet[Any]:
    """Those of the clients, and perhaps some of others: clients of one file have ids close to each other."""
    ids = sorted(client.pk for client in clients if client.pk)
    if ids[-1] - ids[0] < 10 * len(ids):
        return rows.filter(contact__gte=ids[0], contact__lte=ids[-1])
    return rows.filter(contact__in=ids)


def _ids(rows: Iterable[tuple[Any, ...]]) -> dict[tuple[Any, ...], int]:
    """The last column by the others."""
    return {row[:-1]: row[-1] for row in rows}
