from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import Agency
from accounts.tests.pages import text_of
from messaging.models import MessageTemplate, StartedTemplates
from messaging.template_types import TemplateType
from messaging.tests.book import BODY, client_of, draft_for, template_of

NEW = "/wzory/nowy/"
CONTENT = {"name": "Badania", "type": "inspection", "body": BODY}


@pytest.fixture(autouse=True)
def _only_own_templates(agency: Agency, other_agency: Agency) -> None:
    for each in (agency, other_agency):
        StartedTemplates.objects.create(agency=each)


def test_whoever_removed_all_is_offered_to_write_one(agency: Agency, as_owner: Client) -> None:
    text = text_of(as_owner.get("/wzory/"))
    assert "No templates yet" in text
    assert "New template" in text


def test_a_new_template_starts_with_a_text(as_owner: Client) -> None:
    page = as_owner.get(NEW, {"type": "oc_end"}).content.decode()
    assert "Dzien dobry. Polisa OC {nr_polisy} pojazdu {nr_rej} konczy sie {data_konca}." in page
    assert 'data-insert="nr_polisy"' in page


def test_a_new_template_has_a_name_that_is_free(agency: Agency, as_owner: Client) -> None:
    template_of(agency, name="Vehicle inspection")
    page = as_owner.get(NEW)
    assert page.context["form"]["name"].value() == "Vehicle inspection (2)"


def test_the_first_visit_finds_one_template_of_each_type(agency: Agency, as_owner: Client) -> None:
    StartedTemplates.objects.all().delete()
    assert "Badanie techniczne pojazdu" in text_of(as_owner.get("/wzory/"))
    assert agency.templates.count() == len(TemplateType)


def test_a_template_is_saved(agency: Agency, as_owner: Client) -> None:
    response = as_owner.post(NEW, CONTENT, follow=True)
    assert response.redirect_chain == [("/wzory/", 302)]
    assert "The template is saved." in text_of(response)
    assert BODY in text_of(response)
    saved = agency.templates.values("name", "type", "body", "category", "is_contractual").get()
    assert saved == CONTENT | {"category": "service", "is_contractual": False}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"body": "Dzień dobry, mija łączny…"},
            "may not be used in an SMS: ń → n, ł → l, ą → a",
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


def test_what_was_used_goes_to_the_archive_and_not_away(agency: Agency, as_owner: Client) -> None:
    draft = draft_for(agency, client_of(agency))
    response = as_owner.post(f"/wzory/{draft.template_id}/usun/", follow=True)
    assert "“Badania 0” was used for a campaign: move it to the archive instead." in text_of(
        response
    )
    page = as_owner.get(f"/wzory/{draft.template_id}/").content.decode()
    assert f"/wzory/{draft.template_id}/usun/" not in page
    response = as_owner.post(f"/wzory/{draft.template_id}/archiwum/", follow=True)
    assert "The template “Badania 0” is in the archive." in text_of(response)
    assert agency.events.filter(kind="template_archived", subject="Badania 0").count() == 1
    draft.refresh_from_db()
    assert (draft.template_id is not None, draft.body) == (True, BODY)


def test_what_was_never_used_is_removed(agency: Agency, as_owner: Client) -> None:
    template = template_of(agency)
    response = as_owner.post(f"/wzory/{template.pk}/usun/", follow=True)
    assert "The template “Badania” was removed." in text_of(response)
    assert not agency.templates.exists()


def test_the_archive_is_behind_a_filter_and_gives_back(agency: Agency, as_owner: Client) -> None:
    template = template_of(agency)
    template_of(agency, name="Inne")
    as_owner.post(f"/wzory/{template.pk}/archiwum/")
    page = as_owner.get("/wzory/")
    assert [row["template"].name for row in page.context["rows"]] == ["Inne"]
    assert "1 in the archive" in text_of(page)
    archive = as_owner.get("/wzory/", {"archived": "1"})
    assert [row["template"].name for row in archive.context["rows"]] == ["Badania"]
    response = as_owner.post(f"/wzory/{template.pk}/przywroc/", follow=True)
    assert "The template “Badania” is back." in text_of(response)
    assert [row["template"].name for row in response.context["rows"]] == ["Inne", "Badania"]


def test_a_name_taken_meanwhile_is_told_before_the_old_one_comes_back(
    agency: Agency, as_owner: Client
) -> None:
    template = template_of(agency)
    as_owner.post(f"/wzory/{template.pk}/archiwum/")
    template_of(agency)
    response = as_owner.post(f"/wzory/{template.pk}/przywroc/", follow=True)
    assert "Another template is called “Badania” by now." in text_of(response)
    template.refresh_from_db()
    assert template.archived_at


def test_a_copy_is_opened_to_be_changed(agency: Agency, as_owner: Client) -> None:
    template = template_of(agency, is_contractual=True)
    response = as_owner.post(f"/wzory/{template.pk}/kopia/", follow=True)
    copy = agency.templates.get(name="Badania (2)")
    assert response.redirect_chain == [(f"/wzory/{copy.pk}/", 302)]
    assert (copy.body, copy.type, copy.is_contractual) == (BODY, "inspection", True)


