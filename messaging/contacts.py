"""The agent's book: writing contacts, one by one and from a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import events
from accounts.folding import fold
from accounts.models import Agency, EventKind
from messaging.contact_files import ContactRow
from messaging.models import Contact, Policy, Vehicle

CONTACT_FIELDS = ("first_name", "last_name", "company", "email")

# How exports name the kinds of insurance, folded.
_KINDS = {
    "oc": Policy.Kind.OC,
    # A package counts as its obligatory part.
    "oc ac": Policy.Kind.OC,
    "ac": Policy.Kind.AC,
    "autocasco": Policy.Kind.AC,
    "nnw": Policy.Kind.NNW,
    "ass": Policy.Kind.ASS,
    "assistance": Policy.Kind.ASS,
    "dom": Policy.Kind.HOME,
    "mieszkanie": Policy.Kind.HOME,
    "dom mieszkanie": Policy.Kind.HOME,
    "mieszkaniowe": Policy.Kind.HOME,
    "zycie": Policy.Kind.LIFE,
    "na zycie": Policy.Kind.LIFE,
}


@dataclass(frozen=True, slots=True)
class ImportResult:
    """Contacts by what the import did to them or to their policies and vehicles."""

    num_created: int
    num_updated: int
    num_unchanged: int


def set_search_name(contact: Contact) -> None:
    """Fill in what the search looks in. Does not save."""
    contact.search_name = fold(f"{contact.last_name} {contact.first_name} {contact.company}")


def search(contacts: QuerySet[Contact], text: str) -> QuerySet[Contact]:
    """Contacts by name without regard to Polish letters, phone in any spelling, policy or registration number."""
    # PostgreSQL takes no NUL.
    words = text.replace("\0", "").strip()
    if not words:
        return contacts
    digits = "".join(filter(str.isdecimal, words))
    found = Q(policies__number__icontains=words) | Q(
        vehicles__registration_number__icontains=words.replace(" ", "")
    )
    if folded := fold(words):
        found |= Q(search_name__contains=folded)
    if len(digits) >= 3 and not any(map(str.isalpha, words)):
        found |= Q(phone__contains=digits.removeprefix("48") if len(digits) > 9 else digits)
    # By id, so that several policies do not list the client several times.
    return contacts.filter(pk__in=contacts.filter(found).values("pk"))


@transaction.atomic
def save_contact(contact: Contact, values: Mapping[str, Any]) -> Contact:
    """Save a contact and the vehicle and policy named in `values` (a cleaned ContactForm)."""
    set_search_name(contact)
    contact.save()
    vehicle = None
    if values["registration_number"]:
        vehicle, _created = contact.vehicles.update_or_create(
            registration_number=values["registration_number"],
            defaults={
                "make_model": values["make_model"],
                "inspection_due": values["inspection_due"],
            },
        )
    if values["policy_number"]:
        contact.policies.update_or_create(
            number=values["policy_number"],
            defaults={
                "kind": values["policy_kind"] or Policy.Kind.OTHER,
                "insurer": values["insurer"],
                "ends_on": values["ends_on"],
                "vehicle": vehicle,
            },
        )
    return contact


@transaction.atomic
def import_contacts(agency: Agency, rows: Sequence[ContactRow]) -> ImportResult:
    """Write all rows in one transaction. A client is recognised by the phone and updated, never doubled.

    Values of the file overwrite stored ones, empty cells leave them; of several rows of one client the last counts.
    """
    contacts = {c.phone: c for c in Contact.objects.filter(agency=agency).select_for_update()}
    created, updated = _write_contacts(agency, rows, contacts)
    updated |= _write_vehicles(agency, rows, contacts)
    updated |= _write_policies(agency, rows, contacts)
    updated -= created
    everybody = {contacts[row.phone].pk for row in rows}
    result = ImportResult(len(created), len(updated), len(everybody - created - updated))
    # In Polish, as the trail is.
    counts = f"nowi: {result.num_created}, zmienieni: {result.num_updated}"
    events.record(EventKind.CONTACTS_IMPORTED, counts, agency=agency)
    return result


@transaction.atomic
def delete_contact(contact: Contact) -> None:
    """Remove a client with vehicles and policies; the messages sent to them stay as charged."""
    # By number: a name would stay in the trail after the client asked to be forgotten.
    events.record(EventKind.CONTACT_DELETED, f"#{contact.pk}", agency=contact.agency)
    contact.delete()


def _write_contacts(
    agency: Agency, rows: Sequence[ContactRow], contacts: dict[str, Contact]
) -> tuple[set[int], set[int]]:
    """Create and update contacts, adding new ones to `contacts`. Returns the ids of either kind."""
    new: dict[str, Contact] = {}
    changed: dict[int, Contact] = {}
    for row in rows:
        contact = contacts.get(row.phone)
        if contact is None:
            contact = contacts[row.phone] = new[row.phone] = Contact(agency=agency, phone=row.phone)
        if _update(contact, {name: getattr(row, name) for name in CONTACT_FIELDS}):
            set_search_name(contact)
            if contact.pk:
                changed[contact.pk] = contact
    Contact.objects.bulk_create(new.values())
    Contact.objects.bulk_update(changed.values(), [*CONTACT_FIELDS, "search_name"], batch_size=200)
    return {contact.pk for contact in new.values()}, set(changed)


def _write_vehicles(
    agency: Agency, rows: Sequence[ContactRow], contacts: dict[str, Contact]
) -> set[int]:
    """Create and update vehicles. Returns the ids of the contacts that this changed."""
    stored = Vehicle.objects.filter(contact__agency=agency)
    vehicles = {(v.contact_id, v.registration_number): v for v in stored}
    new, changed = [], []
    for row in rows:
        if not row.registration_number:
            continue
        key = (contacts[row.phone].pk, row.registration_number)
        vehicle = vehicles.get(key)
        if vehicle is None:
            vehicle = vehicles[key] = Vehicle(
                agency=agency, contact_id=key[0], registration_number=key[1]
            )
            new.append(vehicle)
        values = {"make_model": row.make_model, "inspection_due": row.inspection_due}
        if _update(vehicle, values) and vehicle.pk:
            changed.append(vehicle)
    Vehicle.objects.bulk_create(new)
    Vehicle.objects.bulk_update(changed, ["make_model", "inspection_due"], batch_size=200)
    return {vehicle.contact_id for vehicle in [*new, *changed]}


def _write_policies(
    agency: Agency, rows: Sequence[ContactRow], contacts: dict[str, Contact]
) -> set[int]:
    """Create and update policies. Returns the ids of the contacts that this changed."""
    policies = {(p.contact_id, p.number): p for p in Policy.objects.filter(contact__agency=agency)}
    vehicles = {
        (v.contact_id, v.registration_number): v.pk
        for v in Vehicle.objects.filter(contact__agency=agency)
    }
    new, changed = [], []
    for row in rows:
        if not row.policy_number:
            continue
        key = (contacts[row.phone].pk, row.policy_number)
        policy = policies.get(key)
        if policy is None:
            policy = policies[key] = Policy(agency=agency, contact_id=key[0], number=key[1])
            new.append(policy)
        values = {
            "kind": policy_kind(row.policy_kind) if row.policy_kind else "",
            "insurer": row.insurer,
            "ends_on": row.policy_ends_on,
            "premium": row.premium,
            "vehicle_id": vehicles.get((key[0], row.registration_number)),
        }
        if _update(policy, values) and policy.pk:
            changed.append(policy)
    Policy.objects.bulk_create(new)
    fields = ["kind", "insurer", "ends_on", "premium", "vehicle"]
    Policy.objects.bulk_update(changed, fields, batch_size=150)
    return {policy.contact_id for policy in [*new, *changed]}


def policy_kind(text: str) -> Policy.Kind:
    """The kind of insurance that an export means; OTHER when it says something else."""
    return _KINDS.get(fold(text), Policy.Kind.OTHER)


def _update(row: Contact | Vehicle | Policy, values: dict[str, Any]) -> bool:
    """Set the values that are not empty. True if one of them was different."""
    different = {k: v for k, v in values.items() if v not in ("", None) and getattr(row, k) != v}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)
