from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import Agency
from accounts.tests.pages import text_of
from messaging.models import MessageTemplate
from messaging.tests.book import BODY, client_of, draft_for, template_of

NEW, PREVIEW = "/wzory/nowy/", "/wzory/podglad/"
CONTENT = {"name": "Badania", "type": "inspection", "body": BODY}


def test_without_templates_the_page_offers_to_write_one(as_owner: Client) -> None:
    text = text_of(as_owner.get("/wzory/"))
    assert "No templates yet" in text
    assert "New template" in text


def test_a_new_template_starts_with_a_text(as_owner: Client) -> None:
    page = as_owner.get(NEW, {"type": "oc_end"}).content.decode()
    assert "Dzien dobry. Polisa OC {nr_polisy} pojazdu {nr_rej} konczy sie {data_konca}." in page
    assert 'data-insert="nr_polisy"' in page


def test_a_template_is_saved(agency: Agency, as_owner: Client) -> None:
    response = as_owner.post(NEW, CONTENT, follow=True)
    assert response.redirect_chain == [("/wzory/", 302)]
    assert "The template is saved." in text_of(response)
    assert BODY in text_of(response)
    assert agency.templates.values("name", "type", "body").get() == CONTENT


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"body": "Dzień dobry, mija łączny…"},
            "may not be used in an SMS: ń → n, ł → l, ą → a, … → ...",
        ),
        ({"body": "Polisa {numer}"}, "There is no field {numer}."),
        ({"body": "Polisa {nr_polisy"}, "A brace { or } stands alone."),
        ({"body": " "}, "This field is required."),
        ({"body": "a" * 1531}, "With usual data the message has 11 parts; at most 10 are allowed."),
        ({"name": ""}, "This field is required."),
        ({"type": "inny"}, "Select a valid choice."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(
    changes: dict[str, str], reason: str, as_owner: Client
) -> None:
    response = as_owner.post(NEW, CONTENT | changes)
    assert response.status_code == 422
    assert reason in text_of(response)
    assert not MessageTemplate.objects.exists()


def test_a_name_is_used_once_in_an_agency(
    agency: Agency, other_agency: Agency, as_owner: Client, as_stranger: Client
) -> None:
    template_of(agency)
    response = as_owner.post(NEW, CONTENT)
    assert "You have a template of this name already." in text_of(response)
    as_stranger.post(NEW, CONTENT)
    assert (agency.templates.count(), other_agency.templates.count()) == (1, 1)


def test_a_changed_template_leaves_a_draft_as_it_was(agency: Agency, as_owner: Client) -> None:
    draft = draft_for(agency, client_of(agency))
    as_owner.post(f"/wzory/{draft.template_id}/", CONTENT | {"body": "Inny tekst"})
    draft.refresh_from_db()
    assert draft.template.body == "Inny tekst"
    assert draft.body == BODY


def test_a_removed_template_leaves_its_campaigns(agency: Agency, as_owner: Client) -> None:
    draft = draft_for(agency, client_of(agency))
    response = as_owner.post(f"/wzory/{draft.template_id}/usun/", follow=True)
    assert "The template “Badania 0” was removed." in text_of(response)
    assert not MessageTemplate.objects.exists()
    draft.refresh_from_db()
    assert (draft.template, draft.body) == (None, BODY)


@pytest.mark.parametrize(("method", "end"), [("get", ""), ("post", ""), ("post", "usun/")])
def test_a_strangers_template_does_not_exist(
    method: str, end: str, agency: Agency, as_stranger: Client
) -> None:
    template = template_of(agency)
    request: Any = getattr(as_stranger, method)
    assert request(f"/wzory/{template.pk}/{end}", CONTENT | {"body": "Inny"}).status_code == 404
    template.refresh_from_db()
    assert template.body == BODY


def test_the_preview_shows_a_real_clients_text_with_its_price(
    agency: Agency, as_owner: Client
) -> None:
    client_of(agency)
    text = text_of(as_owner.post(PREVIEW, CONTENT))
    assert "Bramka SMS Dzien dobry. Badanie OP10000 do 15.12.2026." in text
    assert "1 part, 0,29 zł as Kowalski Jan would get it" in text


def test_the_preview_counts_several_parts(as_owner: Client) -> None:
    text = text_of(as_owner.post(PREVIEW, CONTENT | {"body": "a" * 200}))
    assert "2 parts, 0,58 zł with made-up data" in text


def test_the_preview_never_borrows_the_data_of_others(agency: Agency, as_stranger: Client) -> None:
    client_of(agency)
    text = text_of(as_stranger.post(PREVIEW, CONTENT))
    assert "with made-up data" in text
    assert "OP10000" not in text


def test_the_preview_says_what_to_mend_first(as_owner: Client) -> None:
    text = text_of(as_owner.post(PREVIEW, {"type": "inspection", "body": "żółw {x}"}))
    assert "Before you can save it: There is no field {x}." in text
    assert "may not be used in an SMS: ż → z, ó → o, ł → l" in text
    assert not MessageTemplate.objects.exists()
