from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import Agency
from messaging.merge_data import MergeData, book_rows, merge_data
from messaging.merge_fields import MERGE_FIELDS, TYPED_FIELDS
from messaging.models import Contact, OptedOutNumber, Policy, Vehicle
from messaging.phones import format_phone
from messaging.template_types import TemplateType
from messaging.tests.sending_cases import add_contacts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_today")]

TODAY = date(2026, 11, 22)
COMING, LATER, PAST, LONG_PAST = (
    date(2026, 12, 1),
    date(2027, 3, 1),
    date(2026, 11, 21),
    date(2025, 1, 1),
)
Type = TemplateType
Kind = Policy.Kind


@pytest.fixture
def _today() -> Iterator[None]:
    with time_machine.travel("2026-11-22T12:00:00+01:00", tick=False):
        yield


@pytest.fixture
def contact(agency: Agency) -> Contact:
    [pk] = add_contacts(agency, 1)
    return Contact.objects.get(pk=pk)


def add_policy(
    contact: Contact,
    ends_on: date | None,
    kind: Policy.Kind = Kind.OC,
    vehicle: Vehicle | None = None,
) -> str:
    number = f"P{Policy.objects.count()}"
    Policy.objects.create(
        contact=contact, number=number, kind=kind, ends_on=ends_on, vehicle=vehicle
    )
    return number


def add_vehicle(contact: Contact, number: str, inspection_due: date | None) -> Vehicle:
    return Vehicle.objects.create(
        contact=contact,
        registration_number=number,
        make_model="Skoda",
        inspection_due=inspection_due,
    )


def values_of(contact: Contact, template_type: TemplateType = Type.OWN) -> dict[str, str]:
    [data] = merge_data(contact.agency, template_type, [contact.pk])
    return data.values


# --- which policy and which vehicle ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("ends", "chosen"),
    [
        ([LATER, COMING, PAST], COMING),
        ([PAST, LATER, None], LATER),
        ([COMING, TODAY], TODAY),
        ([LONG_PAST, PAST, None], PAST),
        ([None, LONG_PAST], LONG_PAST),
    ],
)
def test_the_policy_that_ends_soonest(
    contact: Contact, ends: list[date | None], chosen: date
) -> None:
    for day in ends:
        add_policy(contact, day)
    assert values_of(contact)["data_konca"] == chosen.strftime("%d.%m.%Y")


@pytest.mark.parametrize(
    ("due", "chosen"),
    [([LATER, COMING, PAST], COMING), ([LONG_PAST, PAST, None], PAST), ([None, LATER], LATER)],
)
def test_the_vehicle_whose_inspection_is_due_soonest(
    contact: Contact, due: list[date | None], chosen: date
) -> None:
    for number, day in enumerate(due):
        add_vehicle(contact, f"OP{number}", day)
    values = values_of(contact, Type.INSPECTION)
    assert values["data_badania"] == chosen.strftime("%d.%m.%Y")
    assert values["nr_rej"] == f"OP{due.index(chosen)}"


def test_of_two_that_end_together_the_older(contact: Contact) -> None:
    numbers = [add_policy(contact, COMING) for _ in range(3)]
    assert values_of(contact)["nr_polisy"] == numbers[0]


@pytest.mark.parametrize(
    ("template_type", "kind"),
    [(Type.OC_END, Kind.OC), (Type.AC_END, Kind.AC), (Type.HOME_END, Kind.HOME)],
)
def test_a_type_speaks_of_its_own_kind(
    contact: Contact, template_type: TemplateType, kind: Policy.Kind
) -> None:
    numbers = {k: add_policy(contact, COMING, k) for k in Kind if k != kind}
    numbers[kind] = add_policy(contact, LATER, kind)
    assert values_of(contact, template_type)["nr_polisy"] == numbers[kind]


