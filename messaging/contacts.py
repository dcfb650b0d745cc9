"""The agent's book: writing and deleting contacts."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import events
from accounts.folding import fold
from accounts.models import EventKind
from messaging import derived
from messaging.models import Contact, ContactGroup, ContactNumber
from messaging.taken import Taken

# Clients that one transaction deletes.
CHUNK = 1000


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
        stored = lock(contact.pk)
        # Others may have written down a "no" since this client was read.
        contact.marketing_consent_at = stored.marketing_consent_at
        contact.opted_out_at = stored.opted_out_at
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
