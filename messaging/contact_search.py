"""Finding clients: what was typed, and the filters of the list.

`matching` is what the list, the selection of all that match, groups, export and deletion agree on. A list of a search
takes its page from `first_matches`, which looks at no more than a few hundred rows however many match.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.folding import fold
from accounts.models import Agency
from messaging.models import Contact, SearchWord
from messaging.search_words import MAX_LENGTH

# Matches after which a search is too general for its list to be made of all of them.
MANY = 200
# Of a word as common as this, or less, all clients are fetched faster than each of another word's is looked up; so
# are all who fall due in the days that the list is narrowed to.
_MOST_AT_ONCE = 5000
# More words make nobody easier to find.
_MAX_WORDS = 6
_NUMBER_PREFIX = re.compile(r"(?:\+|\b00)\s*48(?=[\s\d-])")
# 48 before a whole number, and the 0 that was once dialled before it.
_DIALLED_PREFIX = re.compile(r"^(?:48)?0?(?=[1-9]\d{8}$)")

# One way to understand what was typed: the beginnings of words that a client must have, all of them.
Reading = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Criteria:
    """What the list is narrowed to. Days count from today (Warsaw); None and False do not narrow."""

    text: str = ""
    ends_within: int | None = None
    inspection_within: int | None = None
    instalment_within: int | None = None
    group_id: int | None = None
    no_consent: bool = False
    opted_out: bool = False
    no_number: bool = False


def matching(agency: Agency, criteria: Criteria) -> QuerySet[Contact]:
    """All clients of the agency that meet the criteria, in no order."""
    found = agency.contacts.filter(_narrowing(criteria))
    if not criteria.text.strip():
        return found
    if not (wanted := readings(criteria.text)):
        return found.none()
    return found.filter(reduce(or_, (_has_words(agency, words) for words in wanted)))


def matching_in_order(agency: Agency, criteria: Criteria) -> QuerySet[Contact]:
    """The same without regard to the text, for a list of so many that its order is walked until a page is full.

    The database is kept from collecting and sorting all that fall due in those days.
    """
    anytime = replace(
        criteria, text="", ends_within=None, inspection_within=None, instalment_within=None
    )
    found = matching(agency, anytime)
    for field, days in _due_days(criteria).items():
        found = found.alias(**{f"own_{field}": unindexed(field)})
        found = found.filter(**{f"own_{field}__range": days})
    return found


def unindexed(field: str) -> Coalesce:
    """The field's value, by no index: SQLite knows not how many rows a range has, and may choose the wrong one."""
    return Coalesce(field, field)


def first_matches(agency: Agency, criteria: Criteria) -> tuple[list[int], bool]:
    """The ids of the first clients that a search text finds, at most MANY, and whether they are all.

    If they are not all, those whose name begins as the text does come first, in the order of names.
    """
    wanted = readings(criteria.text)
    named = list(_named_like(agency, criteria)[: MANY + 1]) if wanted else []
    if len(named) > MANY:
        return named[:MANY], False
    found: dict[int, None] = {}
    for words in wanted:
        found |= dict.fromkeys(_first_found(_with_words(agency, words, criteria)))
    if len(found) <= MANY:
        return list(found), True
    return list(dict.fromkeys([*named, *found]))[:MANY], False


def has_rare_word(agency: Agency, text: str) -> bool:
    """Whether, as each reading of the text goes, one of its words is of few clients, who are then looked at alone."""
    return all(
        any(_num_of(_beginning_with(agency, word), MANY) <= MANY for word in words)
        for words in readings(text)
    )


def readings(text: str) -> list[Reading]:
    """Every way to understand a text: word by word, and with its end as a number that was typed in pieces.

    `kowalski 601-234` is a client called so with a number that begins so; `+48 601`, `0048601` and `601` are the same.
    """
    words = fold(_NUMBER_PREFIX.sub(" ", text)).split()[:_MAX_WORDS]
    found = dict.fromkeys(_numbers_at_the_end(words))
    if any(map(str.isalpha, words)) or len(words) == 1:
        found[tuple(word[:MAX_LENGTH] for word in words)] = None
    return list(found)


def _numbers_at_the_end(words: Sequence[str]) -> Iterator[Reading]:
    """The words with all from one on in one piece, for each place where that makes a number of them."""
    for start, word in enumerate(words):
        piece = "".join(words[start:])
        if any(map(str.isdigit, piece)):
            yield (*words[:start], piece[:MAX_LENGTH])
            if piece != (undialled := _DIALLED_PREFIX.sub("", piece)):
                yield (*words[:start], undialled)
        if any(map(str.isdigit, word)):
            return


