"""The messages that somebody ticked in the list, or all that the list's filters find."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.access import UserRequest, agency_of
from messaging.message_filter_form import MessageFilterForm
from messaging.message_search import MessageCriteria, matching
from messaging.models import Message
from messaging.views.selection import posted_numbers


@dataclass(frozen=True, slots=True)
class ChosenMessages:
    """The agency's own messages that were chosen, and by what."""

    messages: QuerySet[Message]
    by: MessageCriteria | list[int]
    # The filters of the list, to come back to it.
    given: dict[str, str]


def chosen_messages(request: UserRequest) -> ChosenMessages:
    """What the posted form chose. "All" stays a search, so that no page need list thousands of ids."""
    agency = agency_of(request)
    form = MessageFilterForm(request.POST, agency)
    is_valid = form.is_valid()
    if request.POST.get("all") and is_valid:
        criteria = form.criteria()
        return ChosenMessages(matching(agency, criteria), criteria, form.given())
    ids = [] if request.POST.get("all") else posted_numbers(request, "message")
    own = agency.messages.filter(pk__in=ids)
    return ChosenMessages(own, list(own.values_list("pk", flat=True)), form.given())
