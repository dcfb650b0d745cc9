"""Podpisy, as the operator's people see them: the queue, the decisions, shared and reserved names."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Agency, Event, User
from accounts.tests.pages import text_of
from messaging.models import ReservedName, SenderName
from messaging.reserved_names import reserved_name_like
from messaging.tests.sender_cases import PDF, own_name, shared_name

pytestmark = pytest.mark.django_db

QUEUE = "/operator/podpisy/"


def with_document(agency: Agency, state: str) -> SenderName:
    own = own_name(agency)
    SenderName.objects.filter(pk=own.pk).update(state=state, submitted_at=timezone.now())
    own.refresh_from_db()
    return own


def told(kind: str) -> tuple[str, User | None]:
    event = Event.objects.get(kind=kind)
    return event.subject, event.person


# --- the queue ------------------------------------------------------------------------------------


def test_an_empty_queue_says_so(as_admin: Client) -> None:
    assert "Nothing waits" in text_of(as_admin.get(QUEUE))


def test_the_queue_and_the_lists_by_status(agency: Agency, owner: User, as_support: Client) -> None:
    own_name(agency, "submitted", "Czeka OC")
    own_name(agency, "rejected", "Zla OC")
    waiting = text_of(as_support.get(QUEUE))
    assert "Czeka OC Ubezpieczenia Anna Żółć" in waiting
    assert "Zla OC" not in waiting
    assert "Zla OC" in text_of(as_support.get(f"{QUEUE}?state=rejected"))
    assert "None here" in text_of(as_support.get(f"{QUEUE}?state=revoked"))
    assert "Czeka OC" in text_of(as_support.get(f"{QUEUE}?state=odd"))


def test_the_dashboard_tells_how_many_wait_and_for_how_long(
    agency: Agency, owner: User, as_support: Client, as_clerk: Client
) -> None:
    assert "Sender names waiting 0 all are decided" in text_of(as_support.get("/pulpit/"))
    then = timezone.now() - timedelta(days=3, minutes=1)
    own_name(agency, "submitted", submitted_at=then)
    assert "Sender names waiting 1 the oldest for 3 days" in text_of(as_support.get("/pulpit/"))
    assert "Sender names waiting" not in text_of(as_clerk.get("/pulpit/"))


# --- one name -------------------------------------------------------------------------------------


def test_everything_that_helps_to_decide_is_on_one_page(
    agency: Agency, other_agency: Agency, owner: User, as_admin: Client
) -> None:
    name = own_name(agency, "in_review")
    own_name(agency, "authorised", "Nowak AC")
    own_name(other_agency, "submitted", "N0wak-OC")
    text = text_of(as_admin.get(f"{QUEUE}{name.pk}/"))
    assert "It looks like N0wak-OC of Jan Łęcki." in text
    assert "NIP 1111111111 Address ul. Świętej Jadwigi 12/4, 45-221 Opole" in text
    assert "Nowak AC Authorised" in text
    assert "2026-11-01 Anna Żółć" in text


def test_the_document_is_downloaded_and_the_agencys_trail_tells_by_whom(
    agency: Agency, owner: User, as_support: Client
) -> None:
    name = with_document(agency, "submitted")
    response = as_support.get(f"{QUEUE}{name.pk}/dokument/")
    assert response.content == PDF
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    event = Event.objects.get(kind="name_file_fetched")
    assert (event.agency, event.person.full_name) == (agency, "Zofia Pomoc")


def test_the_way_of_a_name_through_the_operators_hands(
    agency: Agency, owner: User, admin: User, as_admin: Client
) -> None:
    name = with_document(agency, "submitted")
    page = f"{QUEUE}{name.pk}/"
    assert "Approve" not in text_of(as_admin.get(page))
    text = text_of(as_admin.post(f"{page}wez/", follow=True))
    assert "Who decides Olga Admin" in text
    text = text_of(as_admin.post(f"{page}zatwierdz/", follow=True))
    assert "Approved. The name is authorised as soon as the gateway has it." in text
    assert "Waiting for the gateway" in text
    assert told("name_approved") == ("Nowak OC", admin)
    text = text_of(
        as_admin.post(f"{page}cofnij/", {"revoke-reason": " Skarga \r\n klienta "}, follow=True)
    )
    assert "Revoked. Nothing more is sent under this name." in text
    assert "Reason Skarga klienta" in text
    name.refresh_from_db()
    assert (name.state, name.registration) == ("revoked", "leaving")


def test_a_rejection_needs_a_reason_and_keeps_it(
    agency: Agency, owner: User, admin: User, as_admin: Client
) -> None:
    name = own_name(agency, "in_review")
    page = f"{QUEUE}{name.pk}/"
    response = as_admin.post(f"{page}odrzuc/", {"reject-reason": "  "})
    assert response.status_code == 422
    assert "Write why: the agency must know what to mend." in text_of(response)
    text = text_of(as_admin.post(f"{page}odrzuc/", {"reject-reason": "Nieczytelny"}, follow=True))
    assert "Rejected. The agency gets a mail with the reason." in text
    assert told("name_rejected") == ("Nowak OC", admin)


def test_whoever_comes_second_is_told_how_it_stands(
    agency: Agency, owner: User, as_admin: Client
) -> None:
    name = own_name(agency, "rejected")
    page = f"{QUEUE}{name.pk}/"
    for step, data in (
        ("wez", {}),
        ("zatwierdz", {}),
        ("odrzuc", {"reject-reason": "Nie"}),
        ("cofnij", {"revoke-reason": "Nie"}),
    ):
        text = text_of(as_admin.post(f"{page}{step}/", data, follow=True))
        assert "Somebody else was quicker: this is how it stands now." in text
    assert not Event.objects.filter(kind__startswith="name_").exists()


def test_support_looks_and_does_not_decide(agency: Agency, owner: User, as_support: Client) -> None:
    name = own_name(agency, "in_review")
    assert "Approve" not in text_of(as_support.get(f"{QUEUE}{name.pk}/"))
    for step in ("wez", "zatwierdz", "odrzuc", "cofnij", "przywroc"):
        assert as_support.post(f"{QUEUE}{name.pk}/{step}/").status_code == 403


# --- shared names ---------------------------------------------------------------------------------


def test_a_shared_name_is_offered_and_taken_back(admin: User, as_admin: Client) -> None:
    text = text_of(as_admin.post(f"{QUEUE}wspolne/", {"name": "Polisa Info"}, follow=True))
    assert "Agencies can choose it as soon as the gateway has it." in text
    shared = SenderName.objects.get()
    assert shared.agency is None
    text = text_of(as_admin.post(f"{QUEUE}wspolne/", {"name": "Polisa Info"}))
    assert "This name is in the list already." in text
    as_admin.post(f"{QUEUE}{shared.pk}/cofnij/", {"revoke-reason": "Dosc"})
    shared.refresh_from_db()
    assert (shared.state, shared.approved_at) == ("revoked", None)
    as_admin.post(f"{QUEUE}{shared.pk}/przywroc/")
    shared.refresh_from_db()
    assert shared.waits_for_gateway


def test_support_offers_none(as_support: Client) -> None:
    shared_name()
    assert "Polisa Info Offered" in text_of(as_support.get(f"{QUEUE}wspolne/"))
    assert as_support.post(f"{QUEUE}wspolne/", {"name": "Inna OC"}).status_code == 403


# --- permitted names ------------------------------------------------------------------------------


def test_a_reserved_name_is_permitted_to_the_agency_that_has_the_right_to_it(
    agency: Agency, owner: User, as_admin: Client, as_owner: Client
) -> None:
    data = {"agency": "7K3M-9QW3", "name": "PZU Nowak"}
    text = text_of(as_admin.post(f"{QUEUE}dla-agencji/", data, follow=True))
    assert "Ubezpieczenia Anna Żółć can now submit PZU Nowak" in text
    own = agency.sender_names.get()
    page = text_of(as_owner.get(f"/ustawienia/podpisy/{own.pk}/"))
    assert "The operator permitted your agency to ask for this name" in page


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"agency": "XXXX", "name": "PZU Nowak"}, "No agency has this registration code or NIP."),
        ({"agency": "7K3M9QW3", "name": "PZU Żółć"}, "Only letters without Polish accents"),
    ],
)
def test_what_cannot_be_permitted_is_said_beside_the_field(
    data: dict[str, str], message: str, agency: Agency, as_admin: Client
) -> None:
    response = as_admin.post(f"{QUEUE}dla-agencji/", data)
    assert response.status_code == 422
    assert message in text_of(response)


# --- reserved words -------------------------------------------------------------------------------

WORDS = f"{QUEUE}zastrzezone/"


def test_a_word_is_reserved_and_freed(admin: User, as_admin: Client) -> None:
    assert reserved_name_like("Krokus OC") is None
    data = {"word": " Krokus ", "kind": "insurer", "reach": "word"}
    assert "Krokus is reserved." in text_of(as_admin.post(WORDS, data, follow=True))
    assert told("word_reserved") == ("Krokus", admin)
    found = reserved_name_like("Krokus OC")
    assert found is not None
    text = text_of(as_admin.post(f"{WORDS}{found.pk}/usun/", follow=True))
    assert "Krokus is no longer reserved." in text
    assert told("word_freed") == ("Krokus", admin)
    assert reserved_name_like("Krokus OC") is None


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("pzu", "This word is in the list already."),
        ("Ż", "Write at least two letters or digits"),
        ("", "This field is required."),
        ("x" * 31, "at most 30 characters"),
    ],
)
def test_what_is_no_new_word_is_said_beside_the_field(
    word: str, message: str, as_admin: Client
) -> None:
    before = ReservedName.objects.count()
    response = as_admin.post(WORDS, {"word": word, "kind": "bank", "reach": "name"})
    assert response.status_code == 422
    assert message in text_of(response)
    assert ReservedName.objects.count() == before


def test_a_name_can_be_tried_against_the_list(as_support: Client) -> None:
    assert "Refused: it looks like PZU" in text_of(as_support.get(WORDS, {"name": "P2U"}))
    assert "It looks like none of them" in text_of(as_support.get(WORDS, {"name": "Opluska"}))
    assert as_support.get(WORDS, {"name": "\0<script>" * 99}).status_code == 200


def test_support_reads_the_list_and_leaves_it(as_support: Client) -> None:
    assert "mBank" in text_of(as_support.get(WORDS))
    assert as_support.post(WORDS, {"word": "Krokus"}).status_code == 403
    word = ReservedName.objects.first()
    assert word is not None
    assert as_support.post(f"{WORDS}{word.pk}/usun/").status_code == 403