def test_a_client_without_that_kind_misses_it(contact: Contact) -> None:
    add_policy(contact, COMING, Kind.LIFE)
    assert values_of(contact, Type.OC_END)["nr_polisy"] == ""
    assert values_of(contact, Type.OWN)["rodzaj"] == "Zycie"


def test_the_insured_vehicle_goes_with_its_policy(contact: Contact) -> None:
    add_vehicle(contact, "OP1", COMING)
    insured = add_vehicle(contact, "OP2", LATER)
    add_policy(contact, COMING, vehicle=insured)

    assert values_of(contact, Type.OC_END)["nr_rej"] == "OP2"
    assert values_of(contact, Type.INSPECTION)["nr_rej"] == "OP1"


# --- the values -----------------------------------------------------------------------------------


def test_values_as_people_read_them(contact: Contact) -> None:
    add_policy(contact, COMING)
    Policy.objects.update(premium=123_450, insurer="Warta")
    values = values_of(contact)
    assert values["imie"] == "Imie0"
    assert values["data_konca"] == "01.12.2026"
    assert values["dni_do_konca"] == "9"
    assert values["skladka"] == "1 234,50"
    assert values["towarzystwo"] == "Warta"
    assert values["agent"] == "Ubezpieczenia Anna Zolc"
    assert values["adres_biura"] == "ul. Swietej Jadwigi 12/4, 45-221 Opole"
    assert values["telefon"] == format_phone(contact.phone)


def test_days_are_warsaw_days(contact: Contact) -> None:
    add_policy(contact, COMING)
    # Still the 22nd in UTC, already the 23rd in Warsaw.
    with time_machine.travel("2026-11-22T23:30:00+00:00", tick=False):
        assert values_of(contact)["dni_do_konca"] == "8"


def test_without_policy_and_vehicle_their_values_are_missing(contact: Contact) -> None:
    values = values_of(contact)
    empty = {name for name, value in values.items() if not value}
    assert {"nr_polisy", "data_konca", "skladka", "nr_rej", "data_badania"} <= empty


def test_a_policy_tells_when_it_starts(contact: Contact) -> None:
    add_policy(contact, COMING)
    Policy.objects.update(starts_on=date(2025, 12, 2))
    Contact.objects.update(birthday=date(1978, 3, 14))
    values = values_of(contact)
    assert (values["data_poczatku"], values["data_urodzenia"]) == ("02.12.2025", "14.03.1978")


@pytest.mark.parametrize("template_type", Type)
def test_only_the_wanted_fields_are_read_and_they_say_the_same(
    contact: Contact, template_type: TemplateType
) -> None:
    vehicle = add_vehicle(contact, "OP2", LATER)
    add_vehicle(contact, "OP1", COMING)
    add_policy(contact, COMING, vehicle=vehicle)
    Policy.objects.get().instalments.create(number=2, due_on=COMING, amount=100)
    whole = values_of(contact, template_type)
    assert set(whole) == set(MERGE_FIELDS) - set(TYPED_FIELDS)
    for field, value in whole.items():
        [data] = merge_data(contact.agency, template_type, [contact.pk], [field])
        assert data.values == {field: value}


# --- the whole book ---------------------------------------------------------------------------------


def concerned(agency: Agency, template_type: TemplateType) -> list[MergeData]:
    return list(book_rows(agency, template_type, ["imie", "data_konca", "data_badania"]))


@pytest.mark.parametrize(
    ("template_type", "number"),
    [
        (Type.OC_END, 1),
        (Type.AC_END, 0),
        (Type.DOCUMENT_READY, 1),
        (Type.INSPECTION, 1),
        (Type.INSTALMENT, 1),
        (Type.INSTALMENT_MISSED, 0),
        (Type.BIRTHDAY, 1),
        (Type.OFFER, 3),
        (Type.CLAIM, 3),
        (Type.OWN, 3),
    ],
)
def test_a_type_concerns_who_has_what_it_is_about(
    agency: Agency, other_agency: Agency, template_type: TemplateType, number: int
) -> None:
    add_contacts(other_agency, 2)
    whole, owner_of_a_car, _ = Contact.objects.in_bulk(add_contacts(agency, 3)).values()
    add_policy(whole, COMING)
    Policy.objects.get().instalments.create(number=1, due_on=COMING, amount=100)
    add_vehicle(owner_of_a_car, "OP1", None)
    Contact.objects.filter(pk=whole.pk).update(birthday=date(1978, 3, 14))
    assert len(concerned(agency, template_type)) == number


