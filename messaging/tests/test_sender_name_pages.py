"""Podpisy nadawcy, as an agency's people see them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Agency, Event, User
from accounts.roles import Role
from accounts.tests.pages import browser, text_of
from messaging.document_files import MAX_BYTES
from messaging.models import SenderName, SenderNameFile
from messaging.sender_names import default_sender_name, sender_for
from messaging.tests.sender_cases import JPEG, PDF, PNG, choose, own_name, shared_name, upload

pytestmark = pytest.mark.django_db

LIST = "/ustawienia/podpisy/"


@pytest.fixture
def as_employee(agency: Agency) -> Client:
    return browser(
        User.objects.create_user(
            "piotr@zolc.example",
            "haslo-piotra",
            full_name="Piotr",
            role=Role.EMPLOYEE,
            agency=agency,
        )
    )


def draft(agency: Agency) -> SenderName:
    """A name without a document."""
    return SenderName.objects.create(agency=agency, name="Nowak OC")


# --- the list -------------------------------------------------------------------------------------


def test_an_agency_begins_with_the_default_name(as_owner: Client) -> None:
    text = text_of(as_owner.get(LIST))
    assert "What your messages are signed with Bramka SMS" in text
    assert "No name of your own yet" in text


def test_the_list_shows_shared_and_own_names_with_their_states(
    agency: Agency, other_agency: Agency, owner: User, as_owner: Client
) -> None:
    shared_name("Polisa Info")
    own_name(agency, "rejected", "Nowak AC", reason="Skan jest nieczytelny")
    own_name(agency, "authorised", "Nowak OC")
    own_name(other_agency, "authorised", "Lecki OC")
    text = text_of(as_owner.get(LIST))
    assert "Shared names Polisa Info" in text
    assert "Nowak AC Skan jest nieczytelny Rejected Nowak OC Authorised" in text
    assert "Lecki OC" not in text


def test_choosing_a_default_name(agency: Agency, owner: User, as_owner: Client) -> None:
    own = own_name(agency, "authorised")
    response = as_owner.post(f"{LIST}domyslny/", {"sender_name": own.pk}, follow=True)
    assert "Messages go out as Nowak OC." in text_of(response)
    assert sender_for(agency).name == "Nowak OC"
    as_owner.post(f"{LIST}domyslny/", {"sender_name": ""})
    assert default_sender_name(agency) is None


def test_a_default_that_is_not_authorised_is_saved_with_a_warning(
    agency: Agency, owner: User, as_owner: Client
) -> None:
    own = own_name(agency, "submitted")
    response = as_owner.post(f"{LIST}domyslny/", {"sender_name": own.pk}, follow=True)
    text = text_of(response)
    assert "Saved, but Nowak OC cannot be used: it has not been authorised yet." in text
    assert "You have chosen Nowak OC, but it has not been authorised yet." in text
    assert "Until then messages go out as Bramka SMS." in text


def test_nobody_chooses_what_is_not_theirs(
    agency: Agency, other_agency: Agency, as_owner: Client
) -> None:
    theirs = own_name(other_agency, "authorised", "Lecki OC")
    for wanted in (theirs.pk, 99999, "x", "-1", "9" * 30):
        assert as_owner.post(f"{LIST}domyslny/", {"sender_name": wanted}).status_code == 422
    assert default_sender_name(agency) is None


def test_an_employee_sees_and_changes_nothing(
    agency: Agency, owner: User, as_employee: Client
) -> None:
    own = own_name(agency)
    text = text_of(as_employee.get(LIST))
    assert "Nowak OC Draft" in text
    assert "The agency's owner chooses it." in text
    assert "Ask for your own name" not in text
    page = as_employee.get(f"{LIST}{own.pk}/")
    assert "Document and statement" not in text_of(page)
    for path in ("nowy/", f"{own.pk}/nazwa/", f"{own.pk}/dokument/"):
        assert as_employee.get(f"{LIST}{path}").status_code == 403
    for path in ("domyslny/", f"{own.pk}/zloz/", f"{own.pk}/usun/"):
        assert as_employee.post(f"{LIST}{path}").status_code == 403


# --- the name -------------------------------------------------------------------------------------


def test_a_good_name_becomes_a_draft(agency: Agency, as_owner: Client) -> None:
    response = as_owner.post(f"{LIST}nowy/", {"name": "Nowak OC"}, follow=True)
    own = agency.sender_names.get()
    assert response.redirect_chain == [(f"{LIST}{own.pk}/", 302)]
    assert "Not submitted yet" in text_of(response)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "This field is required."),
        ("AB", "A sender name has 3 to 11 characters."),
        ("Żółć OC", "Only letters without Polish accents"),
        (" Nowak", "No space at the beginning"),
        ("123", "At least one letter is needed"),
        ("P2U Nowak", "Clients would take it for “PZU” (insurer)."),
        ("BramkaSMS", "This is a shared name, or looks like one"),
        ("2way", "Clients would take it for “2way” (general word)."),
    ],
)
def test_a_bad_name_is_refused_beside_its_field_and_stays_there(
    name: str, message: str, as_owner: Client
) -> None:
    response = as_owner.post(f"{LIST}nowy/", {"name": name})
    assert response.status_code == 422
    assert message in text_of(response)
    assert f'value="{name}"' in response.content.decode() or not name
    assert not SenderName.objects.exists()


def test_a_name_that_the_agency_has_is_refused(agency: Agency, as_owner: Client) -> None:
    draft(agency)
    response = as_owner.post(f"{LIST}nowy/", {"name": "Nowak OC"})
    assert "Your agency has this name already." in text_of(response)


def test_a_draft_is_renamed_and_thrown_away(agency: Agency, as_owner: Client) -> None:
    own = draft(agency)
    as_owner.post(f"{LIST}{own.pk}/nazwa/", {"name": "Nowak AC"})
    own.refresh_from_db()
    assert own.name == "Nowak AC"
    response = as_owner.post(f"{LIST}{own.pk}/usun/", follow=True)
    assert "The draft was thrown away." in text_of(response)
    assert not SenderName.objects.exists()


# --- document and statement -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "typed_name", "content_type", "ending"),
    [
        (PDF, "krs.pdf", "application/pdf", "pdf"),
        (JPEG, "zdjecie.jpeg", "image/jpeg", "jpg"),
        (PNG, "zrzut.pdf", "image/png", "png"),
        (PDF, '"><script>.html', "application/pdf", "pdf"),
    ],
)
def test_a_document_is_kept_under_a_name_and_type_of_ours(
    content: bytes,
    typed_name: str,
    content_type: str,
    ending: str,
    agency: Agency,
    owner: User,
    as_owner: Client,
) -> None:
    own = draft(agency)
    data = {"file": upload(content, typed_name), "statement": "on"}
    response = as_owner.post(f"{LIST}{own.pk}/zloz/", data, follow=True)
    assert "Submitted. You will get a mail when the operator has decided." in text_of(response)
    assert "Statement of 2026-11-01 accepted by Anna Żółć" in text_of(response)
    own.refresh_from_db()
    assert own.state == "submitted"
    file = own.file
    assert (file.content_type, file.size) == (content_type, len(content))
    download = as_owner.get(f"{LIST}{own.pk}/dokument/")
    assert download.content == content
    assert download["Content-Type"] == content_type
    assert download["Content-Disposition"] == f'attachment; filename="podpis-{own.pk}.{ending}"'
    assert download["X-Content-Type-Options"] == "nosniff"
    assert download["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in download["Cache-Control"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty."),
        (b"MZ\x90\0" + b"\0" * 99, "This is no PDF, JPG or PNG file, whatever its name says."),
        (b"<svg/>", "This is no PDF, JPG or PNG file, whatever its name says."),
        (b"%PDF-1.7 <script>", "The file is damaged or not whole."),
        (PNG[:-5], "The file is damaged or not whole."),
        (PDF + b"\n" * MAX_BYTES, "The file is larger than 5 MB."),
    ],
)
def test_a_disguised_or_broken_file_is_refused_beside_its_field(
    content: bytes, message: str, agency: Agency, as_owner: Client
) -> None:
    own = draft(agency)
    data = {"file": upload(content, "krs.pdf"), "statement": "on"}
    response = as_owner.post(f"{LIST}{own.pk}/zloz/", data)
    assert response.status_code == 422
    assert message in text_of(response)
    assert not SenderNameFile.objects.exists()
    own.refresh_from_db()
    assert own.state == "draft"


def test_a_good_document_stays_when_the_statement_is_missing(
    agency: Agency, owner: User, as_owner: Client
) -> None:
    own = draft(agency)
    response = as_owner.post(f"{LIST}{own.pk}/zloz/", {"file": upload()})
    assert response.status_code == 422
    text = text_of(response)
    assert "Without the statement the name cannot be submitted." in text
    assert f"podpis-{own.pk}.pdf" in text
    assert "Another document instead" in text
    response = as_owner.post(f"{LIST}{own.pk}/zloz/", {"statement": "on"}, follow=True)
    assert "Submitted." in text_of(response)


def test_without_a_document_nothing_is_submitted(agency: Agency, as_owner: Client) -> None:
    own = draft(agency)
    response = as_owner.post(f"{LIST}{own.pk}/zloz/", {"statement": "on"})
    assert "Add the document that shows your right to the name." in text_of(response)
    own.refresh_from_db()
    assert own.state == "draft"


def test_the_statement_can_be_read_before_it_is_accepted(agency: Agency, as_owner: Client) -> None:
    """It says what smishing is and that it is punished: art. 3 and 30 of the act (Dz.U. 2023 poz. 1703)."""
    text = text_of(as_owner.get(f"{LIST}{draft(agency).pk}/"))
    assert "On behalf of the agency that submits the request I state" in text
    assert "under Article 3 of the Polish Act of 28 July 2023" in text
    assert "punishable under its Article 30" in text


def test_a_word_reserved_meanwhile_is_told_at_the_submission(
    agency: Agency, owner: User, as_owner: Client
) -> None:
    own = own_name(agency, name="Warta Nowak")
    response = as_owner.post(f"{LIST}{own.pk}/zloz/", {"statement": "on"})
    assert response.status_code == 422
    assert "Clients would take it for “Warta”" in text_of(response)


def test_the_reason_of_a_rejection_stands_above_the_second_attempt(
    agency: Agency, owner: User, as_owner: Client
) -> None:
    own = own_name(agency, "rejected", reason="Skan jest nieczytelny")
    text = text_of(as_owner.get(f"{LIST}{own.pk}/"))
    assert "The name was rejected: Skan jest nieczytelny" in text
    as_owner.post(f"{LIST}{own.pk}/zloz/", {"statement": "on"})
    own.refresh_from_db()
    assert own.state == "submitted"


@pytest.mark.parametrize("state", ["submitted", "in_review", "authorised"])
def test_what_is_with_the_operator_cannot_be_touched(
    state: str, agency: Agency, owner: User, as_owner: Client
) -> None:
    own = own_name(agency, state)
    answers = [
        as_owner.post(f"{LIST}{own.pk}/zloz/", {"file": upload(PNG), "statement": "on"}),
        as_owner.post(f"{LIST}{own.pk}/nazwa/", {"name": "Inna"}),
        as_owner.post(f"{LIST}{own.pk}/usun/"),
    ]
    assert [(answer.status_code, answer.url) for answer in answers] == [
        (302, f"{LIST}{own.pk}/")
    ] * 3
    own.refresh_from_db()
    assert (own.name, own.state) == ("Nowak OC", state)
    assert not SenderNameFile.objects.exists()


# --- strangers ------------------------------------------------------------------------------------


def test_a_stranger_never_sees_downloads_or_changes_a_name(
    agency: Agency, owner: User, as_stranger: Client
) -> None:
    own = own_name(agency)
    for path in ("", "nazwa/", "dokument/"):
        assert as_stranger.get(f"{LIST}{own.pk}/{path}").status_code == 404
    for path in ("zloz/", "usun/", "nazwa/"):
        data = {"statement": "on", "name": "Inna", "file": upload()}
        assert as_stranger.post(f"{LIST}{own.pk}/{path}", data).status_code == 404
    assert "Nowak OC" not in text_of(as_stranger.get(LIST))
    own.refresh_from_db()
    assert (own.state, own.name) == ("draft", "Nowak OC")
    assert not Event.objects.exists()


def test_a_shared_name_has_no_page_of_an_agencys(as_owner: Client) -> None:
    assert as_owner.get(f"{LIST}{shared_name().pk}/").status_code == 404


def test_the_review_of_a_campaign_leads_here(agency: Agency, owner: User, as_owner: Client) -> None:
    own = own_name(agency, "revoked", reason="Skarga")
    choose(agency, own)
    assert "You have chosen Nowak OC, but it was revoked." in text_of(as_owner.get(LIST))


def test_while_the_gateway_is_asked_the_page_asks_for_its_moving_part(
    agency: Agency, owner: User, as_owner: Client
) -> None:
    own = own_name(agency, "in_review", approved_at=timezone.now(), registration="pending")
    page = as_owner.get(f"{LIST}{own.pk}/")
    assert f'hx-get="{LIST}{own.pk}/"' in page.content.decode()
    SenderName.objects.filter(pk=own.pk).update(state="authorised", registration="active")
    part = as_owner.get(f"{LIST}{own.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "Messages may carry this name." in part
    assert "<html" not in part
    assert "hx-get" not in part
