"""What a file says of its clients' consents and opt-outs, and how much of that counts.

A file may be years old, so it can take messages away from a client and give only what nobody took back: an opt-out in
it always counts, unless a day stands with it after which the client was let in again; "no" in the column of opt-outs
means nothing. A consent counts where none was withdrawn since; "no" withdraws the one that stands. A file that is
imported twice changes nothing the second time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from messaging import consents
from messaging.book_chunk import Client
from messaging.consents import Kind
from messaging.contact_rows import ContactRow
from messaging.models import Contact, ContactConsent
from messaging.opt_outs import CHUNK, Said


@dataclass(slots=True)
class _Will:
    """One client's: as stored and as the file changes it. Days are Warsaw's."""

    had_consent: bool = False
    has_consent: bool = False
    is_out: bool = False
    withdrawn_on: date | None = None
    let_in_on: date | None = None
    new_consent: date | bool | None = None
    new_opt_out: date | bool | None = None

    def opt_out(self, said: date | bool) -> bool:
        """True if that is news."""
        is_old = isinstance(said, date) and self.let_in_on and said <= self.let_in_on
        if not said or self.is_out or is_old:
            return False
        self.is_out, self.new_opt_out = True, said
        # Goes with it.
        self.has_consent, self.new_consent = False, None
        return True

    def consent(self, said: date | bool) -> bool:
        """True if that is news."""
        if not said:
            if not self.has_consent:
                return False
            self.has_consent, self.new_consent = False, False
            self.withdrawn_on = timezone.localdate()
            return True
        is_newer = isinstance(said, date) and self.withdrawn_on and said > self.withdrawn_on
        if self.has_consent or self.is_out or (self.withdrawn_on and not is_newer):
            return False
        self.has_consent, self.new_consent = True, said
        return True


class WillOfClients:
    """The will of the clients that some rows are about; nothing is loaded where no row says anything of it."""

    def __init__(self, clients: Sequence[Client], rows: Sequence[ContactRow]) -> None:
        is_said = any(r.marketing_consent is not None or r.opted_out is not None for r in rows)
        self._wills = _load(clients) if is_said else {}

    def take(self, client: Client, row: ContactRow) -> bool:
        """Take over what the row says. True if that changes anything."""
        if row.marketing_consent is None and row.opted_out is None:
            return False
        will = self._wills.setdefault(client, _Will())
        changed = row.opted_out is not None and will.opt_out(row.opted_out)
        if row.marketing_consent is not None:
            changed |= will.consent(row.marketing_consent)
        return changed

    def save(self, said: Said) -> None:
        """Write the steps, once all clients have ids. In the caller's transaction, which holds their rows."""
        if not self._wills:
            return
        self._write(Kind.MESSAGES, False, said, self._new_opt_outs())
        self._write(Kind.MARKETING, False, said, self._withdrawals())
        self._write(Kind.MARKETING, True, said, self._new_consents())

    def _new_opt_outs(self) -> Iterator[tuple[int, date | bool]]:
        for client, will in self._wills.items():
            if client.pk and will.new_opt_out:
                yield client.pk, will.new_opt_out

    def _withdrawals(self) -> Iterator[tuple[int, date | bool]]:
        for client, will in self._wills.items():
            if client.pk and will.new_consent is False and will.had_consent:
                yield client.pk, False

    def _new_consents(self) -> Iterator[tuple[int, date | bool]]:
        for client, will in self._wills.items():
            if client.pk and will.new_consent:
                yield client.pk, will.new_consent

    @staticmethod
    def _write(
        kind: Kind, is_given: bool, said: Said, told: Iterator[tuple[int, date | bool]]
    ) -> None:
        by_id = dict(told)
        days = {pk: day for pk, day in by_id.items() if isinstance(day, date)}
        own = _contacts(sorted(by_id))
        consents.write_steps(own, kind, is_given=is_given, said=said, days=days)


def _contacts(ids: Sequence[int]) -> list[Contact]:
    found: list[Contact] = []
    for start in range(0, len(ids), CHUNK):
        found += Contact.objects.filter(pk__in=ids[start : start + CHUNK])
    return found


def _load(clients: Sequence[Client]) -> dict[Client, _Will]:
    stored = {client.pk: client for client in clients if client.pk}
    wills = {}
    for contact in _contacts(sorted(stored)):
        has_consent = contact.marketing_consent_at is not None
        wills[stored[contact.pk]] = _Will(
            has_consent, has_consent, is_out=contact.opted_out_at is not None
        )
    ids = sorted(stored)
    for start in range(0, len(ids), CHUNK):
        steps = ContactConsent.objects.filter(contact__in=ids[start : start + CHUNK])
        for step in steps.order_by("pk"):
            _note(wills[stored[step.contact_id]], step)
    return wills


def _note(will: _Will, step: ContactConsent) -> None:
    day = step.said_on or timezone.localdate(step.at)
    if step.kind == Kind.MARKETING:
        will.withdrawn_on = None if step.is_given else day
    else:
        # By when it was written down: an older "no" in a file was known to whoever let the client in.
        will.let_in_on = timezone.localdate(step.at) if step.is_given else None
