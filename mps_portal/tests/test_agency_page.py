"""The operator's page of one agency."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts import events
from accounts.models import Agency, Consent, EventKind, User
from accounts.roles import Role
from accounts.tests.mails import mailed_password
from accounts.tests.pages import give_second_factor, text_of
from billing.tests.payments import invoice_with_pdf, pay
from messaging.tests.book import messages_of


def path(agency: Agency) -> str:
    return f"/operator/agencje/{agency.pk}/"


def test_it_shows_who_the_agency_is(agency: Agency, as_support: Client) -> None:
    text = text_of(as_support.get(path(agency)))
    assert "Ubezpieczenia Anna Żółć" in text
    assert "NIP 1111111111 REGON – Registration code 7K3M-9QW3" in text
    assert "Address ul. Świętej Jadwigi 12/4, 45-221 Opole" in text
    assert "Invoices go to anna@zolc.example" in text


def test_it_is_linked_from_the_list(agency: Agency, as_support: Client) -> None:
    assert f'href="{path(agency)}"' in as_support.get("/operator/agencje/").content.decode()


def test_it_shows_the_money_and_links_the_invoices(agency: Agency, as_clerk: Client) -> None:
    invoice = invoice_with_pdf(agency)
    response = as_clerk.get(path(agency))
    assert "Balance 100,00 zł 0,29 zł per SMS part" in text_of(response)
    assert f"20.11.2026 {invoice.number} 100,00 zł" in text_of(response)
    assert f'href="/operator/faktury/{invoice.pk}/"' in response.content.decode()


def test_it_counts_messages_by_status(agency: Agency, owner: User, as_support: Client) -> None:
    messages_of(agency, "delivered", "sent", "delivered", "rejected")
    assert "Messages by status Sent 1 Delivered 2 Rejected 1" in text_of(
        as_support.get(path(agency))
    )


def test_messages_are_linked_for_support_only(
    agency: Agency, as_support: Client, as_clerk: Client
) -> None:
    link = f'href="/operator/agencje/{agency.pk}/wiadomosci/"'
    assert link in as_support.get(path(agency)).content.decode()
    assert link not in as_clerk.get(path(agency)).content.decode()


def test_it_shows_how_far_each_person_has_got(agency: Agency, as_support: Client) -> None:
    agency.language = "en"
    agency.save()
    people = {
        name: User.objects.create_user(
            f"{name}@zolc.example", full_name=name, role=Role.EMPLOYEE, agency=agency
        )
        for name in ("new", "mailed", "used", "chosen", "in", "gone")
    }
    for name in ("mailed", "used"):
        mailed_password(people[name])
    now = timezone.now()
    change = User.objects.filter
    change(full_name="used").update(one_time_password_used_at=now)
    change(full_name="chosen").update(password="md5$x$y")
    change(full_name="in").update(password="md5$x$y", last_login=now)
    give_second_factor(people["chosen"])
    change(full_name="gone").update(is_active=False, removed_at=now)
    text = text_of(as_support.get(path(agency)))
    for name, state in {
        "new": "Password not mailed yet Off Correct the e-mail Mail the password again",
        "mailed": "Password mailed, valid until",
        "used": "Has not chosen a password Off Mail the password again",
        "chosen": "Has a password, never logged in On",
        "in": "Last login",
        "gone": "Removed on",
    }.items():
        assert f"{name}@zolc.example Employee {state}" in text


def test_help_is_offered_to_support_only(agency: Agency, as_clerk: Client) -> None:
    User.objects.create_user("new@zolc.example", full_name="N", role=Role.EMPLOYEE, agency=agency)
    text = text_of(as_clerk.get(path(agency)))
    assert "Password not mailed yet" in text
    assert "Mail the password again" not in text
    assert "Correct the e-mail" not in text


def test_it_shows_the_consents(agency: Agency, owner: User, as_support: Client) -> None:
    Consent.objects.create(
        agency=agency, person=owner, document="terms", version="2026-11-01", ip="203.0.113.7"
    )
    text = text_of(as_support.get(path(agency)))
    assert "Terms of service wording 2026-11-01 · Anna Żółć" in text


def test_events_are_for_administrators(
    agency: Agency, owner: User, as_support: Client, as_admin: Client
) -> None:
    events.record(EventKind.TEMPLATE_DELETED, "Badania", person=owner)
    assert "Template deleted" not in text_of(as_support.get(path(agency)))
    response = as_admin.get(path(agency))
    assert "Template deleted Badania Anna Żółć" in text_of(response)
    assert 'href="/operator/zdarzenia/?agency=7K3M9QW3"' in response.content.decode()


def test_a_closed_agency_is_said_to_be(agency: Agency, as_support: Client) -> None:
    agency.closed_at = agency.erase_at = timezone.now()
    agency.save()
    assert "closed on" in text_of(as_support.get(path(agency)))


@pytest.mark.parametrize("person", ["as_owner", "as_accountant", "as_stranger"])
def test_agencies_have_no_such_page(
    person: str, agency: Agency, request: pytest.FixtureRequest
) -> None:
    assert request.getfixturevalue(person).get(path(agency)).status_code == 403


@pytest.mark.parametrize("pk", [0, 999999, 2**70])
def test_an_unknown_agency_is_not_found(pk: int, as_support: Client) -> None:
    assert as_support.get(f"/operator/agencje/{pk}/").status_code == 404


def test_a_busy_agency_takes_no_more_queries(
    agency: Agency, owner: User, as_admin: Client, django_assert_max_num_queries: Any
) -> None:
    messages_of(agency, *["sent"] * 10)
    for number in range(10):
        pay(agency, 1000 + number)
        User.objects.create_user(f"{number}@x.pl", full_name="E", role="employee", agency=agency)
    with django_assert_max_num_queries(14):
        as_admin.get(path(agency))