def test_buttons_move_a_template_and_the_list_is_asked_for_alone(
    agency: Agency, as_owner: Client
) -> None:
    rows = [template_of(agency, name=name) for name in "ABC"]
    response = as_owner.post(
        f"/wzory/{rows[2].pk}/przesun/",
        {"direction": "up"},
        follow=True,
        headers={"HX-Request": "true"},
    )
    assert "<html" not in response.content.decode()
    assert [row["template"].name for row in response.context["rows"]] == ["A", "C", "B"]
    as_owner.post(f"/wzory/{rows[0].pk}/przesun/", {"direction": "sideways"})
    assert list(agency.templates.order_by("position").values_list("name", flat=True)) == [*"ACB"]


def test_the_list_tells_of_each_template_what_matters(agency: Agency, as_owner: Client) -> None:
    template_of(agency, name="Urodziny", type="birthday", category="marketing", body="a" * 161)
    wanted = agency.sender_names.create(name="NOWAK")
    template_of(agency, name="Raty", type="instalment", is_contractual=True, sender_name=wanted)
    text = text_of(as_owner.get("/wzory/"))
    assert "Birthday Marketing usually 2 SMS parts" in text
    assert (
        "Instalment due Service needed by the contract usually 1 SMS part from Bramka SMS" in text
    )
    assert "NOWAK is not authorised" in text


def test_the_list_shows_one_type(agency: Agency, as_owner: Client) -> None:
    template_of(agency, name="Urodziny", type="own")
    template_of(agency)
    page = as_owner.get("/wzory/", {"type": "inspection"})
    assert [row["template"].name for row in page.context["rows"]] == ["Badania"]
    assert page.context["kinds"] == ["inspection", "own"]
    assert "Badania" in text_of(as_owner.get("/wzory/", {"type": "nonsense"}))


def test_wishes_and_offers_are_marketing_whatever_is_posted(
    agency: Agency, as_owner: Client
) -> None:
    wishes = {"name": "Urodziny", "type": "birthday", "body": "{imie}, wszystkiego najlepszego!"}
    as_owner.post(NEW, wishes | {"category": "service", "is_contractual": "on"})
    saved = agency.templates.get(name="Urodziny")
    assert (saved.category, saved.is_contractual) == ("marketing", False)


def test_a_service_message_may_be_needed_by_the_contract(agency: Agency, as_owner: Client) -> None:
    as_owner.post(NEW, CONTENT | {"category": "service", "is_contractual": "on"})
    as_owner.post(NEW, CONTENT | {"name": "B", "category": "marketing", "is_contractual": "on"})
    saved = agency.templates.order_by("id").values_list("category", "is_contractual")
    assert list(saved) == [("service", True), ("marketing", False)]


def test_pasted_typography_is_replaced_and_told(agency: Agency, as_owner: Client) -> None:
    response = as_owner.post(
        NEW, CONTENT | {"body": "„Polisa” – do\u00a0{data_badania}"}, follow=True
    )
    assert 'Replaced: „ with " (1), ” with " (1), – with - (1)' in text_of(response)
    assert agency.templates.get().body == '"Polisa" - do {data_badania}'


def test_nothing_typed_is_lost_when_polish_letters_are_refused(as_owner: Client) -> None:
    typed = CONTENT | {"body": "Dzień dobry", "name": "Moje", "category": "marketing"}
    response = as_owner.post(NEW, typed | {"test_phone": "600 700 800"})
    page = response.content.decode()
    assert response.status_code == 422
    for kept in ("Dzień dobry</textarea>", 'value="Moje"', 'value="600 700 800"'):
        assert kept in page
    assert response.context["form"]["category"].value() == "marketing"


def test_a_sender_name_of_others_cannot_be_chosen(
    agency: Agency, other_agency: Agency, as_owner: Client
) -> None:
    foreign = other_agency.sender_names.create(name="OBCY")
    own = agency.sender_names.create(name="WLASNY")
    page = as_owner.get(NEW).content.decode()
    assert "WLASNY (not authorised yet)" in page
    assert "OBCY" not in page
    assert "Select a valid choice" in text_of(
        as_owner.post(NEW, CONTENT | {"sender_name": foreign.pk})
    )
    as_owner.post(NEW, CONTENT | {"sender_name": own.pk})
    assert agency.templates.get().sender_name == own


@pytest.mark.parametrize(
    ("method", "end"),
    [
        ("get", ""),
        ("post", ""),
        ("post", "usun/"),
        ("post", "kopia/"),
        ("post", "przesun/"),
        ("post", "archiwum/"),
        ("post", "przywroc/"),
    ],
)
def test_a_strangers_template_does_not_exist(
    method: str, end: str, agency: Agency, as_stranger: Client
) -> None:
    template = template_of(agency)
    request: Any = getattr(as_stranger, method)
    assert request(f"/wzory/{template.pk}/{end}", CONTENT | {"body": "Inny"}).status_code == 404
    template.refresh_from_db()
    assert template.body == BODY


def test_templates_of_every_type_take_no_more_queries(
    as_owner: Client, django_assert_max_num_queries: Any
) -> None:
    StartedTemplates.objects.all().delete()
    as_owner.get("/wzory/")
    assert MessageTemplate.objects.count() > 10
    with django_assert_max_num_queries(7):
        as_owner.get("/wzory/")
