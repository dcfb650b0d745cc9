"""An agency's own names: spelling, looks, statement, submission."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from accounts import documents
from accounts.closing import AgencyClosed
from accounts.models import Agency, Event, User
from messaging.closing import close_account
from messaging.models import SenderName, SenderNameFile
from messaging.sender_name_requests import (
    NameRefused,
    NotInYourHands,
    check_looks,
    check_spelling,
    discard,
    draft_name,
    rename,
    submit,
)
from messaging.sender_name_reviews import permit
from messaging.taken import Taken
from messaging.tests.sender_cases import own_name, shared_name

pytestmark = pytest.mark.django_db


def refusal(name: str) -> str:
    with pytest.raises(NameRefused) as caught:
        check_spelling(name)
    assert caught.value.message
    return caught.value.code


# --- spelling -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["OC1", "Nowak OC", "A.B-C 24", "ABCDEFGHIJK", "abcdefghijk", "24h", "J. Nowak"]
)
def test_a_name_that_telephones_show_passes(name: str) -> None:
    check_spelling(name)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "length"),
        ("AB", "length"),
        ("ABCDEFGHIJKL", "length"),
        ("Żółć OC", "characters"),
        ("Nowak&Syn", "characters"),
        ("Nowak_OC", "characters"),
        ("Nowak/OC", "characters"),
        ("Nowak\tOC", "characters"),
        ("Nowak\u00a0OC", "characters"),
        ("Now\u0430k", "characters"),
        ("Nowak\n", "characters"),
        ("Nowak\0", "characters"),
        ("123", "no_letter"),
        ("48 600-100", "no_letter"),
        ("...", "no_letter"),
        (" Nowak", "spaces"),
        ("Nowak ", "spaces"),
        ("Nowak  OC", "spaces"),
    ],
)
def test_what_no_telephone_shows_is_refused(name: str, code: str) -> None:
    assert refusal(name) == code


@given(st.text(max_size=14))
def test_what_passes_fits_the_networks(name: str) -> None:
    try:
        check_spelling(name)
    except NameRefused:
        return
    assert 3 <= len(name) <= 11
    assert name.isascii()
    assert name == name.strip()


# --- looks ----------------------------------------------------------------------------------------


def test_nobody_may_pose_as_another_entity(agency: Agency, db: None) -> None:
    """Smishing is to impersonate another entity by SMS.

    Art. 3 and art. 30 of the Ustawa z 28.07.2023 o zwalczaniu nadużyć w komunikacji elektronicznej (Dz.U. 2023
    poz. 1703).
    """
    for name in ("PZU", "P2U Nowak", "rnBank", "W4rta"):
        with pytest.raises(NameRefused) as caught:
            check_looks(name, agency)
        assert caught.value.code == "reserved"


@pytest.mark.parametrize("name", ["ZUS", "Z.U.S", "GOV", "Policja", "Alert RCB", "e-Urzad", "UKE"])
def test_names_of_public_bodies_are_theirs_alone(name: str, agency: Agency, db: None) -> None:
    """Sender names (nadpisy) of public bodies are reserved for them, with what may be mistaken for them.

    Art. 1(4) of the Ustawa z 28.07.2023 o zwalczaniu nadużyć w komunikacji elektronicznej (Dz.U. 2023 poz. 1703):
    the law settles the sending of SMS with nadpisy for public bodies.
    """
    with pytest.raises(NameRefused) as caught, translation.override("en"):
        check_looks(name, agency)
    assert "(public body)" in caught.value.message


def test_the_refusal_names_the_brand_and_where_to_write(agency: Agency, db: None) -> None:
    with pytest.raises(NameRefused) as caught, translation.override("en"):
        check_looks("PZU Nowak", agency)
    assert "“PZU” (insurer)" in caught.value.message
    assert "write to mps@mps.example" in caught.value.message


@pytest.mark.parametrize("name", ["Bramka SMS", "Bramka-SMS", "BramkaSMS", "Polisa lnfo"])
def test_a_shared_name_is_chosen_and_not_asked_for(name: str, agency: Agency) -> None:
    shared_name("Polisa Info")
    with pytest.raises(NameRefused) as caught:
        check_looks(name, agency)
    assert caught.value.code == "shared"


def test_a_permitted_name_is_permitted_to_one_agency_and_so_spelled(
    agency: Agency, other_agency: Agency, admin: User, db: None
) -> None:
    permit(agency=agency, name="PZU Nowak", permitted_by=admin)
    check_looks("PZU Nowak", agency)
    for name, asker in (("PZU Nowak", other_agency), ("PZU NOWAK", agency), ("PZU", agency)):
        with pytest.raises(NameRefused):
            check_looks(name, asker)


def test_renaming_a_permitted_name_ends_the_permission(
    agency: Agency, owner: User, admin: User, db: None
) -> None:
    own = permit(agency=agency, name="PZU Nowak", permitted_by=admin)
    renamed = rename(sender_name_id=own.pk, name="Nowak OC")
    assert renamed.permitted_at is None
    with pytest.raises(NameRefused):
        check_looks("PZU Nowak", agency)


# --- drafts ---------------------------------------------------------------------------------------


def test_an_agency_has_a_name_once(agency: Agency, other_agency: Agency) -> None:
    draft_name(agency=agency, name="Nowak OC")
    with pytest.raises(Taken):
        draft_name(agency=agency, name="Nowak OC")
    other = draft_name(agency=other_agency, name="Nowak OC")
    assert other.state == "draft"
    third = draft_name(agency=agency, name="Nowak AC")
    with pytest.raises(Taken):
        rename(sender_name_id=third.pk, name="Nowak OC")
    third.refresh_from_db()
    assert third.name == "Nowak AC"


def test_only_a_draft_that_was_never_submitted_is_thrown_away(agency: Agency, owner: User) -> None:
    """What was stated, by whom and when, stays as evidence of the right that was claimed."""
    draft = own_name(agency)
    assert discard(sender_name_id=draft.pk)
    assert not SenderNameFile.objects.exists()
    assert not discard(sender_name_id=draft.pk)
    for state in ("submitted", "in_review", "authorised", "rejected", "revoked"):
        assert not discard(sender_name_id=own_name(agency, state, f"Nowak {state[:4]}").pk)


# --- submission -----------------------------------------------------------------------------------


def test_submitting_keeps_the_statement_its_version_who_and_when(
    agency: Agency, owner: User
) -> None:
    """The right to a name is shown by a statement with a document: it must be provable who gave it, and to what."""
    own = own_name(agency)
    assert submit(sender_name_id=own.pk, submitted_by=owner)
    own.refresh_from_db()
    assert own.state == "submitted"
    assert own.statement_version == documents.SENDER_STATEMENT.current
    assert own.statement_accepted_by == owner
    assert timezone.now() - own.statement_accepted_at < timedelta(minutes=1)
    event = Event.objects.get(kind="name_submitted")
    assert (event.subject, event.agency, event.person) == ("Nowak OC · 2026-11-01", agency, owner)


def test_submitting_twice_is_submitting_once(agency: Agency, owner: User) -> None:
    own = own_name(agency)
    assert submit(sender_name_id=own.pk, submitted_by=owner)
    assert not submit(sender_name_id=own.pk, submitted_by=owner)
    assert Event.objects.filter(kind="name_submitted").count() == 1


def test_nothing_is_submitted_without_a_document(agency: Agency, owner: User) -> None:
    own = draft_name(agency=agency, name="Nowak OC")
    with pytest.raises(NameRefused):
        submit(sender_name_id=own.pk, submitted_by=owner)
    own.refresh_from_db()
    assert own.state == "draft"


def test_a_word_reserved_since_stops_the_submission(agency: Agency, owner: User, db: None) -> None:
    own = own_name(agency, name="Warta Nowak")
    with pytest.raises(NameRefused):
        submit(sender_name_id=own.pk, submitted_by=owner)


@pytest.mark.parametrize("state", ["rejected", "revoked"])
def test_what_was_turned_down_is_mended_and_submitted_again(
    state: str, agency: Agency, owner: User
) -> None:
    own = own_name(agency, state, reason="Nieczytelny skan")
    assert submit(sender_name_id=own.pk, submitted_by=owner)
    own.refresh_from_db()
    assert (own.state, own.reason, own.reviewed_by) == ("submitted", "", None)


@pytest.mark.parametrize("state", ["submitted", "in_review", "authorised"])
def test_what_is_with_the_operator_does_not_change(state: str, agency: Agency, owner: User) -> None:
    own = own_name(agency, state)
    with pytest.raises(NotInYourHands):
        rename(sender_name_id=own.pk, name="Inna")
    assert not submit(sender_name_id=own.pk, submitted_by=owner)


def test_a_closed_agency_submits_nothing(agency: Agency, owner: User) -> None:
    own = own_name(agency)
    close_account(agency=agency, at_once=False)
    with pytest.raises(AgencyClosed):
        submit(sender_name_id=own.pk, submitted_by=owner)


# --- the tables -----------------------------------------------------------------------------------


def test_nothing_is_authorised_on_the_agencys_word_alone(agency: Agency) -> None:
    """The database itself refuses a name that operator and gateway have not both said yes to."""
    for changes in ({}, {"approved_at": timezone.now()}, {"registration": "active"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SenderName.objects.create(agency=agency, name="Sam", state="authorised", **changes)
