"""The operator's side: review, decision, the gateway's answer, revocation, shared names."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.utils import timezone

from accounts.closing import AgencyClosed
from accounts.models import Agency, Event, User
from accounts.tests.mails import deliver_mails
from messaging import sender_name_registration as registration
from messaging import tasks
from messaging.closing import close_account
from messaging.gateways import current_gateway
from messaging.gateways.base import SenderStatus
from messaging.models import SenderName
from messaging.sender_name_reviews import (
    DecidedAlready,
    approve,
    offer_again,
    offer_shared,
    others_alike,
    permit,
    queue,
    reject,
    revoke,
    take,
)
from messaging.taken import Taken
from messaging.tests.sender_cases import NamesGateway, own_name
from messaging.tests.sending_cases import jobs
from sandbox.testing import SandboxProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> NamesGateway:
    """Without answers of its own it says that the networks are still at it."""
    scripted = NamesGateway()
    monkeypatch.setattr(registration, "current_gateway", lambda: scripted)
    return scripted


@pytest.fixture
def reviewed(agency: Agency, owner: User, admin: User) -> SenderName:
    return own_name(agency, "in_review", reviewed_by=admin)


def reload(name: SenderName) -> SenderName:
    name.refresh_from_db()
    return name


def told(kind: str) -> list[tuple[str, Agency | None, User | None]]:
    rows = Event.objects.filter(kind=kind).order_by("pk")
    return [(event.subject, event.agency, event.person) for event in rows]


def mails_after(name: SenderName, language: str) -> EmailMessage:
    """The one mail that the outbox has for the owner."""
    assert name.agency
    Agency.objects.filter(pk=name.agency.pk).update(language=language)
    (mail,) = deliver_mails()
    return mail


# --- review ---------------------------------------------------------------------------------------


def test_the_queue_is_oldest_first_and_without_closed_agencies(
    agency: Agency, other_agency: Agency, owner: User
) -> None:
    now = timezone.now()
    young = own_name(agency, "submitted", "Mloda", submitted_at=now)
    old = own_name(agency, "in_review", "Stara", submitted_at=now - timedelta(days=2))
    own_name(agency, "in_review", "Czeka", approved_at=now, registration="pending")
    own_name(other_agency, "submitted", "Lecki OC", submitted_at=now - timedelta(days=9))
    for state in ("draft", "authorised", "rejected", "revoked"):
        own_name(agency, state, f"N {state[:6]}")
    close_account(agency=other_agency, at_once=False)
    assert list(queue()) == [old, young]


def test_taking_into_review_is_told_once(agency: Agency, owner: User, admin: User) -> None:
    name = own_name(agency, "submitted")
    assert take(sender_name_id=name.pk, reviewer=admin)
    assert not take(sender_name_id=name.pk, reviewer=admin)
    assert (reload(name).state, name.reviewed_by) == ("in_review", admin)
    assert told("name_taken") == [("Nowak OC", agency, admin)]


def test_what_nobody_took_into_review_is_not_decided(
    agency: Agency, owner: User, admin: User
) -> None:
    name = own_name(agency, "submitted")
    with pytest.raises(DecidedAlready):
        approve(sender_name_id=name.pk, decided_by=admin)
    with pytest.raises(DecidedAlready):
        reject(sender_name_id=name.pk, reason="Nie", decided_by=admin)


def test_names_of_others_that_look_alike_are_shown(
    agency: Agency, other_agency: Agency, reviewed: SenderName
) -> None:
    alike = own_name(other_agency, "authorised", "N0wak-OC")
    own_name(other_agency, "draft", "Nowak OC")
    own_name(other_agency, "submitted", "Lecki OC")
    own_name(agency, "submitted", "NowakOC")
    assert others_alike(reviewed) == [alike]


# --- the yes --------------------------------------------------------------------------------------


def test_the_operators_yes_alone_does_not_authorise(
    reviewed: SenderName, admin: User, gateway: NamesGateway
) -> None:
    approve(sender_name_id=reviewed.pk, decided_by=admin)
    assert (reload(reviewed).state, reviewed.registration) == ("in_review", "asked")
    assert reviewed.waits_for_gateway
    assert jobs() == ["messaging.tasks.ask_gateway_about_name"]
    assert deliver_mails() == []
    with pytest.raises(DecidedAlready):
        approve(sender_name_id=reviewed.pk, decided_by=admin)
    with pytest.raises(DecidedAlready):
        reject(sender_name_id=reviewed.pk, reason="Nie", decided_by=admin)


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("en", "The sender name Nowak OC is authorised"),
        ("pl", "Podpis nadawcy Nowak OC jest zautoryzowany"),
    ],
)
def test_with_the_gateways_yes_it_is_and_the_owner_is_told(
    language: str,
    subject: str,
    agency: Agency,
    owner: User,
    reviewed: SenderName,
    admin: User,
    gateway: NamesGateway,
) -> None:
    gateway.answers = ["active"]
    approve(sender_name_id=reviewed.pk, decided_by=admin)
    assert tasks.ask_gateway_about_name(reviewed.pk)
    assert (reload(reviewed).state, reviewed.registration) == ("authorised", "active")
    assert reviewed.next_check_at is None
    assert told("name_approved") == [("Nowak OC", agency, admin)]
    assert told("name_authorised") == [("Nowak OC", agency, None)]
    mail = mails_after(reviewed, language)
    assert (mail.to, mail.subject) == ([owner.email], subject)
    assert "/ustawienia/podpisy/" in mail.body


def test_the_gateway_is_asked_again_with_growing_pauses_until_it_has_it(
    reviewed: SenderName, admin: User, gateway: NamesGateway
) -> None:
    gateway.answers = ["pending", "down", *["pending"] * 8, "active"]
    pauses = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        approve(sender_name_id=reviewed.pk, decided_by=admin)
        while not registration.ask_gateway(reviewed.pk):
            assert not registration.ask_gateway(reviewed.pk), "asked before its time"
            pause = (reload(reviewed).next_check_at or timezone.now()) - timezone.now()
            pauses.append(round(pause.total_seconds() / 60))
            clock.shift(pause)
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 120, 120, 120]
    assert [verb for verb, _name in gateway.asked] == ["register", *["status"] * 10]


def test_a_name_that_the_gateway_lost_is_registered_once_more(
    reviewed: SenderName, admin: User, gateway: NamesGateway
) -> None:
    gateway.answers = ["pending", "unknown", "active"]
    approve(sender_name_id=reviewed.pk, decided_by=admin)
    for _ in range(3):
        SenderName.objects.update(next_check_at=timezone.now())
        registration.ask_gateway(reviewed.pk)
    assert [verb for verb, _name in gateway.asked] == ["register", "status", "register"]
    assert reload(reviewed).state == "authorised"


def test_the_gateways_no_is_told_to_the_agency_in_its_language(
    agency: Agency, reviewed: SenderName, admin: User, gateway: NamesGateway
) -> None:
    Agency.objects.update(language="en")
    gateway.answers = ["rejected"]
    approve(sender_name_id=reviewed.pk, decided_by=admin)
    assert registration.ask_gateway(reviewed.pk)
    assert (reload(reviewed).state, reviewed.registration) == ("rejected", "refused")
    assert reviewed.reason == "The mobile networks do not take this name. Try another one."
    assert told("name_rejected") == [("Nowak OC", agency, None)]
    assert "The mobile networks do not take this name." in mails_after(reviewed, "en").body


def test_the_sweep_queues_what_is_due_alone(reviewed: SenderName, admin: User) -> None:
    assert tasks.sweep_sender_names() == 0
    approve(sender_name_id=reviewed.pk, decided_by=admin)
    assert tasks.sweep_sender_names() == 1
    SenderName.objects.update(next_check_at=timezone.now() + timedelta(minutes=1))
    assert tasks.sweep_sender_names() == 0


def test_a_closed_agencys_name_is_not_approved(
    agency: Agency, reviewed: SenderName, admin: User
) -> None:
    close_account(agency=agency, at_once=False)
    with pytest.raises(AgencyClosed):
        approve(sender_name_id=reviewed.pk, decided_by=admin)


# --- the no ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("en", "The sender name Nowak OC was rejected"),
        ("pl", "Podpis nadawcy Nowak OC został odrzucony"),
    ],
)
def test_a_rejection_comes_with_its_reason(
    language: str, subject: str, agency: Agency, reviewed: SenderName, admin: User
) -> None:
    reject(sender_name_id=reviewed.pk, reason="Skan jest nieczytelny", decided_by=admin)
    assert (reload(reviewed).state, reviewed.reason) == ("rejected", "Skan jest nieczytelny")
    assert told("name_rejected") == [("Nowak OC", agency, admin)]
    mail = mails_after(reviewed, language)
    assert mail.subject == subject
    assert "Skan jest nieczytelny" in mail.body
    assert f"/ustawienia/podpisy/{reviewed.pk}/" in mail.body


def test_a_mail_that_is_no_longer_true_is_not_sent(reviewed: SenderName, admin: User) -> None:
    reject(sender_name_id=reviewed.pk, reason="Nie", decided_by=admin)
    SenderName.objects.update(state="submitted")
    assert deliver_mails() == []


# --- revoked --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("en", "The sender name Nowak OC was revoked"),
        ("pl", "Podpis nadawcy Nowak OC został cofnięty"),
    ],
)
def test_a_revoked_name_leaves_the_gateway_and_the_owner_is_told(
    language: str,
    subject: str,
    agency: Agency,
    owner: User,
    admin: User,
    gateway: NamesGateway,
) -> None:
    name = own_name(agency, "authorised")
    revoke(sender_name_id=name.pk, reason="Skarga", revoked_by=admin)
    assert (reload(name).state, name.registration) == ("revoked", "leaving")
    with pytest.raises(DecidedAlready):
        revoke(sender_name_id=name.pk, reason="Skarga", revoked_by=admin)
    gateway.answers = ["down"]
    assert not registration.ask_gateway(name.pk)
    SenderName.objects.update(next_check_at=timezone.now())
    assert registration.ask_gateway(name.pk)
    assert gateway.asked == [("remove", "Nowak OC")] * 2
    assert (reload(name).registration, name.next_check_at) == ("none", None)
    assert told("name_revoked") == [("Nowak OC", agency, admin)]
    mail = mails_after(name, language)
    assert mail.subject == subject
    assert "Skarga" in mail.body


def test_a_name_that_another_agency_uses_stays_at_the_gateway(
    agency: Agency, other_agency: Agency, owner: User, admin: User, gateway: NamesGateway
) -> None:
    name = own_name(agency, "authorised")
    own_name(other_agency, "authorised")
    revoke(sender_name_id=name.pk, reason="Skarga", revoked_by=admin)
    assert registration.ask_gateway(name.pk)
    assert gateway.asked == []
    assert reload(name).registration == "none"


def test_a_yes_that_was_taken_back_meanwhile_is_not_overruled_by_the_gateway(
    reviewed: SenderName, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(NamesGateway):
        def register_sender(self, name: str) -> SenderStatus:
            revoke(sender_name_id=reviewed.pk, reason="Pomylka", revoked_by=admin)
            return super().register_sender(name)

    monkeypatch.setattr(registration, "current_gateway", lambda: Slow("active"))
    approve(sender_name_id=reviewed.pk, decided_by=admin)
    assert not registration.ask_gateway(reviewed.pk)
    assert (reload(reviewed).state, reviewed.registration) == ("revoked", "leaving")


# --- shared and permitted -------------------------------------------------------------------------


def test_a_shared_name_is_offered_once_the_gateway_has_it(
    admin: User, gateway: NamesGateway
) -> None:
    shared = offer_shared(name="Polisa Info", offered_by=admin)
    assert shared.state == "revoked"
    with pytest.raises(Taken):
        offer_shared(name="Polisa Info", offered_by=admin)
    gateway.answers = ["active"]
    assert registration.ask_gateway(shared.pk)
    assert reload(shared).state == "authorised"
    revoke(sender_name_id=shared.pk, reason="Dosc", revoked_by=admin)
    assert reload(shared).state == "revoked"
    offer_again(sender_name_id=shared.pk, offered_by=admin)
    with pytest.raises(DecidedAlready):
        offer_again(sender_name_id=shared.pk, offered_by=admin)
    assert reload(shared).waits_for_gateway
    assert deliver_mails() == []


def test_a_shared_name_that_the_networks_refuse_stays_off_the_list(
    admin: User, gateway: NamesGateway
) -> None:
    shared = offer_shared(name="Polisa Info", offered_by=admin)
    gateway.answers = ["rejected"]
    assert registration.ask_gateway(shared.pk)
    assert (reload(shared).state, shared.registration) == ("revoked", "refused")
    assert shared.reason


def test_an_agencys_own_name_is_not_offered_to_all(
    agency: Agency, owner: User, admin: User
) -> None:
    name = own_name(agency, "revoked")
    with pytest.raises(DecidedAlready):
        offer_again(sender_name_id=name.pk, offered_by=admin)


def test_permitting_makes_a_draft_and_is_told(agency: Agency, owner: User, admin: User) -> None:
    own = permit(agency=agency, name="PZU Nowak", permitted_by=admin)
    assert (own.state, own.permitted_by) == ("draft", admin)
    assert permit(agency=agency, name="PZU Nowak", permitted_by=admin).pk == own.pk
    assert told("name_permitted") == [("PZU Nowak", agency, admin)] * 2
    SenderName.objects.update(state="submitted")
    with pytest.raises(Taken):
        permit(agency=agency, name="PZU Nowak", permitted_by=admin)


# --- the sandbox's gateway itself -----------------------------------------------------------------


def test_a_name_goes_through_the_real_gateway(
    reviewed: SenderName, admin: User, sandbox: SandboxProcess
) -> None:
    current_gateway().remove_sender(reviewed.name)
    sandbox.networks(activate_names=False)
    approve(sender_name_id=reviewed.pk, decided_by=admin)
    assert not registration.ask_gateway(reviewed.pk)
    assert reload(reviewed).registration == "pending"
    sandbox.set_sender_status("Nowak OC", "ACTIVE")
    SenderName.objects.update(next_check_at=timezone.now())
    assert registration.ask_gateway(reviewed.pk)
    assert reload(reviewed).state == "authorised"
    revoke(sender_name_id=reviewed.pk, reason="Koniec", revoked_by=admin)
    assert registration.ask_gateway(reviewed.pk)
    assert "Nowak OC" not in sandbox.sender_names()
