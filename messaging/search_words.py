"""The words by whose beginnings clients are found: names, phones, policy and registration numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from accounts.folding import fold
from messaging.models import Contact, SearchWord

MAX_LENGTH = 40
_POLISH_PREFIX = re.compile(r"^\s*(\+|00)\s*48")
_POLISH_E164 = re.compile(r"\+48[0-9]{9}")


def words_of(name: str, numbers: Iterable[str]) -> set[str]:
    """The words of a client: of a folded name (Contact.search_name), and each number in one piece.

    Numbers are phones, policy and registration numbers in any spelling.
    """
    words = {word[:MAX_LENGTH] for word in name.split()}
    for number in numbers:
        words |= {in_one_piece(number)[:MAX_LENGTH], tail_of_phone(number)}
    return words - {""}


def in_one_piece(number: str) -> str:
    """`+48 600 100 200` gives 600100200, `POL-123/45` pol12345: what people type without minding separators."""
    # Nearly all of them, when a file is imported, are in one piece already.
    if _POLISH_E164.fullmatch(number):
        return number[3:]
    if number.isalnum() and number.isascii() and number[0] != "0":
        return number.lower()
    return fold(_POLISH_PREFIX.sub("", number)).replace(" ", "")


def tail_of_phone(number: str) -> str:
    """The last six digits of an E.164 number: `+48600100200` is found by 100 200 too. Of others nothing."""
    return number[-6:] if _POLISH_E164.fullmatch(number) else ""


def rewrite(contacts: Sequence[Contact]) -> None:
    """Make the stored words of these contacts what their data say. The contacts are of one agency."""
    wanted = {(contact.pk, word) for contact in contacts for word in _words(contact)}
    stored = SearchWord.objects.filter(contact__in=contacts)
    known = {(word.contact_id, word.word): word.pk for word in stored}
    SearchWord.objects.filter(pk__in=[known[key] for key in known.keys() - wanted]).delete()
    agencies = {contact.pk: contact.agency_id for contact in contacts}
    SearchWord.objects.bulk_create(
        [
            SearchWord(agency_id=agencies[contact_id], contact_id=contact_id, word=word)
            for contact_id, word in sorted(wanted - known.keys())
        ],
        ignore_conflicts=True,
    )


def _words(contact: Contact) -> set[str]:
    numbers = [contact.phone]
    numbers += [other.number for other in contact.other_numbers.all()]
    numbers += [vehicle.registration_number for vehicle in contact.vehicles.all()]
    numbers += [policy.number for policy in contact.policies.all()]
    return words_of(contact.search_name, numbers)