def test_the_whole_book_says_what_the_clients_one_by_one_say(agency: Agency) -> None:
    ids = add_contacts(agency, 5)
    for number, contact in enumerate(Contact.objects.in_bulk(ids).values()):
        add_policy(contact, [COMING, LATER, PAST, None, LONG_PAST][number])
        add_policy(contact, LATER)
    fields = ["imie", "nr_polisy", "data_konca", "agent"]
    one_by_one = [data.values for data in merge_data(agency, Type.OC_END, ids, fields)]
    assert sorted(map(str, one_by_one)) == sorted(
        str(row.values) for row in book_rows(agency, Type.OC_END, fields)
    )


def test_the_whole_book_knows_who_may_be_written_to(agency: Agency) -> None:
    add_contacts(agency, 1)
    contact = Contact.objects.get()

    def told() -> tuple[bool, bool, bool]:
        (row,) = concerned(agency, Type.OWN)
        return bool(row.phone), row.is_opted_out, row.has_consent

    assert told() == (True, False, False)
    OptedOutNumber.objects.create(agency=agency, phone=contact.phone, channel="phone")
    assert told() == (True, True, False)
    Contact.objects.update(phone="", marketing_consent_at=contact.created_at)
    assert told() == (False, False, True)


def test_the_whole_book_takes_as_many_queries_as_one_client(agency: Agency) -> None:
    ids = add_contacts(agency, 20)
    for contact in Contact.objects.in_bulk(ids).values():
        add_policy(contact, COMING, vehicle=add_vehicle(contact, f"OP{contact.pk}", COMING))
    with CaptureQueriesContext(connection) as captured:
        assert len(list(book_rows(agency, Type.OC_END, MERGE_FIELDS))) == 20
    assert len(captured) == 4


# --- whose data -----------------------------------------------------------------------------------


def test_other_agencies_clients_are_passed_over(agency: Agency, other_agency: Agency) -> None:
    own, others = add_contacts(agency, 2), add_contacts(other_agency, 2)
    mixed = [others[0], own[1], 999_999, own[0], others[1]]
    found = [data.contact_id for data in merge_data(agency, Type.OWN, mixed)]
    assert found == [own[1], own[0]]


def test_each_client_gets_their_own(agency: Agency) -> None:
    ids = add_contacts(agency, 3)
    numbers = {pk: add_policy(Contact.objects.get(pk=pk), COMING) for pk in ids}
    found = {d.contact_id: d.values["nr_polisy"] for d in merge_data(agency, Type.OWN, ids)}
    assert found == numbers


def num_queries(agency: Agency, ids: list[int]) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert len(list(merge_data(agency, Type.OC_END, ids))) == len(ids)
    return len(captured)


def test_more_clients_take_no_more_queries(agency: Agency) -> None:
    ids = add_contacts(agency, 500)
    contacts = Contact.objects.in_bulk(ids)
    for pk in ids[:60]:
        add_policy(contacts[pk], COMING, vehicle=add_vehicle(contacts[pk], f"OP{pk}", COMING))
    assert num_queries(agency, ids[:1]) == num_queries(agency, ids) == 4


def test_clients_read_polish_whatever_the_agents_language(agency: Agency, contact: Contact) -> None:
    add_policy(contact, None, Kind.HOME)

    with translation.override("en"):
        (data,) = merge_data(agency, TemplateType.OWN, [contact.pk])

    assert data.values["rodzaj"] == "Dom"
