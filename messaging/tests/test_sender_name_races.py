"""Two people at the same name at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Agency, Event, User
from accounts.tests.races import run_together
from messaging import sender_name_registration as registration
from messaging.models import SenderName
from messaging.sender_name_requests import NotInYourHands, draft_name, rename, submit
from messaging.sender_name_reviews import DecidedAlready, approve, reject, revoke, take
from messaging.taken import Taken
from messaging.tests.sender_cases import NamesGateway, own_name

pytestmark = pytest.mark.django_db(transaction=True)


def both(*actions: Callable[[], Any]) -> list[Any]:
    return run_together(len(actions), lambda number: actions[number]())


def kinds(results: list[Any]) -> set[type]:
    return {type(result) for result in results}


def test_two_decide_at_once_and_one_decision_stands(
    agency: Agency, owner: User, admin: User
) -> None:
    name = own_name(agency, "in_review")
    results = both(
        lambda: approve(sender_name_id=name.pk, decided_by=admin),
        lambda: reject(sender_name_id=name.pk, reason="Nie", decided_by=admin),
    )
    assert kinds(results) == {type(None), DecidedAlready}
    name.refresh_from_db()
    assert (name.state == "rejected") != (name.approved_at is not None)
    assert Event.objects.filter(kind__in=["name_approved", "name_rejected"]).count() == 1


def test_two_take_it_and_one_has_it(agency: Agency, owner: User, admin: User) -> None:
    name = own_name(agency, "submitted")
    results = run_together(4, lambda _n: take(sender_name_id=name.pk, reviewer=admin))
    assert sorted(results) == [False, False, False, True]


def test_submitting_twice_at_once_submits_once(agency: Agency, owner: User) -> None:
    name = own_name(agency)
    results = run_together(4, lambda _n: submit(sender_name_id=name.pk, submitted_by=owner))
    assert sorted(results) == [False, False, False, True]
    assert Event.objects.filter(kind="name_submitted").count() == 1


def test_asking_twice_for_one_name_makes_one(agency: Agency) -> None:
    results = run_together(3, lambda _n: draft_name(agency=agency, name="Nowak OC"))
    assert sum(isinstance(result, Taken) for result in results) == 2
    assert SenderName.objects.count() == 1


def test_what_is_submitted_is_what_is_decided_on(agency: Agency, owner: User) -> None:
    """Renamed and submitted at once, the name in the queue is one of the two, whole."""
    name = own_name(agency)
    results = both(
        lambda: submit(sender_name_id=name.pk, submitted_by=owner),
        lambda: rename(sender_name_id=name.pk, name="Nowak AC"),
    )
    name.refresh_from_db()
    assert name.state == "submitted"
    was_renamed = not isinstance(results[1], NotInYourHands)
    assert name.name == ("Nowak AC" if was_renamed else "Nowak OC")
    assert Event.objects.get(kind="name_submitted").subject.startswith(name.name)


def test_a_decision_while_the_agency_edits_is_on_what_was_submitted(
    agency: Agency, owner: User, admin: User
) -> None:
    name = own_name(agency, "in_review")
    results = both(
        lambda: rename(sender_name_id=name.pk, name="Inna OC"),
        lambda: approve(sender_name_id=name.pk, decided_by=admin),
    )
    assert isinstance(results[0], NotInYourHands)
    name.refresh_from_db()
    assert (name.name, name.approved_at is not None) == ("Nowak OC", True)


def test_revoking_and_asking_the_gateway_at_once_never_leaves_it_authorised(
    agency: Agency, owner: User, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever comes first, the name is revoked, and the last thing that the gateway hears is to remove it."""
    gateway = NamesGateway("active", "active")
    monkeypatch.setattr(registration, "current_gateway", lambda: gateway)
    name = own_name(agency, "in_review")
    approve(sender_name_id=name.pk, decided_by=admin)
    both(
        lambda: registration.ask_gateway(name.pk),
        lambda: revoke(sender_name_id=name.pk, reason="Nie", revoked_by=admin),
    )
    name.refresh_from_db()
    assert name.state == "revoked"
    assert name.registration in ("leaving", "none")
    # Removed by the racing question, if that came second; else by the next one.
    registration.ask_gateway(name.pk)
    name.refresh_from_db()
    assert (name.state, name.registration) == ("revoked", "none")
    assert gateway.asked[-1] == ("remove", "Nowak OC")


def test_two_workers_ask_the_gateway_once(
    agency: Agency, owner: User, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = NamesGateway("pending")
    monkeypatch.setattr(registration, "current_gateway", lambda: gateway)
    name = own_name(agency, "in_review")
    approve(sender_name_id=name.pk, decided_by=admin)
    run_together(3, lambda _n: registration.ask_gateway(name.pk))
    assert gateway.asked == [("register", "Nowak OC")]
