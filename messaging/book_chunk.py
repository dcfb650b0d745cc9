"""A part of an agency's book in memory: the clients that some rows of a file are about, as stored and as changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils import timezone

from accounts.folding import fold
from messaging.contact_rows import ContactRow
from messaging.due_dates import soonest
from messaging.models import Policy
from messaging.search_words import in_one_piece, words_of

# Where only capitals differ, what is stored stays: `Mac Donald` may have been typed with care.
_CASELESS = frozenset({"first_name", "last_name", "email"})
_NOTHING = ("", None)
_CONTACT_FIELDS = ("first_name", "last_name", "company", "email", "birthday", "notes")

# How exports name the kinds of insurance, folded.
_KINDS = {
    "oc": Policy.Kind.OC,
    # A package counts as its obligatory part.
    "oc ac": Policy.Kind.OC,
    "ac": Policy.Kind.AC,
    "autocasco": Policy.Kind.AC,
    "nnw": Policy.Kind.NNW,
    "ass": Policy.Kind.ASS,
    "assistance": Policy.Kind.ASS,
    "dom": Policy.Kind.HOME,
    "mieszkanie": Policy.Kind.HOME,
    "dom mieszkanie": Policy.Kind.HOME,
    "mieszkaniowe": Policy.Kind.HOME,
    "home": Policy.Kind.HOME,
    "zycie": Policy.Kind.LIFE,
    "na zycie": Policy.Kind.LIFE,
    "life": Policy.Kind.LIFE,
}


@lru_cache(maxsize=1024)
def policy_kind(text: str) -> Policy.Kind:
    """The kind of insurance that an export means; OTHER when it says something else."""
    return _KINDS.get(fold(text), Policy.Kind.OTHER)


@dataclass(slots=True, eq=False)
class Record:
    """A row of the database: its values by field name, and whether they differ from what is stored."""

    pk: int | None = None
    values: dict[str, Any] = field(default_factory=dict)
    is_changed: bool = False

    def set(self, values: Mapping[str, Any]) -> bool:
        """Take over the values that are not empty. True if one was different."""
        stored = self.values
        changed = False
        for name, value in values.items():
            # Most rows are about somebody new, of whom nothing is stored.
            if value in _NOTHING or (name in stored and _is_same(name, stored[name], value)):
                continue
            stored[name] = value
            changed = True
        self.is_changed |= changed
        return changed


def _is_same(name: str, stored: Any, value: Any) -> bool:
    if stored == value:
        return True
    return name in _CASELESS and bool(stored) and stored.casefold() == value.casefold()


@dataclass(slots=True, eq=False)
class PolicyRecord(Record):
    """A policy; `vehicle` is its vehicle's registration number. Instalments by number."""

    vehicle: str = ""
    instalments: dict[int, Record] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Client(Record):
    """A client with all that hangs on it, by what tells one from the other."""

    phone: str = ""
    # Other numbers as written, by digits.
    numbers: dict[str, str] = field(default_factory=dict)
    new_numbers: list[str] = field(default_factory=list)
    # Names in lower case.
    groups: set[str] = field(default_factory=set)
    new_groups: dict[str, str] = field(default_factory=dict)
    vehicles: dict[str, Record] = field(default_factory=dict)
    policies: dict[str, PolicyRecord] = field(default_factory=dict)
    # Whether anything of it or of what hangs on it differs from what is stored.
    is_touched: bool = False
    has_new_phone: bool = False
    # The name that the search finds it by so far.
    stored_name: str = ""

    def set_search_name(self) -> None:
        """Bring Contact.search_name up to date: lower case, no Polish letters."""
        values = self.values
        name = f"{values['last_name']} {values['first_name']} {values['company']}"
        values["search_name"] = fold(name)

    def next_dates(self, today: date) -> dict[str, date | None]:
        """What due_dates.refresh would say of a client that is not stored yet, by field name. `today` is Warsaw's."""
        policies, vehicles = self.policies.values(), self.vehicles.values()
        unpaid = (
            instalment.values["due_on"]
            for policy in policies
            for instalment in policy.instalments.values()
            if not instalment.values.get("paid_on")
        )
        return {
            "next_end_on": soonest((p.values.get("ends_on") for p in policies), today),
            "next_inspection_on": soonest(
                (v.values.get("inspection_due") for v in vehicles), today
            ),
            "next_instalment_on": soonest(unpaid, today),
        }

    def new_words(self) -> set[str]:
        """The words that the search does not find it by yet, perhaps with some that it does."""
        numbers = [self.phone] if self.is_changed else []
        numbers += self.new_numbers
        numbers += [plate for plate, vehicle in self.vehicles.items() if vehicle.pk is None]
        numbers += [number for number, policy in self.policies.items() if policy.pk is None]
        name = self.values["search_name"] if self.is_changed else ""
        return words_of(name, numbers) if name or numbers else set()

    def old_words(self) -> set[str]:
        """The words of a name that it no longer has."""
        if not self.stored_name or not self.is_changed:
            return set()
        numbers = [self.phone, *self.numbers.values(), *self.vehicles, *self.policies]
        return words_of(self.stored_name, []) - words_of(self.values["search_name"], numbers)

    def apply(self, row: ContactRow) -> bool:
        """Take over what the row says; empty cells say nothing. True if that changed anything."""
        changed = self.set({name: getattr(row, name) for name in _CONTACT_FIELDS})
        changed |= self._take_phone(row)
        changed |= self._add_numbers(row)
        changed |= self._add_groups(row)
        if row.registration_number:
            changed |= self._set_vehicle(row)
        if row.policy_number:
            changed |= self._set_policy(row)
        self.is_touched |= changed
        return changed

    def _take_phone(self, row: ContactRow) -> bool:
        """Only who has none takes one: a phone that is stored was perhaps consented for."""
        if self.phone or not row.phone:
            return False
        self.phone = row.phone
        self.is_changed = self.has_new_phone = True
        return True

    def _add_numbers(self, row: ContactRow) -> bool:
        before = len(self.new_numbers)
        for number in row.other_phones:
            piece = in_one_piece(number)
            if piece not in self.numbers and piece != in_one_piece(self.phone):
                self.numbers[piece] = number
                self.new_numbers.append(number)
        return len(self.new_numbers) > before

    def _add_groups(self, row: ContactRow) -> bool:
        before = len(self.new_groups)
        for name in row.groups:
            if name.lower() not in self.groups:
                self.groups.add(name.lower())
                self.new_groups[name.lower()] = name
        return len(self.new_groups) > before

    def _set_vehicle(self, row: ContactRow) -> bool:
        is_new = row.registration_number not in self.vehicles
        vehicle = self.vehicles.setdefault(row.registration_number, Record())
        values = {"make_model": row.make_model, "inspection_due": row.inspection_due}
        return vehicle.set(values) or is_new

    def _set_policy(self, row: ContactRow) -> bool:
        is_new = row.policy_number not in self.policies
        policy = self.policies.setdefault(row.policy_number, PolicyRecord())
        values = {
            "kind": policy_kind(row.policy_kind) if row.policy_kind else "",
            "insurer": row.insurer,
            "starts_on": row.policy_starts_on,
            "ends_on": row.policy_ends_on,
            "premium": row.premium,
        }
        changed = policy.set(values) or is_new
        if row.registration_number and policy.vehicle != row.registration_number:
            policy.vehicle = row.registration_number
            policy.is_changed = changed = True
        if row.instalment_due and row.instalment_amount:
            changed |= _set_instalment(policy, row)
        return changed


