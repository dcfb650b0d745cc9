"""Pages of the list of clients: however large the book, a page fetches what it shows and counts only so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import models
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from messaging.contact_search import (
    MANY,
    Criteria,
    first_matches,
    has_rare_word,
    matching,
    matching_in_order,
    unindexed,
)
from messaging.models import Contact

# So many clients are sorted faster than they are met one by one in the order of a book of 50,000.
_SORTED_AT_ONCE = 2000


class Sort(models.TextChoices):
    """The orders of the list."""

    NAME = "name", _("Name")
    END = "end", _("Next policy end")
    INSPECTION = "inspection", _("Next inspection")
    INSTALMENT = "instalment", _("Next instalment")
    NEWEST = "newest", _("Newest")


_ORDERS: dict[str, tuple[Any, ...]] = {
    Sort.NAME: ("search_name", "id"),
    Sort.END: (F("next_end_on").asc(nulls_last=True), "id"),
    Sort.INSPECTION: (F("next_inspection_on").asc(nulls_last=True), "id"),
    Sort.INSTALMENT: (F("next_instalment_on").asc(nulls_last=True), "id"),
    Sort.NEWEST: ("-id",),
}
# Of clients whose ids are known: not by walking the names of all.
_ORDERS_OF_FEW = _ORDERS | {Sort.NAME: (unindexed("search_name"), "id")}


def default_sort(criteria: Criteria) -> Sort:
    """By what falls due where the list is narrowed to that, else by name."""
    if criteria.ends_within is not None:
        return Sort.END
    if criteria.inspection_within is not None:
        return Sort.INSPECTION
    if criteria.instalment_within is not None:
        return Sort.INSTALMENT
    return Sort.NAME


class Place(NamedTuple):
    """A place in a list: the number of a page, from 1, and how many rows pages have."""

    number: int
    size: int

    @property
    def start(self) -> int:
        """Rows before it."""
        return (self.number - 1) * self.size


@dataclass(frozen=True, slots=True)
class ContactPage:
    """Some clients of a list, after `start` others.

    `total` is how many there are in all; more than that if `has_more_than_total`.
    """

    rows: Sequence[Contact]
    number: int = 1
    start: int = 0
    has_next: bool = False
    total: int = 0
    has_more_than_total: bool = False

    @property
    def has_others(self) -> bool:
        return self.has_next or self.number > 1

    @property
    def first(self) -> int:
        return self.start + 1

    @property
    def last(self) -> int:
        return self.start + len(self.rows)

    @property
    def previous_number(self) -> int:
        return self.number - 1

    @property
    def next_number(self) -> int:
        return self.number + 1


def page_of_contacts(agency: Agency, criteria: Criteria, sort: str, place: Place) -> ContactPage:
    """That page of the clients that meet the criteria; the first one where there is nothing."""
    if not criteria.text.strip():
        return _page(_narrowed(agency, criteria, sort).order_by(*_ORDERS[sort]), place)
    if sort == Sort.NAME or has_rare_word(agency, criteria.text):
        ids, are_all = first_matches(agency, criteria)
        if are_all:
            found = agency.contacts.filter(pk__in=ids).order_by(*_ORDERS_OF_FEW[sort])
            return _page(found, place, total=len(ids))
        if sort == Sort.NAME:
            return _page_of_ids(agency, ids, place)
    return _page_of_common(agency, criteria, sort, place)


def _narrowed(agency: Agency, criteria: Criteria, sort: str) -> QuerySet[Contact]:
    """Those who meet the criteria, which have no text, so asked for that a page of this order comes quickly."""
    found = matching(agency, criteria)
    is_by_another_date = default_sort(criteria) not in (Sort.NAME, sort)
    if is_by_another_date and found[: _SORTED_AT_ONCE + 1].count() > _SORTED_AT_ONCE:
        return matching_in_order(agency, criteria)
    return found


def _page(found: QuerySet[Contact], place: Place, total: int | None = None) -> ContactPage:
    """The page of these clients; `total` is how many they are, if that is known."""
    number, size, start = *place, place.start
    # A row too many tells whether another page follows.
    rows = list(found[start : start + size + 1])
    if not rows and number > 1:
        return _page(found, Place(1, size), total)
    has_next = len(rows) > size
    if number == 1 and not has_next:
        return ContactPage(rows, total=len(rows))
    # More are "more than": nobody counts them, and no database should for a page.
    counted = found.order_by()[: MANY + 1].count() if total is None else total
    return ContactPage(rows[:size], number, start, has_next, min(counted, MANY), counted > MANY)


def _page_of_common(agency: Agency, criteria: Criteria, sort: str, place: Place) -> ContactPage:
    """Of a search for words that many have: asked for ids first, which tell how many there are besides the page."""
    found = matching(agency, criteria).order_by(*_ORDERS[sort])
    ids = list(found.values_list("pk", flat=True)[: MANY + 1])
    if len(ids) > MANY and place.number * place.size > MANY:
        return _page(found, place, total=len(ids))
    return _page_of_ids(agency, ids, place, are_all=len(ids) <= MANY)


def _page_of_ids(
    agency: Agency, ids: Sequence[int], place: Place, are_all: bool = False
) -> ContactPage:
    """Of the clients with these ids, in their order. If they are not all, they are MANY or more."""
    number, size, start = *place, place.start
    wanted = ids[start : start + size]
    if not wanted and number > 1:
        return _page_of_ids(agency, ids, Place(1, size), are_all)
    found = agency.contacts.in_bulk(wanted)
    rows = [found[pk] for pk in wanted if pk in found]
    has_next = start + size < len(ids)
    return ContactPage(
        rows, number, start, has_next, min(len(ids), MANY), has_more_than_total=not are_all
    )
