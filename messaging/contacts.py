"""The agent's book: writing contacts, one by one and from a file."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import events
from accounts.folding import fold
from accounts.models import Agency, EventKind
from messaging import derived
from messaging.contact_files import ContactRow
from messaging.models import Contact, ContactGroup, ContactNumber, Policy, Vehicle
from messaging.taken import Taken

# Clients that one transaction deletes.
CHUNK = 1000
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


def lock(contact_id: int) -> Contact:
    """The client's row until the transaction ends, so that what belongs to it changes one after another.

    Raises Contact.DoesNotExist when somebody deleted the client meanwhile.
    """
    return Contact.objects.select_for_update().get(pk=contact_id)


@transaction.atomic
def save_contact(
    contact: Contact, *, numbers: Sequence[str], groups: Collection[ContactGroup]
) -> Contact:
    """Save a client with all other numbers and all groups. Groups that are gone meanwhile are left out.

    Raises Taken for a phone that another client of the agency has, and Contact.DoesNotExist.
    """
    if contact.pk:
        lock(contact.pk)
    set_search_name(contact)
    try:
        with transaction.atomic():
            contact.save()
    except IntegrityError:
        raise Taken("phone", _("This number belongs to another client.")) from None
    _write_numbers(contact, numbers)
    ids = [group.pk for group in groups]
    contact.groups.set(contact.agency.contact_groups.select_for_update().filter(pk__in=ids))
    derived.bring_up_to_date([contact])
    return contact


def _write_numbers(contact: Contact, numbers: Sequence[str]) -> None:
    contact.other_numbers.exclude(number__in=numbers).delete()
    known = set(contact.other_numbers.values_list("number", flat=True))
    ContactNumber.objects.bulk_create(
        ContactNumber(contact=contact, number=number) for number in numbers if number not in known
    )


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
    everybody = {contacts[row.phone].pk: contacts[row.phone] for row in rows}
    derived.bring_up_to_date(list(everybody.values()))
    unchanged = everybody.keys() - created - updated
    result = ImportResult(len(created), len(updated), len(unchanged))
    # In Polish, as the trail is.
    counts = f"nowi: {result.num_created}, zmienieni: {result.num_updated}"
    events.record(EventKind.CONTACTS_IMPORTED, counts, agency=agency)
    return result


def delete_contacts(contacts: QuerySet[Contact]) -> int:
    """Remove clients of one agency with all that belongs to them; the messages sent to them stay as charged.

    A great many go in several transactions, each with its own event, lest everybody else wait. Returns their number.
    """
    ids = list(contacts.order_by("pk").values_list("pk", flat=True))
    return sum(_delete_some(ids[start : start + CHUNK]) for start in range(0, len(ids), CHUNK))


@transaction.atomic
def _delete_some(ids: Sequence[int]) -> int:
    found = list(Contact.objects.select_for_update().select_related("agency").filter(pk__in=ids))
    if not found:
        return 0
    # By number: a name would stay in the trail after the client asked to be forgotten. In Polish, as the trail is.
    subject = f"#{found[0].pk}" if len(found) == 1 else f"klienci: {len(found)}"
    events.record(EventKind.CONTACT_DELETED, subject, agency=found[0].agency)
    Contact.objects.filter(pk__in=[contact.pk for contact in found]).delete()
    return len(found)


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
