"""Numbers that want no messages: the list, its history, and the clients who have these numbers by now.

An objection holds for good and whatever it was said by (art. 21(2) and (3) RODO): the list outlives the client's row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from accounts.bulk_sql import as_stored, insert_rows
from accounts.models import Agency, User
from messaging.models import (
    ConsentWording,
    Contact,
    ContactConsent,
    OptedOutNumber,
    OptOutStep,
)

# Ids and numbers in one query: SQLite takes at most 999 in a query of three.
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Said:
    """How a client's will is known: by which channel, from where in words, said when (Warsaw) and to which wording.

    Nobody recorded it where the client said it by SMS.
    """

    channel: str = ""
    source: str = ""
    said_on: date | None = None
    wording: ConsentWording | None = None
    recorded_by: User | None = None


def add_numbers(*, agency_id: int, phones: Collection[str], said: Said, at: datetime) -> None:
    """Put numbers (E.164) on the list; those that are on it stay as they are. In the caller's transaction."""
    insert_rows(
        OptedOutNumber,
        ("agency", "phone", "channel", "at"),
        ((agency_id, phone, said.channel, as_stored(at)) for phone in phones),
        or_ignore=True,
    )
    _write_steps(agency_id, phones, said, at, is_out=True)


def remove_numbers(*, agency_id: int, phones: Collection[str], said: Said, at: datetime) -> None:
    """Take numbers off the list, which the history keeps with the reason. In the caller's transaction."""
    listed = among(agency_id, phones)
    if listed:
        OptedOutNumber.objects.filter(agency=agency_id, phone__in=listed).delete()
        _write_steps(agency_id, listed, said, at, is_out=False)


def among(agency_id: int, phones: Iterable[str]) -> dict[str, OptedOutNumber]:
    """Those of the numbers that are on the agency's list."""
    wanted = list(dict.fromkeys(filter(None, phones)))
    found: dict[str, OptedOutNumber] = {}
    for start in range(0, len(wanted), CHUNK):
        own = OptedOutNumber.objects.filter(
            agency=agency_id, phone__in=wanted[start : start + CHUNK]
        )
        found |= {number.phone: number for number in own}
    return found


def numbers_like(agency: Agency, text: str) -> QuerySet[OptedOutNumber]:
    """The agency's listed numbers that begin or end with what was typed, in any spelling; all where it is empty."""
    own = agency.opted_out_numbers.all()
    if not text.strip():
        return own
    digits = "".join(filter(str.isdecimal, text))
    if not digits:
        return own.none()
    is_dialled = text.strip().startswith(("+48", "00")) or len(digits) > 9
    national = digits.removeprefix("00").removeprefix("48") if is_dialled else digits
    return own.filter(phone__startswith=f"+48{national}") | own.filter(phone__endswith=national)


def mark_new_clients(agency_id: int, phones: Collection[str]) -> None:
    """For who wrote new clients in bulk: whose number is on the list has opted out. In the same transaction."""
    listed = among(agency_id, phones)
    if listed:
        own = Contact.objects.filter(agency=agency_id, phone__in=listed).exclude(phone="")
        own.update(opted_out_at=_said_by_number())


@transaction.atomic
def refresh(contacts: Sequence[Contact]) -> None:
    """For who wrote clients of one agency or their numbers: bring `opted_out_at` up to date, in the same transaction.

    It holds what the client said last, else what the number says. Who opted out and has another number now did not
    change their mind: that number joins the list.
    """
    if not contacts:
        return
    agency_id = contacts[0].agency_id
    listed = among(agency_id, [contact.phone for contact in contacts])
    last = _last_said([contact.pk for contact in contacts])
    for contact in contacts:
        own, number = last.get(contact.pk), listed.get(contact.phone)
        if own is not None and not own.is_given:
            contact.opted_out_at = own.at
            if contact.phone and number is None:
                said = Said(channel=own.channel, source=own.source, recorded_by=own.recorded_by)
                add_numbers(agency_id=agency_id, phones=[contact.phone], said=said, at=own.at)
        else:
            contact.opted_out_at = number.at if number else None
        Contact.objects.filter(pk=contact.pk).exclude(opted_out_at=contact.opted_out_at).update(
            opted_out_at=contact.opted_out_at
        )


def _last_said(contact_ids: Sequence[int]) -> dict[int, ContactConsent]:
    """The newest step about messages of each client who ever said something about them."""
    found: dict[int, ContactConsent] = {}
    for start in range(0, len(contact_ids), CHUNK):
        steps = ContactConsent.objects.filter(
            contact__in=contact_ids[start : start + CHUNK], kind=ContactConsent.Kind.MESSAGES
        )
        ordered = steps.select_related("recorded_by").order_by("pk")
        found |= {step.contact_id: step for step in ordered}
    return found


def _said_by_number() -> Subquery:
    own = OptedOutNumber.objects.filter(agency=OuterRef("agency"), phone=OuterRef("phone"))
    return Subquery(own.values("at")[:1])


def _write_steps(
    agency_id: int, phones: Iterable[str], said: Said, at: datetime, *, is_out: bool
) -> None:
    person = said.recorded_by.pk if said.recorded_by else None
    insert_rows(
        OptOutStep,
        ("agency", "phone", "is_out", "channel", "source", "recorded_by", "at"),
        (
            (agency_id, phone, is_out, said.channel, said.source, person, as_stored(at))
            for phone in phones
        ),
    )
