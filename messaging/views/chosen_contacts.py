"""The clients that somebody ticked in the list, or all that the list's search and filters find."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.access import UserRequest, agency_of
from messaging.contact_filter_form import ContactFilterForm
from messaging.contact_search import matching
from messaging.models import Contact
from messaging.views.selection import posted_numbers


@dataclass(frozen=True, slots=True)
class Chosen:
    """The agency's own clients that were chosen, and the fields by which the next form chooses them again."""

    contacts: QuerySet[Contact]
    fields: list[tuple[str, str]]


def chosen_contacts(request: UserRequest) -> Chosen:
    """What the posted form chose. "All" stays a search, so that no page need list thousands of ids."""
    agency = agency_of(request)
    if not request.POST.get("all"):
        own = agency.contacts.filter(pk__in=posted_numbers(request, "contact"))
        return Chosen(own, [("contact", str(pk)) for pk in own.values_list("pk", flat=True)])
    form = ContactFilterForm(request.POST, agency.contact_groups.all())
    found = matching(agency, form.criteria()) if form.is_valid() else agency.contacts.none()
    return Chosen(found, [("all", "1"), *form.given().items()])
