"""What clients allow: the history and the two columns that tell its latest state. Nothing else writes them.

Consent to marketing and the objection to all messages are steps of one history (ContactConsent), never overwritten:
who sends must be able to prove the consent (art. 7(1) RODO). Whoever objects to all messages withdraws the consent to
marketing too, however they said it: that it stood again, were they ever let in again, is nothing they agreed to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import events
from accounts.bulk_sql import as_stored, insert_rows
from accounts.models import Agency, EventKind, User
from messaging import contacts, opt_outs, stopping
from messaging.models import Contact, ContactConsent, OptedOutNumber
from messaging.opt_outs import Said

Kind = ContactConsent.Kind

# Clients that one transaction changes: on SQLite everybody else waits for it.
CHUNK = 1000


@transaction.atomic
def record_consent(
    *,
    contact: Contact,
    kind: ContactConsent.Kind,
    is_given: bool,
    source: str,
    recorded_by: User | None,
) -> ContactConsent:
    """The same as `record_said` of what is known by its source in words alone. Raises Contact.DoesNotExist."""
    said = Said(source=source, recorded_by=recorded_by)
    return record_said(contact=contact, kind=kind, is_given=is_given, said=said)


@transaction.atomic
def record_said(
    *, contact: Contact, kind: ContactConsent.Kind, is_given: bool, said: Said
) -> ContactConsent:
    """Add a step to the client's history: yes or no to what, and how that is known. Returns it.

    What waits to be sent against it is stopped and paid back. Raises Contact.DoesNotExist.
    """
    own = contacts.lock(contact.pk)
    write_steps([own], kind, is_given=is_given, said=said)
    return own.consent_history.filter(kind=kind).latest("pk")


def record_of_many(
    contacts: QuerySet[Contact], kind: ContactConsent.Kind, *, is_given: bool, said: Said
) -> int:
    """The same for clients of one agency, in bulk. Who opted out already is passed over. Returns how many were not.

    A great many go in several transactions, each with its own event, lest everybody else wait.
    """
    ids = list(contacts.order_by("pk").values_list("pk", flat=True))
    starts = range(0, len(ids), CHUNK)
    return sum(_record_some(ids[i : i + CHUNK], kind, is_given, said) for i in starts)


@transaction.atomic
def _record_some(ids: Sequence[int], kind: ContactConsent.Kind, is_given: bool, said: Said) -> int:
    own = Contact.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    if kind == Kind.MESSAGES and not is_given:
        own = own.filter(opted_out_at=None)
    found = list(own)
    if found:
        write_steps(found, kind, is_given=is_given, said=said)
        # In Polish, as the trail is.
        what = "zgoda marketingowa" if kind == Kind.MARKETING else "rezygnacja z SMS"
        agency = Agency.objects.get(pk=found[0].agency_id)
        events.record(EventKind.CONSENTS_RECORDED, f"{what}: {len(found)}", agency=agency)
    return len(found)


@transaction.atomic
def opt_out_numbers(*, agency: Agency, phones: Collection[str], said: Said) -> int:
    """Numbers (E.164), in the book or not, that want no messages. Returns how many were not on the list before."""
    listed = opt_outs.among(agency.pk, phones)
    new = [phone for phone in dict.fromkeys(phones) if phone not in listed]
    own: list[Contact] = []
    for start in range(0, len(new), opt_outs.CHUNK):
        wanted = new[start : start + opt_outs.CHUNK]
        # Without the empty one, the databases use the index of numbers.
        theirs = agency.contacts.filter(phone__in=wanted).exclude(phone="")
        own += theirs.select_for_update().order_by("pk")
    write_steps(own, Kind.MESSAGES, is_given=False, said=said)
    theirs_too = {contact.phone for contact in own}
    others = [phone for phone in new if phone not in theirs_too]
    opt_outs.add_numbers(agency_id=agency.pk, phones=others, said=said, at=timezone.now())
    stopping.stop_queued(agency_id=agency.pk, phones=others)
    return len(new)


def add_opt_outs(*, agency: Agency, phones: Sequence[str], said: Said) -> int:
    """The same of a list that somebody gives. A long one goes in several transactions, each with its own event."""
    starts = range(0, len(phones), CHUNK)
    return sum(_add_some(agency, phones[i : i + CHUNK], said) for i in starts)


@transaction.atomic
def _add_some(agency: Agency, phones: Sequence[str], said: Said) -> int:
    added = opt_out_numbers(agency=agency, phones=phones, said=said)
    if added:
        # In Polish, as the trail is.
        events.record(EventKind.OPT_OUTS_ADDED, f"numery: {added}", agency=agency)
    return added


@transaction.atomic
def let_in_number(number: OptedOutNumber, *, reason: str, recorded_by: User) -> bool:
    """Take a number off the list, for a reason that the history keeps. False if somebody just did.

    Whoever has it in the book gets messages again; what was consented to before stays withdrawn.
    """
    own = Contact.objects.filter(agency=number.agency_id, phone=number.phone)
    client = own.select_for_update().first()
    if not opt_outs.among(number.agency_id, [number.phone]):
        return False
    said = Said(source=reason, recorded_by=recorded_by)
    if client:
        write_steps([client], Kind.MESSAGES, is_given=True, said=said)
    else:
        opt_outs.remove_numbers(
            agency_id=number.agency_id, phones=[number.phone], said=said, at=timezone.now()
        )
    events.record(EventKind.OPT_OUT_REMOVED, f"#{number.pk}", agency=number.agency)
    return True


def write_steps(
    own: Sequence[Contact],
    kind: ContactConsent.Kind,
    *,
    is_given: bool,
    said: Said,
    days: Mapping[int, date] | None = None,
) -> None:
    """One step for each of these clients, who are of one agency and locked. In the caller's transaction.

    `days` are the days on which single clients said it, by id, where those differ from said.said_on.
    """
    if not own:
        return
    agency_id, now = own[0].agency_id, timezone.now()
    phones = [contact.phone for contact in own if contact.phone]
    steps = _Steps(said, now, days or {})
    steps.insert(own, kind, is_given=is_given)
    if kind == Kind.MARKETING:
        _update(own, marketing_consent_at=now if is_given else None)
        if not is_given:
            stopping.stop_queued(agency_id=agency_id, phones=phones, marketing_only=True)
    elif is_given:
        _update(own, opted_out_at=None)
        opt_outs.remove_numbers(agency_id=agency_id, phones=phones, said=said, at=now)
    else:
        consenting = [contact for contact in own if contact.marketing_consent_at]
        steps.insert(consenting, Kind.MARKETING, is_given=False)
        _update(own, opted_out_at=now, marketing_consent_at=None)
        opt_outs.add_numbers(agency_id=agency_id, phones=phones, said=said, at=now)
        stopping.stop_queued(agency_id=agency_id, phones=phones)


@dataclass(frozen=True, slots=True)
class _Steps:
    """What several steps of the history have in common."""

    said: Said
    at: datetime
    days: Mapping[int, date]

    def insert(self, own: Iterable[Contact], kind: ContactConsent.Kind, *, is_given: bool) -> None:
        said, at = self.said, as_stored(self.at)
        person = said.recorded_by.pk if said.recorded_by else None
        # A wording is what somebody agreed to: who says no says it in their own words.
        wording = said.wording.pk if said.wording and is_given else None
        rows = (
            (contact.pk, kind.value, is_given, said.channel, said.source)
            + (as_stored(self.days.get(contact.pk, said.said_on)), wording, person, at)
            for contact in own
        )
        fields = ("contact", "kind", "is_given", "channel", "source", "said_on", "wording")
        insert_rows(ContactConsent, (*fields, "recorded_by", "at"), rows)


def _update(own: Sequence[Contact], **changes: object) -> None:
    """The rows, and the objects with them."""
    ids = [contact.pk for contact in own]
    for start in range(0, len(ids), opt_outs.CHUNK):
        Contact.objects.filter(pk__in=ids[start : start + opt_outs.CHUNK]).update(**changes)
    for contact in own:
        for name, value in changes.items():
            setattr(contact, name, value)
