"""An opt-out follows the number, and the client who said it, when clients are added and changed by hand."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Agency
from messaging.consents import Kind, opt_out_numbers, record_consent
from messaging.contacts import save_contact
from messaging.models import Contact, OptedOutNumber
from messaging.opt_outs import Said
from messaging.tests.book import client_of

pytestmark = pytest.mark.django_db

OUT = "+48600999999"


def stop(agency: Agency, phone: str = OUT) -> None:
    opt_out_numbers(agency=agency, phones=[phone], said=Said(channel="sms", source="STOP"))


def change_phone(contact: Contact, phone: str) -> Contact:
    contact.phone = phone
    save_contact(contact, numbers=[], groups=[])
    return Contact.objects.get(pk=contact.pk)


def test_who_is_added_with_the_number_has_opted_out(agency: Agency, as_owner: Client) -> None:
    stop(agency)
    as_owner.post("/klienci/nowy/", {"last_name": "Nowak", "phone": "600 999 999"})
    assert Contact.objects.get().opted_out_at == OptedOutNumber.objects.get().at


def test_who_gets_the_number_has_opted_out_until_it_is_another(agency: Agency) -> None:
    """Nobody said it but the number: a slip of the keyboard that is mended leaves nothing behind."""
    stop(agency)
    contact = change_phone(client_of(agency), OUT)
    assert contact.opted_out_at is not None
    contact = change_phone(contact, "+48600100001")
    assert contact.opted_out_at is None
    assert list(OptedOutNumber.objects.values_list("phone", flat=True)) == [OUT]


def test_a_client_who_opted_out_takes_it_to_the_next_number(agency: Agency) -> None:
    contact = client_of(agency, phone=OUT)
    stop(agency)
    contact.refresh_from_db()
    contact = change_phone(contact, "+48600100001")
    assert contact.opted_out_at is not None
    phones = set(OptedOutNumber.objects.values_list("phone", flat=True))
    assert phones == {OUT, "+48600100001"}


def test_who_opted_out_without_a_number_stays_so_with_one(agency: Agency) -> None:
    contact = client_of(agency, phone="")
    record_consent(
        contact=contact, kind=Kind.MESSAGES, is_given=False, source="list", recorded_by=None
    )
    contact.refresh_from_db()
    contact = change_phone(contact, OUT)
    assert contact.opted_out_at is not None
    assert OptedOutNumber.objects.get().phone == OUT


def test_a_no_that_comes_while_somebody_edits_the_client_is_not_lost(
    agency: Agency,
) -> None:
    """The form was read before; what it writes must not bring back what was withdrawn meanwhile."""
    contact = client_of(agency, phone=OUT)
    record_consent(
        contact=contact, kind=Kind.MARKETING, is_given=True, source="umowa", recorded_by=None
    )
    read_before = Contact.objects.get(pk=contact.pk)
    stop(agency)
    read_before.last_name = "Nowak"
    save_contact(read_before, numbers=[], groups=[])
    contact.refresh_from_db()
    assert contact.last_name == "Nowak"
    assert contact.opted_out_at is not None
    assert contact.marketing_consent_at is None


def test_letting_in_at_the_client_s_page_takes_the_number_off_the_list(
    agency: Agency, as_owner: Client
) -> None:
    contact = client_of(agency, phone=OUT)
    stop(agency)
    sent = {"step": "opt-in", "channel": "phone", "source": "prosi o SMS", "said_on": "2026-11-01"}
    as_owner.post(f"/klienci/{contact.pk}/zgody/", sent)
    contact.refresh_from_db()
    assert contact.opted_out_at is None
    assert not OptedOutNumber.objects.exists()
    step = agency.opt_out_steps.latest("pk")
    assert (step.is_out, step.source) == (False, "prosi o SMS")