def _set_instalment(policy: PolicyRecord, row: ContactRow) -> bool:
    number = row.instalment_number or _number_of(policy, row.instalment_due)
    is_new = number not in policy.instalments
    instalment = policy.instalments.setdefault(number, Record())
    changed = instalment.set({"due_on": row.instalment_due, "amount": row.instalment_amount})
    return _set_paid(instalment, row.instalment_paid) or changed or is_new


def _number_of(policy: PolicyRecord, due_on: date | None) -> int:
    """Of an instalment without a number: the one that is due that day, else a new one."""
    for number, instalment in policy.instalments.items():
        if instalment.values["due_on"] == due_on:
            return number
    return max(policy.instalments, default=0) + 1


def _set_paid(instalment: Record, paid: date | bool | None) -> bool:
    """`Paid` without a day keeps the day that is stored, or takes the due one, if that is not yet to come."""
    stored = instalment.values.get("paid_on")
    if paid is None or (paid is True and stored) or (paid is False and not stored):
        return False
    if paid is True:
        paid = min(instalment.values["due_on"], timezone.localdate())
    if paid is False:
        instalment.values["paid_on"] = None
        instalment.is_changed = True
        return True
    return instalment.set({"paid_on": paid})


def new_client(phone: str) -> Client:
    """A client that is not in the book yet."""
    return Client(values={"first_name": "", "last_name": "", "company": ""}, phone=phone)