def _due_days(criteria: Criteria) -> dict[str, tuple[date, date]]:
    """The first and the last day (Warsaw) of each date that the list is narrowed to, by the client's field."""
    today = timezone.localdate()
    within = {
        "next_end_on": criteria.ends_within,
        "next_inspection_on": criteria.inspection_within,
        "next_instalment_on": criteria.instalment_within,
    }
    return {
        field: (today, today + timedelta(days=days))
        for field, days in within.items()
        if days is not None
    }


def _within(criteria: Criteria, contact: str = "") -> Q:
    """Those due in the days of the criteria."""
    return Q(*((f"{contact}{field}__range", days) for field, days in _due_days(criteria).items()))


def _narrowing(criteria: Criteria, contact: str = "") -> Q:
    """The filters; `contact` is the way to the client from what is filtered."""
    narrowed = _within(criteria, contact)
    if criteria.group_id is not None:
        narrowed &= Q((f"{contact}groups", criteria.group_id))
    if criteria.no_consent:
        narrowed &= Q((f"{contact}marketing_consent_at", None))
    if criteria.opted_out:
        narrowed &= Q((f"{contact}opted_out_at__isnull", False))
    if criteria.no_number:
        narrowed &= Q((f"{contact}phone", ""))
    return narrowed


def _beginning_with(agency: Agency, word: str) -> QuerySet[SearchWord]:
    return SearchWord.objects.filter(agency=agency, word__gte=word, word__lt=_after(word))


def _after(beginning: str) -> str:
    """The first text after all that begin so."""
    return beginning[:-1] + chr(ord(beginning[-1]) + 1)


def _has_words(agency: Agency, words: Reading) -> Q:
    """For clients: in sets, since all of them are wanted."""
    found = Q()
    for word in words:
        found &= Q(pk__in=_beginning_with(agency, word).values("contact"))
    return found


def _with_words(agency: Agency, words: Reading, criteria: Criteria) -> QuerySet[SearchWord, int]:
    """The clients' ids, perhaps repeated, in the order of the rarest word: one by one, since the first ones will do."""
    is_dated = bool(_due_days(criteria))
    if len(words) == 1 and not is_dated:
        return _in_order(
            _beginning_with(agency, words[0]).filter(_narrowing(criteria, "contact__"))
        )
    nums = {word: _num_of(_beginning_with(agency, word), _MOST_AT_ONCE) for word in words}
    rarest = min(nums, key=nums.__getitem__)
    is_common = nums[rarest] > MANY
    found = _beginning_with(agency, rarest)
    for word in nums.keys() - {rarest}:
        if is_common and nums[word] <= _MOST_AT_ONCE:
            found = found.filter(contact__in=_beginning_with(agency, word).values("contact"))
            continue
        # No agency: that would lead away from the index of the client's words.
        others = SearchWord.objects.filter(
            contact=OuterRef("contact"), word__gte=word, word__lt=_after(word)
        )
        found = found.filter(Exists(others))
    if is_common and is_dated:
        found = found.filter(_due_at_once(agency, criteria, "contact"))
    return _in_order(found.filter(_narrowing(criteria, "contact__")))


def _due_at_once(agency: Agency, criteria: Criteria, contact: str) -> Q:
    """The days of the criteria once more, as one set of clients, where that is quicker than to look at each."""
    due = agency.contacts.filter(_within(criteria))
    if _num_of(due, _MOST_AT_ONCE) > _MOST_AT_ONCE:
        return Q()
    return Q((f"{contact}__in", due.values("pk")))


def _in_order(found: QuerySet[SearchWord]) -> QuerySet[SearchWord, int]:
    return found.order_by("word", "contact").values_list("contact", flat=True)


def _first_found(found: QuerySet[SearchWord, int]) -> list[int]:
    """Each once, and one more than MANY if there are more: somebody may have several words that begin so."""
    limit = MANY + 1
    while True:
        rows = list(found[:limit])
        ids = list(dict.fromkeys(rows))
        if len(ids) > MANY or len(rows) < limit:
            return ids
        limit *= 2


def _num_of(found: QuerySet[Any], most: int) -> int:
    """How many those are, but not over one more than `most`."""
    return found[: most + 1].count()


def _named_like(agency: Agency, criteria: Criteria) -> QuerySet[Contact, int]:
    name = fold(criteria.text)
    found = agency.contacts.filter(search_name__gte=name, search_name__lt=_after(name))
    if _due_days(criteria):
        found = found.filter(_due_at_once(agency, criteria, "pk"))
    found = found.filter(_narrowing(criteria))
    return found.order_by("search_name", "id").values_list("pk", flat=True)
