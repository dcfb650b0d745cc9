"""Writing what clients insure: vehicles, policies, instalments."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from messaging import contacts, derived
from messaging.models import Contact, ContactGroup, Instalment, Policy, Vehicle
from messaging.taken import Taken

Insured = Vehicle | Policy | Instalment

# The field that tells a row from the client's or the policy's others, and what to say where it does not.
_TAKEN = {
    Vehicle: ("registration_number", _("The client has this vehicle already.")),
    Policy: ("number", _("The client has a policy of this number already.")),
    Instalment: ("number", _("The policy has an instalment of this number already.")),
}


def contact_of(row: Insured) -> Contact:
    """Whose vehicle, policy or instalment it is."""
    return row.policy.contact if isinstance(row, Instalment) else row.contact


@transaction.atomic
def add_contact(
    contact: Contact,
    *,
    numbers: Sequence[str],
    groups: Collection[ContactGroup],
    vehicle: Vehicle | None,
    policy: Policy | None,
) -> None:
    """Save a new client with the first vehicle and the first policy, of that vehicle. Raises Taken."""
    contacts.save_contact(contact, numbers=numbers, groups=groups)
    if vehicle:
        vehicle.contact = contact
        save_insured(vehicle)
    if policy:
        policy.contact, policy.vehicle = contact, vehicle
        save_insured(policy)


@transaction.atomic
def save_insured(row: Insured) -> None:
    """Save a new or changed vehicle, policy or instalment.

    Raises Taken, and ObjectDoesNotExist when the row or what it belongs to was deleted meanwhile.
    """
    contact = contacts.lock(contact_of(row).pk)
    _check_still_there(row)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Taken(*_TAKEN[type(row)]) from None
    derived.bring_up_to_date([contact])


@transaction.atomic
def delete_insured(row: Insured) -> None:
    """Delete a vehicle, a policy with its instalments, or an instalment. Raises Contact.DoesNotExist."""
    contact = contacts.lock(contact_of(row).pk)
    row.delete()
    derived.bring_up_to_date([contact])


def _check_still_there(row: Insured) -> None:
    if row.pk:
        type(row)._default_manager.only("pk").get(pk=row.pk)
    if isinstance(row, Instalment):
        Policy.objects.only("pk").get(pk=row.policy_id)
    if isinstance(row, Policy) and row.vehicle_id:
        Vehicle.objects.only("pk").get(pk=row.vehicle_id)
