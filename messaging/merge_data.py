"""The data of real clients that a template's merge fields stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone, translation

from accounts.models import Agency
from billing.money import format_decimal
from messaging.models import (
    Contact,
    ContactConsent,
    Instalment,
    OptedOutNumber,
    Policy,
    Vehicle,
)
from messaging.template_types import TemplateType

# Which policies a type of template speaks of; the other types take the one that ends soonest, whatever its kind.
POLICY_KINDS: dict[TemplateType, tuple[Policy.Kind, ...]] = {
    TemplateType.OC_END: (Policy.Kind.OC,),
    TemplateType.AC_END: (Policy.Kind.AC,),
    TemplateType.NNW_END: (Policy.Kind.NNW, Policy.Kind.ASS),
    TemplateType.HOME_END: (Policy.Kind.HOME,),
    TemplateType.LIFE_END: (Policy.Kind.LIFE,),
}
_WITH_INSTALMENT = (
    TemplateType.INSTALMENT,
    TemplateType.INSTALMENT_MISSED,
    TemplateType.OWN,
)
# Contacts whose data are read at once: SQLite takes at most 999 ids in a query of three.
CHUNK = 500


@dataclass(frozen=True, slots=True)
class MergeData:
    """One client's values by field name; an empty value is missing."""

    contact_id: int
    name: str
    phone: str
    values: dict[str, str]
    is_opted_out: bool = False
    # The newest consent to marketing, if it was not withdrawn.
    consent_id: int | None = None


def merge_data(
    agency: Agency, template_type: TemplateType, contact_ids: Sequence[int]
) -> Iterator[MergeData]:
    """The merge values of the agency's own contacts among `contact_ids`, in their order; others are passed over.

    Of several policies and vehicles a message speaks of the one that is due soonest from today (Warsaw) on; if all
    are past, of the latest.
    """
    today = timezone.localdate()
    office = {"agent": agency.name, "tel_agenta": agency.phone, "adres_biura": agency.address}
    for start in range(0, len(contact_ids), CHUNK):
        ids = contact_ids[start : start + CHUNK]
        contacts = Contact.objects.filter(agency=agency).in_bulk(list(ids))
        policies = _soonest_policies(_policies(agency, template_type, ids), today)
        vehicles = _soonest_vehicles(
            Vehicle.objects.filter(contact__agency=agency, contact__in=ids), today
        )
        instalments = _instalments(agency, template_type, ids, today)
        consents = _consents(contacts.values())
        opted_out = _opted_out_numbers(agency, contacts.values())
        for contact in (contacts[pk] for pk in ids if pk in contacts):
            values = office | _person(contact)
            instalment = instalments.get(contact.pk)
            policy = instalment.policy if instalment else policies.get(contact.pk)
            vehicle = vehicles.get(contact.pk)
            if template_type != TemplateType.INSPECTION and policy and policy.vehicle:
                # The insured vehicle, so that registration number and policy fit together.
                vehicle = policy.vehicle
            values |= _vehicle(vehicle) | _policy(policy, today) | _instalment(instalment)
            yield MergeData(
                contact.pk,
                contact.name,
                contact.phone,
                values,
                is_opted_out=contact.opted_out_at is not None or contact.phone in opted_out,
                consent_id=consents.get(contact.pk),
            )


def _policies(agency: Agency, template_type: TemplateType, ids: Sequence[int]) -> QuerySet[Policy]:
    policies = Policy.objects.filter(contact__agency=agency, contact__in=ids)
    kinds = POLICY_KINDS.get(template_type)
    return (policies.filter(kind__in=kinds) if kinds else policies).select_related("vehicle")


def _soonest_policies(policies: QuerySet[Policy], today: date) -> dict[int, Policy]:
    ordered = sorted(policies, key=lambda p: (_urgency(p.ends_on, today), p.pk), reverse=True)
    return {policy.contact_id: policy for policy in ordered}


