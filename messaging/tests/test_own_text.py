"""A text of one's own instead of a template, and the draft seen through its clients."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import Agency
from accounts.tests.pages import text_of
from messaging import campaigns
from messaging.models import Campaign
from messaging.tests.book import client_of, draft_for


def write(client: Client, contact_ids: list[int], **fields: str) -> Any:
    form = {"own_text": "1", "body": "Dzien dobry, {imie}.", "category": "service"}
    return client.post("/wysylki/nowa/", {"contact": contact_ids, **form, **fields}, follow=True)


def test_an_own_text_becomes_a_draft_without_a_template(agency: Agency, as_owner: Client) -> None:
    contact = client_of(agency)
    page = write(as_owner, [contact.pk], name="Urlop biura", category="marketing")
    draft = Campaign.objects.get()
    assert page.redirect_chain == [(f"/wysylki/{draft.pk}/", 302)]
    assert (draft.name, draft.body, draft.category) == (
        "Urlop biura",
        "Dzien dobry, {imie}.",
        "marketing",
    )
    assert (draft.template, draft.template_type, draft.is_contractual) == (None, "own", False)
    assert campaigns.chosen(draft) == [contact.pk]


def test_without_a_name_it_is_called_what_it_is(agency: Agency, as_owner: Client) -> None:
    write(as_owner, [client_of(agency).pk])
    assert Campaign.objects.get().name == "Own message"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("", "Write the text of the message."),
        ("Żółw", "ó"),
        ("Dzien dobry, {imie", "A brace { or } stands alone."),
        ("Nr {cos}", "There is no field {cos}."),
        ("x" * 1601, "at most 1600"),
    ],
)
def test_a_text_that_cannot_be_sent_is_kept_with_what_is_wrong(
    body: str, problem: str, agency: Agency, as_owner: Client
) -> None:
    contact = client_of(agency)
    page = write(as_owner, [contact.pk], body=body, name="Moja")
    assert page.status_code == 422
    assert problem in text_of(page)
    html = page.content.decode()
    assert body in html
    assert 'value="Moja"' in html
    assert f'name="contact" value="{contact.pk}"' in html
    assert not Campaign.objects.exists()


def test_an_unknown_category_is_refused(agency: Agency, as_owner: Client) -> None:
    assert write(as_owner, [client_of(agency).pk], category="x").status_code == 422


def test_the_preview_of_an_own_text_has_no_test_message(agency: Agency, as_owner: Client) -> None:
    client_of(agency)
    form = {"own_text": "1", "type": "own", "body": "Dzien dobry, {imie}.", "category": "service"}
    page = as_owner.post("/wzory/podglad/", form)
    assert "Dzien dobry, Jan." in text_of(page)
    assert "test-button" not in page.content.decode()


def test_a_draft_is_seen_through_one_client_after_another(agency: Agency, as_owner: Client) -> None:
    people = [client_of(agency, number) for number in range(4)]
    people[1].vehicles.all().delete()
    draft = draft_for(agency, *people)
    review = as_owner.get(f"/wysylki/{draft.pk}/")
    assert "Badanie OP10000 do 15.12.2026. Kowalski Jan 600 100 000 1 part, 0,29 zł" in text_of(
        review
    )
    address = f"/wysylki/{draft.pk}/odbiorca/"
    assert "OP10002" in text_of(as_owner.get(address, {"at": "1"}))
    assert "OP10000" in text_of(as_owner.get(address, {"at": "1", "back": "1"}))
    last = as_owner.get(address, {"at": "3"})
    assert "4 of 4" in text_of(last)
    assert last.content.decode().count("disabled") == 1


@pytest.mark.parametrize("at", ["x", "-1", "", "9" * 18, "9" * 30])
def test_a_senseless_place_shows_somebody(at: str, agency: Agency, as_owner: Client) -> None:
    draft = draft_for(agency, client_of(agency))
    assert "OP10000" in text_of(as_owner.get(f"/wysylki/{draft.pk}/odbiorca/", {"at": at}))


def test_a_draft_that_nobody_gets_has_no_preview(
    agency: Agency, as_owner: Client, as_stranger: Client
) -> None:
    draft = draft_for(agency, client_of(agency, phone=""))
    assert as_owner.get(f"/wysylki/{draft.pk}/odbiorca/").status_code == 404
    assert as_stranger.get(f"/wysylki/{draft.pk}/odbiorca/").status_code == 404
    assert as_owner.get(f"/wysylki/{draft.pk}/").status_code == 200
