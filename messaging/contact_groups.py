"""Groups: names under which an agency keeps some of its clients together."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from messaging.models import Contact, ContactGroup
from messaging.taken import Taken

# Clients that one transaction changes: on SQLite everybody else waits for it.
CHUNK = 1000
_Member = Contact.groups.through


def group_called(agency: Agency, name: str) -> ContactGroup:
    """The agency's group of that name, in whatever case; made if there is none."""
    own = agency.contact_groups.filter(name__iexact=name)
    if known := own.first():
        return known
    try:
        with transaction.atomic():
            return ContactGroup.objects.create(agency=agency, name=name)
    except IntegrityError:
        return own.get()


def rename_group(group: ContactGroup, name: str) -> None:
    """Raises Taken if another group of the agency is called so."""
    try:
        with transaction.atomic():
            ContactGroup.objects.filter(pk=group.pk).update(name=name)
    except IntegrityError:
        raise Taken("name", _("You have a group of this name already.")) from None


@transaction.atomic
def delete_group(group: ContactGroup) -> None:
    """Delete the group; its clients stay."""
    # First the row, so that nobody joins in between.
    ContactGroup.objects.select_for_update().filter(pk=group.pk).first()
    group.delete()


def add_to_group(contacts: QuerySet[Contact], group: ContactGroup) -> int:
    """Put clients into a group of their agency. Returns how many there were, those that were in it included.

    Raises ContactGroup.DoesNotExist when somebody deleted the group meanwhile.
    """
    return sum(_add_some(ids, group) for ids in _chunks(contacts))


def remove_from_group(contacts: QuerySet[Contact], group: ContactGroup) -> int:
    """Take clients out of a group. Returns how many were in it."""
    members = _Member.objects.filter(contactgroup=group)
    return sum(members.filter(contact__in=ids).delete()[0] for ids in _chunks(contacts))


@transaction.atomic
def _add_some(ids: list[int], group: ContactGroup) -> int:
    ContactGroup.objects.select_for_update().get(pk=group.pk)
    found = list(
        Contact.objects.select_for_update().filter(pk__in=ids).values_list("pk", flat=True)
    )
    _Member.objects.bulk_create(
        (_Member(contact_id=pk, contactgroup_id=group.pk) for pk in found),
        ignore_conflicts=True,
    )
    return len(found)


def _chunks(contacts: QuerySet[Contact]) -> list[list[int]]:
    ids = list(contacts.order_by("pk").values_list("pk", flat=True))
    return [ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK)]
