"""Who is in a team: invited, joined, given a role and a limit, removed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from accounts import people
from accounts.models import Agency, Event, Invitation, User
from accounts.people import LastHead
from accounts.roles import Role
from accounts.tests.mails import deliver_mails, mailed_link
from accounts.tests.pages import browser, forget_proof, text_of
from accounts.tests.races import run_together

TEAM = "/ustawienia/osoby/"
JOIN = {"full_name": "Ola Nowa", "password1": "haslo-oli-123", "password2": "haslo-oli-123"}


@pytest.fixture
def employee(agency: Agency) -> User:
    return User.objects.create_user(
        "ola@zolc.example",
        "haslo-oli-123",
        full_name="Ola Pracowita",
        role=Role.EMPLOYEE,
        agency=agency,
    )


def invite(client: Client, email: str = "ola@zolc.example", role: str = Role.EMPLOYEE) -> Any:
    return client.post(TEAM, {"email": email, "role": role}, follow=True)


def mail_of_invitation() -> EmailMessage:
    return deliver_mails()[-1]


def test_an_invited_person_joins_with_the_role(agency: Agency, as_owner: Client) -> None:
    assert "We mailed the invitation to ola@zolc.example" in text_of(invite(as_owner))
    link = mailed_link()
    stranger = browser()
    assert "Anna Żółć invites you to Ubezpieczenia Anna Żółć" in text_of(stranger.get(link))
    assert stranger.post(link, JOIN)["Location"] == "/pulpit/"
    joined = User.objects.get(email="ola@zolc.example")
    assert (joined.role, joined.agency, joined.full_name) == (Role.EMPLOYEE, agency, "Ola Nowa")
    assert "Good day, Ola Nowa" in text_of(stranger.get("/pulpit/"))
    kinds = {event.kind for event in Event.objects.filter(agency=agency)}
    assert {"person_invited", "person_joined", "logged_in"} <= kinds


def test_the_link_works_once(as_owner: Client) -> None:
    invite(as_owner)
    link = mailed_link()
    browser().post(link, JOIN)
    again = browser().post(link, JOIN | {"full_name": "Ktoś Inny"})
    assert again.status_code == 410
    assert "This link no longer works" in text_of(again)
    assert User.objects.filter(email="ola@zolc.example").count() == 1


def test_the_link_is_dead_after_a_week_until_mailed_again(as_owner: Client) -> None:
    invite(as_owner)
    link = mailed_link()
    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=1)):
        assert browser().get(link).status_code == 410
        owner = browser(User.objects.get(email="anna@zolc.example"))
        assert "the link has expired" in text_of(owner.get(TEAM))
        owner.post(f"/ustawienia/zaproszenia/{Invitation.objects.get().pk}/ponow/")
        assert browser().get(mailed_link()).status_code == 200


def test_a_withdrawn_or_made_up_link_is_dead(as_owner: Client) -> None:
    invite(as_owner)
    link = mailed_link()
    as_owner.post(f"/ustawienia/zaproszenia/{Invitation.objects.get().pk}/wycofaj/")
    assert browser().get(link).status_code == 410
    assert browser().get("/zaproszenie/a:b:c/").status_code == 410
    assert "ola@zolc.example" not in text_of(as_owner.get(TEAM))


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"password2": "inne-haslo-1"}, "didn’t match"),
        ({"password1": "krotkie", "password2": "krotkie"}, "too short"),
        ({"password1": "ola@zolc.example", "password2": "ola@zolc.example"}, "too similar"),
        ({"full_name": ""}, "This field is required"),
        ({"full_name": "evil.example/oferta"}, "first and last name only"),
    ],
)
def test_a_bad_password_or_no_name_makes_no_account(
    change: dict[str, str], error: str, as_owner: Client
) -> None:
    invite(as_owner)
    link = mailed_link()
    assert error in text_of(browser().post(link, JOIN | change))
    assert browser().get(link).status_code == 200
    assert not User.objects.filter(email="ola@zolc.example").exists()


def test_nobody_is_invited_twice_or_while_in_the_team(owner: User, as_owner: Client) -> None:
    invite(as_owner)
    assert "in the list already" in text_of(invite(as_owner, "OLA@zolc.example"))
    assert "in the list already" in text_of(invite(as_owner, "Anna@zolc.example"))
    assert Invitation.objects.count() == 1


def test_the_page_does_not_tell_who_has_an_account_elsewhere(
    as_owner: Client, as_stranger: Client
) -> None:
    told = text_of(invite(as_owner, "jan@lecki.example"))
    assert "We mailed the invitation to jan@lecki.example" in told
    mail = mail_of_invitation()
    assert "ma już konto" in str(mail.body)
    refused = browser().post(mailed_link(), JOIN)
    assert "This address has an account in MPS already" in text_of(refused)


def test_a_role_of_the_operator_cannot_be_had_by_an_agency(as_owner: Client) -> None:
    assert "Select a valid choice" in text_of(invite(as_owner, role=Role.ADMIN))
    assert not Invitation.objects.exists()


def test_they_ask_again_who_one_is(owner: User, employee: User, as_owner: Client) -> None:
    forget_proof(as_owner)
    for path, sent in (
        (TEAM, {"email": "nowa@zolc.example", "role": "employee"}),
        (f"{TEAM}{employee.pk}/", {"role": "accountant"}),
        (f"{TEAM}{employee.pk}/usun/", {}),
    ):
        assert as_owner.post(path, sent)["Location"].startswith("/potwierdzenie/")
    employee.refresh_from_db()
    assert (employee.role, employee.is_active) == (Role.EMPLOYEE, True)
    assert not Invitation.objects.exists()


def test_a_new_role_counts_from_the_next_request(employee: User, as_owner: Client) -> None:
    at_work = browser(employee)
    assert at_work.get("/klienci/").status_code == 200
    as_owner.post(f"{TEAM}{employee.pk}/", {"role": Role.ACCOUNTANT})
    assert at_work.get("/klienci/").status_code == 403
    assert at_work.get("/faktury/").status_code == 200
    event = Event.objects.get(kind="role_changed")
    assert (event.subject, event.agency) == ("Ola Pracowita: Księgowość", employee.agency)


@pytest.mark.parametrize(
    ("limit", "parts", "amount"),
    [
        ({"limit_kind": "parts", "limit": "500"}, 500, None),
        ({"limit_kind": "zloty", "limit": "100,50"}, None, 100_50),
        ({"limit_kind": "zloty", "limit": "100.50"}, None, 100_50),
        ({"limit_kind": "none", "limit": "7"}, None, None),
    ],
)
def test_an_employee_gets_a_limit(
    limit: dict[str, str], parts: int | None, amount: int | None, employee: User, as_owner: Client
) -> None:
    as_owner.cookies["django_language"] = "pl"
    as_owner.post(f"{TEAM}{employee.pk}/", {"role": Role.EMPLOYEE} | limit)
    employee.refresh_from_db()
    assert (employee.monthly_limit_parts, employee.monthly_limit_amount) == (parts, amount)
    assert Event.objects.filter(kind="limit_changed").count() == (limit["limit_kind"] != "none")


@pytest.mark.parametrize(
    ("limit", "error"),
    [
        ({"limit_kind": "parts", "limit": ""}, "Write the limit"),
        ({"limit_kind": "parts", "limit": "1.5"}, "whole number"),
        ({"limit_kind": "parts", "limit": "-1"}, "greater than or equal to 0"),
        ({"limit_kind": "zloty", "limit": "dużo"}, "Enter a number"),
        ({"limit_kind": "zloty", "limit": "99999999999"}, "less than or equal"),
    ],
)
def test_a_bad_limit_is_told_beside_the_field(
    limit: dict[str, str], error: str, employee: User, as_owner: Client
) -> None:
    page = as_owner.post(f"{TEAM}{employee.pk}/", {"role": Role.EMPLOYEE} | limit)
    assert error in text_of(page)
    employee.refresh_from_db()
    assert (employee.monthly_limit_parts, employee.monthly_limit_amount) == (None, None)


def test_another_role_loses_the_limit(employee: User, owner: User) -> None:
    people.set_limit(employee, people.Limit(parts=5))
    people.change_role(employee, Role.OWNER)
    employee.refresh_from_db()
    assert employee.monthly_limit_parts is None


def test_a_removed_person_is_out_at_once_and_can_join_another_agency(
    employee: User, as_owner: Client, other_agency: Agency, as_stranger: Client
) -> None:
    at_work = browser(employee)
    told = as_owner.post(f"{TEAM}{employee.pk}/usun/", follow=True)
    assert "Ola Pracowita cannot log in any more" in text_of(told)
    assert at_work.get("/pulpit/").status_code == 302
    sent = {"login": "ola@zolc.example", "password": "haslo-oli-123"}
    assert browser().post("/logowanie/", sent).status_code == 200
    assert "Ola Pracowita" not in text_of(as_owner.get(TEAM))
    assert Event.objects.get(kind="person_removed").subject == "Ola Pracowita (ola@zolc.example)"
    as_stranger.post(TEAM, {"email": "ola@zolc.example", "role": "employee"})
    browser().post(mailed_link(), JOIN)
    assert User.objects.get(email="ola@zolc.example").agency == other_agency


def removed(person: User) -> None:
    people.remove(person)


def demoted(person: User) -> None:
    people.change_role(person, Role.ACCOUNTANT)


@pytest.mark.parametrize("goes", [removed, demoted])
def test_an_owner_on_the_way_out_leaves_no_door_open(
    goes: Callable[[User], None], owner: User, employee: User, as_owner: Client
) -> None:
    people.change_role(employee, Role.OWNER)
    invite(as_owner, "drugi.adres@zolc.example", Role.OWNER)
    link = mailed_link()
    goes(User.objects.get(pk=owner.pk))
    assert browser().post(link, JOIN).status_code == 410
    assert "drugi.adres@zolc.example" not in text_of(browser(employee).get(TEAM))
    assert Event.objects.get(kind="invitation_withdrawn").agency == owner.agency


def test_the_last_owner_cannot_go(owner: User, as_owner: Client) -> None:
    told = text_of(as_owner.post(f"{TEAM}{owner.pk}/usun/", follow=True))
    assert "Somebody must stay in charge" in told
    told = text_of(as_owner.post(f"{TEAM}{owner.pk}/", {"role": Role.EMPLOYEE}))
    assert "Somebody must stay in charge" in told
    owner.refresh_from_db()
    assert (owner.role, owner.is_active) == (Role.OWNER, True)


def test_an_owner_may_go_when_another_stays(owner: User, employee: User) -> None:
    people.change_role(employee, Role.OWNER)
    people.remove(owner)
    with pytest.raises(LastHead):
        people.remove(employee)


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_remove_each_other_leave_one(owner: User, employee: User) -> None:
    people.change_role(employee, Role.OWNER)
    both = [owner.pk, employee.pk]
    outcomes = run_together(2, lambda number: people.remove(User.objects.get(pk=both[number])))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["LastHead", "NoneType"]
    assert User.objects.filter(role=Role.OWNER, removed_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_link_opened_twice_at_once_makes_one_account(owner: User) -> None:
    invitation = people.invite(
        agency=owner.agency, email="ola@zolc.example", role=Role.EMPLOYEE, invited_by=owner
    )
    join = {"full_name": "Ola Nowa", "password": "haslo-oli-123"}
    outcomes = run_together(3, lambda _number: people.accept(invitation, **join))
    assert sum(isinstance(outcome, User) for outcome in outcomes) == 1
    assert User.objects.filter(email="ola@zolc.example").count() == 1


def test_people_of_another_agency_are_not_there(employee: User, as_stranger: Client) -> None:
    for path in (f"{TEAM}{employee.pk}/", f"{TEAM}{employee.pk}/usun/"):
        assert as_stranger.post(path, {"role": Role.OWNER}).status_code == 404
    employee.refresh_from_db()
    assert (employee.role, employee.is_active) == (Role.EMPLOYEE, True)


def test_only_owners_manage_people(employee: User, accountant: User) -> None:
    for person in (employee, accountant):
        client = browser(person)
        assert client.get(TEAM).status_code == 403
        assert client.post(f"{TEAM}{person.pk}/", {"role": Role.OWNER}).status_code == 403


def test_an_administrator_of_the_operator_invites_staff(billing_clerk: User) -> None:
    User.objects.filter(pk=billing_clerk.pk).update(role=Role.ADMIN)
    admin = User.objects.get(pk=billing_clerk.pk)
    people.invite(agency=None, email="nowy@mps.example", role=Role.SUPPORT, invited_by=admin)
    assert "nowy@mps.example Operator: support" in text_of(browser(admin).get(TEAM))
    new = browser()
    new.post(mailed_link(), JOIN)
    joined = User.objects.get(email="nowy@mps.example")
    assert (joined.role, joined.agency) == (Role.SUPPORT, None)
    # Before anything else: the second factor.
    assert new.get("/operator/agencje/")["Location"] == "/ustawienia/drugi-skladnik/"
    with pytest.raises(LastHead):
        people.change_role(admin, Role.BILLING)