def _soonest_vehicles(vehicles: QuerySet[Vehicle], today: date) -> dict[int, Vehicle]:
    ordered = sorted(
        vehicles, key=lambda v: (_urgency(v.inspection_due, today), v.pk), reverse=True
    )
    return {vehicle.contact_id: vehicle for vehicle in ordered}


def _instalments(
    agency: Agency, template_type: TemplateType, ids: Sequence[int], today: date
) -> dict[int, Instalment]:
    """The unpaid instalment that a message speaks of, by contact: the soonest, or the one that was missed last."""
    if template_type not in _WITH_INSTALMENT:
        return {}
    unpaid = Instalment.objects.filter(
        agency=agency, policy__contact__in=ids, paid_on=None
    ).select_related("policy__vehicle")
    if template_type == TemplateType.INSTALMENT:
        unpaid = unpaid.filter(due_on__gte=today)
    elif template_type == TemplateType.INSTALMENT_MISSED:
        unpaid = unpaid.filter(due_on__lt=today)
    ordered = sorted(unpaid, key=lambda i: (_urgency(i.due_on, today), i.pk), reverse=True)
    return {instalment.policy.contact_id: instalment for instalment in ordered}


def _consents(contacts: Iterable[Contact]) -> dict[int, int]:
    """The newest consent to marketing of each contact who has one that was not withdrawn."""
    consenting = [contact.pk for contact in contacts if contact.marketing_consent_at]
    given = ContactConsent.objects.filter(
        contact__in=consenting, kind=ContactConsent.Kind.MARKETING, is_given=True
    )
    return dict(given.order_by("pk").values_list("contact", "pk"))


def _opted_out_numbers(agency: Agency, contacts: Iterable[Contact]) -> set[str]:
    """A number that opted out stays so, whoever's it is in the book by now."""
    phones = [contact.phone for contact in contacts if contact.phone]
    stored = OptedOutNumber.objects.filter(agency=agency, phone__in=phones)
    return set(stored.values_list("phone", flat=True))


def _urgency(day: date | None, today: date) -> tuple[int, int]:
    """Sorts coming days first, the soonest before the later; then past ones, the latest first; then no date."""
    if day is None:
        return (2, 0)
    days = (day - today).days
    return (0, days) if days >= 0 else (1, -days)


def _person(contact: Contact) -> dict[str, str]:
    return {
        "imie": contact.first_name,
        "nazwisko": contact.last_name,
        "nazwa_firmy": contact.company,
    }


def _vehicle(vehicle: Vehicle | None) -> dict[str, str]:
    return {
        "nr_rej": vehicle.registration_number if vehicle else "",
        "marka_model": vehicle.make_model if vehicle else "",
        "data_badania": _date(vehicle.inspection_due if vehicle else None),
    }


def _policy(policy: Policy | None, today: date) -> dict[str, str]:
    if policy is None:
        return dict.fromkeys(
            ("nr_polisy", "rodzaj", "towarzystwo", "data_konca", "dni_do_konca", "skladka"), ""
        )
    return {
        "nr_polisy": policy.number,
        "rodzaj": _kind_in_polish(policy),
        "towarzystwo": policy.insurer,
        "data_konca": _date(policy.ends_on),
        "dni_do_konca": str((policy.ends_on - today).days) if policy.ends_on else "",
        "skladka": format_decimal(policy.premium) if policy.premium else "",
    }


def _instalment(instalment: Instalment | None) -> dict[str, str]:
    return {
        "nr_raty": str(instalment.number) if instalment else "",
        "kwota_raty": format_decimal(instalment.amount) if instalment else "",
        "termin_raty": _date(instalment.due_on if instalment else None),
    }


def _kind_in_polish(policy: Policy) -> str:
    """Clients read Polish, whatever language the agent or the worker uses."""
    with translation.override("pl"):
        return str(policy.get_kind_display())


def _date(day: date | None) -> str:
    return day.strftime("%d.%m.%Y") if day else ""
