"""From chosen clients to a paid campaign. What the workers do afterwards is tested with the engine."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import Agency
from accounts.tests.jobs import queued_jobs
from accounts.tests.pages import text_of
from billing import ledger
from billing.models import LedgerEntry
from messaging import campaigns as actions
from messaging.models import Campaign, Message
from messaging.template_book import (
    Direction,
    archive_template,
    give_first_templates,
    move_template,
)
from messaging.tests.book import client_of, draft_for, template_of


def top_up(agency: Agency, amount: int) -> None:
    ledger.credit(agency=agency, amount=amount, reference="payment:1")


def debits() -> list[tuple[str, int]]:
    entries = LedgerEntry.objects.filter(kind="campaign")
    return list(entries.values_list("reference", "amount"))


@pytest.fixture
def draft(agency: Agency, owner: Any) -> Campaign:
    """Two messages of a part each, 0,58 zł, and a client without a vehicle."""
    incomplete = client_of(agency, 3, last_name="Bezdanych")
    incomplete.vehicles.all().delete()
    return draft_for(agency, client_of(agency, 1), client_of(agency, 2), incomplete)


def test_ticked_clients_are_asked_a_template_and_then_reviewed(
    agency: Agency, as_owner: Client
) -> None:
    contact, template = client_of(agency), template_of(agency)
    page = as_owner.post("/wysylki/nowa/", {"contact": [contact.pk]})
    assert "What should 1 client get?" in text_of(page)
    assert f'name="contact" value="{contact.pk}"' in page.content.decode()
    chosen = {"contact": [contact.pk], "template": template.pk}
    review = as_owner.post("/wysylki/nowa/", chosen, follow=True)
    draft = Campaign.objects.get()
    assert review.redirect_chain == [(f"/wysylki/{draft.pk}/", 302)]
    assert (draft.state, actions.chosen(draft)) == ("draft", [contact.pk])


def test_everybody_found_is_written_to(agency: Agency, as_owner: Client) -> None:
    found = [client_of(agency, number, last_name="Żółć").pk for number in range(3)]
    client_of(agency, 9)
    chosen = {"all": "1", "q": "zolc", "template": template_of(agency).pk}
    as_owner.post("/wysylki/nowa/", chosen)
    assert sorted(actions.chosen(Campaign.objects.get())) == found


def test_nobody_chosen_leads_back_to_the_clients(as_owner: Client) -> None:
    response = as_owner.post("/wysylki/nowa/", {"contact": ["x"]}, follow=True)
    assert response.redirect_chain == [("/klienci/", 302)]
    assert "Choose at least one client." in text_of(response)


def test_without_templates_one_has_to_be_written_first(agency: Agency, as_owner: Client) -> None:
    give_first_templates(agency)
    agency.templates.all().delete()
    text = text_of(as_owner.post("/wysylki/nowa/", {"contact": [client_of(agency).pk]}))
    assert "You have no templates yet" in text


def test_templates_to_choose_from_are_the_active_ones_in_the_agencys_order(
    agency: Agency, as_owner: Client
) -> None:
    rows = [template_of(agency, name=name) for name in "ABC"]
    archive_template(rows[0])
    move_template(rows[2], Direction.UP)
    page = as_owner.post("/wysylki/nowa/", {"contact": [client_of(agency).pk]})
    assert [template.name for template in page.context["templates"]] == ["C", "B"]


@pytest.mark.parametrize("template", ["x", "²", "9" * 25, "9" * 5000])
def test_a_template_that_is_none_is_asked_for_again(
    template: str, agency: Agency, as_owner: Client
) -> None:
    template_of(agency)
    chosen = {"contact": [client_of(agency).pk], "template": template}
    response = as_owner.post("/wysylki/nowa/", chosen)
    assert response.status_code == 200
    assert "What should 1 client get?" in text_of(response)


def test_clients_and_templates_of_others_cannot_be_chosen(
    agency: Agency, other_agency: Agency, as_stranger: Client
) -> None:
    foreign, template = client_of(agency), template_of(agency)
    as_stranger.post("/wysylki/nowa/", {"contact": [foreign.pk], "template": template.pk})
    own = client_of(other_agency, 5)
    chosen = {"contact": [foreign.pk, own.pk], "template": template.pk}
    text = text_of(as_stranger.post("/wysylki/nowa/", chosen))
    assert "What should 1 client get?" in text
    assert not Campaign.objects.exists()


def test_the_review_shows_texts_cost_and_who_is_left_out(
    agency: Agency, draft: Campaign, as_owner: Client
) -> None:
    top_up(agency, 10000)
    text = text_of(as_owner.get(f"/wysylki/{draft.pk}/"))
    assert "SMS parts 2 at 0,29 zł Sender Bramka SMS Cost 0,58 zł" in text
    assert "Balance 100,00 zł Balance after 99,42 zł" in text
    assert "Send for 0,58 zł" in text
    assert "Dzien dobry. Badanie OP10001 do 15.12.2026." in text
    assert "1 client is left out 1 – data are missing: " in text
    assert "or choose another template. Bezdanych Jan Show all" in text
    assert "registration number, inspection date" in text


def test_too_little_money_is_told_to_the_grosz_and_nothing_is_written(
    agency: Agency, draft: Campaign, as_owner: Client
) -> None:
    top_up(agency, 57)
    review = text_of(as_owner.get(f"/wysylki/{draft.pk}/"))
    assert "You need 0,01 zł more." in review
    assert "Send for" not in review
    response = as_owner.post(f"/wysylki/{draft.pk}/wyslij/", {"cost": "58"}, follow=True)
    assert "You need 0,01 zł more. Top up your account, then send." in text_of(response)
    draft.refresh_from_db()
    assert (draft.state, debits(), len(queued_jobs())) == ("draft", [], 0)
    assert ledger.balance_of(agency) == 57


def test_sending_is_paid_once_however_often_it_is_clicked(
    agency: Agency, draft: Campaign, as_owner: Client
) -> None:
    top_up(agency, 10000)
    for _click in range(2):
        response = as_owner.post(f"/wysylki/{draft.pk}/wyslij/", {"cost": "58"}, follow=True)
        assert "Being prepared" in text_of(response)
    draft.refresh_from_db()
    assert (draft.state, draft.cost, draft.num_messages) == ("preparing", 58, 2)
    assert debits() == [(f"campaign:{draft.pk}", -58)]
    assert ledger.balance_of(agency) == 9942
    (job,) = queued_jobs()
    assert job.func == "messaging.tasks.prepare_campaign"


@pytest.mark.parametrize("cost", ["29", "", "-58", "x", "²"])
def test_another_cost_than_the_one_shown_is_not_charged(
    cost: str, agency: Agency, draft: Campaign, as_owner: Client
) -> None:
    top_up(agency, 10000)
    response = as_owner.post(f"/wysylki/{draft.pk}/wyslij/", {"cost": cost}, follow=True)
    assert "Look before you send" in text_of(response)
    assert ("The cost has changed since you saw it." in text_of(response)) == (cost == "29")
    assert debits() == []


def test_a_draft_is_thrown_away(draft: Campaign, as_owner: Client) -> None:
    response = as_owner.post(f"/wysylki/{draft.pk}/usun/", follow=True)
    assert "The draft was thrown away. Nothing was sent." in text_of(response)
    assert not Campaign.objects.exists()


def test_what_was_paid_cannot_be_thrown_away(
    agency: Agency, draft: Campaign, as_owner: Client
) -> None:
    top_up(agency, 10000)
    as_owner.post(f"/wysylki/{draft.pk}/wyslij/", {"cost": "58"})
    assert as_owner.post(f"/wysylki/{draft.pk}/usun/").status_code == 404
    assert Campaign.objects.exists()


def test_nobody_who_can_get_it_means_nothing_to_send(agency: Agency, as_owner: Client) -> None:
    incomplete = client_of(agency)
    incomplete.vehicles.all().delete()
    path = f"/wysylki/{draft_for(agency, incomplete).pk}/"
    assert "Nobody can get this message" in text_of(as_owner.get(path))
    response = as_owner.post(f"{path}wyslij/", {"cost": "0"}, follow=True)
    assert "None of the chosen clients can get this message." in text_of(response)


@pytest.mark.parametrize(("method", "end"), [("get", ""), ("post", "wyslij/"), ("post", "usun/")])
def test_a_strangers_campaign_does_not_exist(
    method: str, end: str, draft: Campaign, other_agency: Agency, as_stranger: Client
) -> None:
    top_up(other_agency, 10000)
    request: Any = getattr(as_stranger, method)
    assert request(f"/wysylki/{draft.pk}/{end}", {"cost": "58"}).status_code == 404
    draft.refresh_from_db()
    assert (draft.state, debits(), Message.objects.count()) == ("draft", [], 0)
    assert "Badania" not in text_of(as_stranger.get("/wysylki/"))


def test_an_id_too_large_for_the_database_chooses_nobody(as_owner: Client, agency: Agency) -> None:
    response = as_owner.post("/wysylki/nowa/", {"contact": "9" * 40}, follow=True)
    assert "Choose at least one client." in text_of(response)


def test_a_mistake_in_the_form_keeps_the_pages_of_the_draft(
    agency: Agency, owner: Any, as_owner: Client
) -> None:
    draft = draft_for(agency, *(client_of(agency, number) for number in range(60)))
    sent = {"cost": "1740", "when": "later", "leaves_at_0": "", "leaves_at_1": ""}
    response = as_owner.post(f"/wysylki/{draft.pk}/wyslij/", sent)
    assert response.status_code == 422
    page = response.content.decode()
    # The form was posted to an address that shows no page.
    assert f'href="/wysylki/{draft.pk}/?page=2"' in page
    assert f'name="next" value="/wysylki/{draft.pk}/"' in page
    assert "51–60 of 60" in text_of(as_owner.get(f"/wysylki/{draft.pk}/?page=2"))
