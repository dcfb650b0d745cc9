"""Clients with all that hangs on them as rows of a file: read as plain values, many times faster than as objects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from billing.money import to_zloty
from messaging.models import Contact, ContactNumber, Instalment, Policy, Vehicle
from messaging.phones import format_phone

# Text, dates, amounts in złoty as Decimal, None where there is nothing.
Cells = Sequence[Any]

_OF_CONTACT = (
    "last_name",
    "first_name",
    "company",
    "phone",
    "other_phones",
    "email",
    "birthday",
    "groups",
    "notes",
)
_OF_POLICY = (
    "policy_number",
    "policy_kind",
    "insurer",
    "policy_starts_on",
    "policy_ends_on",
    "premium",
)
_OF_VEHICLE = ("registration_number", "make_model", "inspection_due")
_OF_INSTALMENT = (
    "instalment_number",
    "instalment_amount",
    "instalment_due",
    "instalment_paid",
)
# As messaging/contact_columns.py calls them.
COLUMNS = (*_OF_CONTACT, *_OF_POLICY, *_OF_VEHICLE, *_OF_INSTALMENT)
_NO_POLICY, _NO_VEHICLE, _NO_INSTALMENT = (
    (None,) * len(columns) for columns in (_OF_POLICY, _OF_VEHICLE, _OF_INSTALMENT)
)

# Clients with all that hangs on them that are in memory at a time.
CHUNK = 1000
# All that hangs on each client, or on each policy.
Hanging = dict[int, list[Any]]


def rows_of(contacts: QuerySet[Contact]) -> Iterator[list[Any]]:
    """Cells in the order of COLUMNS: a row for each instalment, policy and vehicle, at least one for a client."""
    ids = list(contacts.values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        yield from _chunk(ids[start : start + CHUNK])


def _chunk(ids: Sequence[int]) -> Iterator[list[Any]]:
    contacts = _contacts(ids)
    vehicles, policies, instalments = _vehicles(ids), _policies(ids), _instalments(ids)
    for pk in ids:
        # Somebody may have deleted the client since.
        if pk in contacts:
            for line in _lines(policies[pk], dict(vehicles[pk]), instalments):
                yield [*contacts[pk], *line]


def _lines(policies: Sequence[Any], vehicles: dict[int, Cells], instalments: Hanging) -> list[Any]:
    """What stands in a client's rows beside the client: policies, then the vehicles of none."""
    lines = [
        (*cells, *vehicles.get(vehicle_id, _NO_VEHICLE), *instalment)
        for pk, vehicle_id, cells in policies
        for instalment in instalments[pk] or [_NO_INSTALMENT]
    ]
    insured = {vehicle_id for _pk, vehicle_id, _cells in policies}
    others = [cells for pk, cells in vehicles.items() if pk not in insured]
    lines += [(*_NO_POLICY, *cells, *_NO_INSTALMENT) for cells in others]
    return lines or [(*_NO_POLICY, *_NO_VEHICLE, *_NO_INSTALMENT)]


def _contacts(ids: Sequence[int]) -> dict[int, Cells]:
    numbers, groups = _numbers(ids), _groups(ids)
    fields = ("last_name", "first_name", "company", "phone", "email", "birthday", "notes")
    found = Contact.objects.filter(pk__in=ids).values_list("pk", *fields)
    return {
        pk: (
            *names,
            format_phone(phone) if phone else "",
            ", ".join(numbers[pk]),
            email,
            birthday,
            "; ".join(sorted(groups[pk])),
            notes,
        )
        for pk, *names, phone, email, birthday, notes in found
    }


def _numbers(ids: Sequence[int]) -> Hanging:
    numbers: Hanging = defaultdict(list)
    found = ContactNumber.objects.filter(contact__in=ids).order_by("pk")
    for contact_id, number in found.values_list("contact", "number"):
        numbers[contact_id].append(number)
    return numbers


def _groups(ids: Sequence[int]) -> Hanging:
    groups: Hanging = defaultdict(list)
    found = Contact.groups.through.objects.filter(contact__in=ids)
    for contact_id, name in found.values_list("contact", "contactgroup__name"):
        groups[contact_id].append(name)
    return groups


def _vehicles(ids: Sequence[int]) -> Hanging:
    """For each client (id of the vehicle, cells)."""
    vehicles: Hanging = defaultdict(list)
    found = Vehicle.objects.filter(contact__in=ids).order_by("pk")
    for contact_id, pk, *cells in found.values_list("contact", "pk", *_OF_VEHICLE):
        vehicles[contact_id].append((pk, cells))
    return vehicles


def _policies(ids: Sequence[int]) -> Hanging:
    """For each client (id of the policy, id of its vehicle, cells)."""
    kinds = {value: str(label) for value, label in Policy.Kind.choices}
    policies: Hanging = defaultdict(list)
    found = Policy.objects.filter(contact__in=ids).order_by("pk")
    fields = ("number", "insurer", "starts_on", "ends_on", "premium", "kind")
    for contact_id, pk, vehicle_id, number, *cells, premium, kind in found.values_list(
        "contact", "pk", "vehicle", *fields
    ):
        amount = None if premium is None else to_zloty(premium)
        policies[contact_id].append((pk, vehicle_id, (number, kinds[kind], *cells, amount)))
    return policies


def _instalments(ids: Sequence[int]) -> Hanging:
    """For each policy its cells."""
    instalments: Hanging = defaultdict(list)
    found = Instalment.objects.filter(policy__contact__in=ids).order_by("number")
    for policy_id, number, amount, due_on, paid_on in found.values_list(
        "policy", "number", "amount", "due_on", "paid_on"
    ):
        instalments[policy_id].append((number, to_zloty(amount), due_on, paid_on))
    return instalments
