"""Loading the clients that some rows of a file are about: by phone, else by name and policy number."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from accounts.folding import fold
from accounts.models import Agency
from messaging.book_chunk import Client, PolicyRecord, Record
from messaging.contact_rows import ContactRow
from messaging.models import (
    Contact,
    ContactGroup,
    ContactNumber,
    Instalment,
    Policy,
    SearchWord,
    Vehicle,
)
from messaging.search_words import MAX_LENGTH, in_one_piece

# What tells a client without a phone: the folded name, and a policy's number.
NameAndPolicy = tuple[str, str]

_CONTACT = ("first_name", "last_name", "company", "email", "birthday", "notes")
_VEHICLE = ("make_model", "inspection_due")
_POLICY = ("kind", "insurer", "starts_on", "ends_on", "premium")
_INSTALMENT = ("due_on", "amount", "paid_on")


def name_and_policy(row: ContactRow) -> NameAndPolicy:
    """By what a row without a phone is recognised."""
    return folded_name(row.first_name, row.last_name, row.company), row.policy_number


def folded_name(first_name: str, last_name: str, company: str) -> str:
    """A person's name; a company's only where there is no person."""
    return fold(f"{last_name} {first_name}") or fold(company)


def load_clients(agency: Agency, rows: Sequence[ContactRow]) -> list[Client]:
    """The stored clients of these rows, locked until the transaction ends."""
    by_phone = find_by_phone(agency, {row.phone for row in rows if row.phone})
    ids = {*by_phone.values(), *_known_by_name(agency, rows, by_phone)}
    if not ids:
        return []
    own = Contact.objects.filter(agency=agency).select_for_update(of=("self",)).order_by("pk")
    clients = _clients(own.filter(pk__in=ids))
    _load_numbers_and_groups(clients)
    vehicles = _load_vehicles(clients)
    _load_policies(clients, vehicles)
    return list(clients.values())


def find_by_phone(agency: Agency, phones: Collection[str]) -> dict[str, int]:
    """The ids of the clients who have these numbers, none of them empty."""
    # Saying that the numbers are not empty lets the databases use the index of numbers. Unsorted: with an order SQLite
    # goes through all clients of the agency instead.
    own = Contact.objects.filter(agency=agency, phone__in=phones).exclude(phone="")
    return dict(own.values_list("phone", "pk"))


def _known_by_name(
    agency: Agency, rows: Sequence[ContactRow], by_phone: Collection[str]
) -> set[int]:
    """Clients of the rows without a phone, and those without one of the rows whose phone is nobody's yet."""
    ids = set(find_by_policy(agency, [name_and_policy(r) for r in rows if not r.phone]).values())
    new = [row for row in rows if row.phone and row.phone not in by_phone and row.policy_number]
    if new and _has_clients_without_phone(agency):
        found = find_by_policy(agency, [name_and_policy(row) for row in new], without_phone=True)
        ids |= set(found.values())
    return ids


def _has_clients_without_phone(agency: Agency) -> bool:
    # Sorted as the index of those is: without an order SQLite goes through all clients of the agency instead.
    own = agency.contacts.filter(phone="").order_by("search_name")
    return bool(own.values_list("pk", flat=True)[:1])


def find_by_policy(
    agency: Agency, wanted: Collection[NameAndPolicy], *, without_phone: bool = False
) -> dict[NameAndPolicy, int]:
    """The ids of the clients of these names who have these policies; of several the oldest.

    `without_phone`: only of those who have none.
    """
    if not wanted:
        return {}
    # The words' index finds a policy number in one agency; policies themselves are not sorted by it.
    words = {in_one_piece(number)[:MAX_LENGTH] for _name, number in wanted}
    with_word = SearchWord.objects.filter(agency=agency, word__in=words).values("contact")
    policies = Policy.objects.filter(
        contact__in=with_word, number__in={number for _name, number in wanted}
    ).order_by("-contact")
    if without_phone:
        policies = policies.filter(contact__phone="")
    names = ("contact__first_name", "contact__last_name", "contact__company")
    found = {
        (folded_name(*name), number): pk
        for pk, number, *name in policies.values_list("contact", "number", *names)
    }
    return {key: found[key] for key in found.keys() & set(wanted)}


def _clients(contacts: Any) -> dict[int, Client]:
    columns = ("pk", "phone", "search_name", *_CONTACT)
    return {
        pk: Client(pk, dict(zip(_CONTACT, values, strict=True)), phone=phone, stored_name=name)
        for pk, phone, name, *values in contacts.values_list(*columns)
    }


def _load_numbers_and_groups(clients: dict[int, Client]) -> None:
    numbers = ContactNumber.objects.filter(contact__in=clients)
    for contact_id, number in numbers.values_list("contact", "number"):
        clients[contact_id].numbers[in_one_piece(number)] = number
    members = Contact.groups.through.objects.filter(contact__in=clients)
    for contact_id, name in members.values_list("contact", "contactgroup__name"):
        clients[contact_id].groups.add(name.lower())


def _load_vehicles(clients: dict[int, Client]) -> dict[int, str]:
    """Returns the registration numbers by id."""
    plates = {}
    vehicles = Vehicle.objects.filter(contact__in=clients)
    columns = ("pk", "contact", "registration_number", *_VEHICLE)
    for pk, contact_id, plate, *values in vehicles.values_list(*columns):
        plates[pk] = plate
        clients[contact_id].vehicles[plate] = Record(pk, dict(zip(_VEHICLE, values, strict=True)))
    return plates


def _load_policies(clients: dict[int, Client], plates: dict[int, str]) -> None:
    by_id = {}
    policies = Policy.objects.filter(contact__in=clients)
    columns = ("pk", "contact", "number", "vehicle", *_POLICY)
    for pk, contact_id, number, vehicle_id, *values in policies.values_list(*columns):
        record = PolicyRecord(pk, dict(zip(_POLICY, values, strict=True)))
        record.vehicle = plates.get(vehicle_id, "")
        by_id[pk] = clients[contact_id].policies[number] = record
    instalments = Instalment.objects.filter(policy__contact__in=clients)
    for policy_id, pk, number, *values in instalments.values_list(
        "policy", "pk", "number", *_INSTALMENT
    ):
        by_id[policy_id].instalments[number] = Record(
            pk, dict(zip(_INSTALMENT, values, strict=True))
        )


def group_ids(agency: Agency, names: Iterable[str]) -> dict[str, int]:
    """The agency's groups of these names (in any case) by lower-case name; those missing are made."""
    wanted = {name.lower(): name for name in names}
    if not wanted:
        return {}
    known = _groups(agency)
    missing = [name for lower, name in wanted.items() if lower not in known]
    if missing:
        ContactGroup.objects.bulk_create(ContactGroup(agency=agency, name=n) for n in missing)
        known = _groups(agency)
    return known


def group_names(agency: Agency) -> set[str]:
    """Of the agency's groups, in lower case."""
    return set(_groups(agency))


def _groups(agency: Agency) -> dict[str, int]:
    return {name.lower(): pk for pk, name in agency.contact_groups.values_list("pk", "name")}
