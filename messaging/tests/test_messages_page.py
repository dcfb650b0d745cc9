from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import Agency, User
from accounts.tests.pages import text_of
from messaging.models import Message
from messaging.tests.book import messages_of

POLLING = 'hx-trigger="every 2s"'
FINAL = ("delivered", "undelivered", "expired", "unknown", "rejected", "cancelled")


def test_before_the_first_message_the_page_says_what_will_be_here(as_owner: Client) -> None:
    assert "No messages here" in text_of(as_owner.get("/wiadomosci/"))


def test_every_status_has_its_word(agency: Agency, as_owner: Client) -> None:
    messages_of(agency, *Message.State.values)
    text = text_of(as_owner.get("/wiadomosci/"))
    with translation.override("en"):
        for state in Message.State:
            assert f"Tekst {state} 0,29 zł {state.label}" in text


@pytest.mark.parametrize("state", Message.State.values)
def test_a_filter_shows_one_status(state: str, agency: Agency, as_owner: Client) -> None:
    messages_of(agency, *Message.State.values)
    text = text_of(as_owner.get("/wiadomosci/", {"state": state}))
    shown = [other for other in Message.State.values if f"Tekst {other} " in text]
    assert shown == [state]


def test_an_unknown_filter_shows_all(agency: Agency, as_owner: Client) -> None:
    messages_of(agency, "sent", "delivered")
    text = text_of(as_owner.get("/wiadomosci/", {"state": "x"}))
    assert "Tekst sent" in text
    assert "Tekst delivered" in text


@pytest.mark.parametrize("state", ["queued", "sending", "uncertain", "sent"])
def test_the_page_follows_what_still_moves(state: str, agency: Agency, as_owner: Client) -> None:
    messages_of(agency, "delivered", state)
    assert POLLING in as_owner.get("/wiadomosci/").content.decode()


def test_the_page_stops_asking_when_all_is_final(agency: Agency, as_owner: Client) -> None:
    messages_of(agency, *FINAL)
    assert POLLING not in as_owner.get("/wiadomosci/").content.decode()


def test_the_page_asks_for_its_table_alone(agency: Agency, as_owner: Client) -> None:
    messages_of(agency, "sent")
    response = as_owner.get("/wiadomosci/", headers={"HX-Request": "true"})
    assert response.content.decode().strip().startswith('<div id="messages-table"')
    assert "<html" not in response.content.decode()


def test_what_people_wrote_is_shown_and_never_run(agency: Agency, as_owner: Client) -> None:
    (message,) = messages_of(agency, "sent")
    assert message.contact
    message.contact.first_name, message.contact.last_name = "\"'>", "<script>alert(1)</script>"
    message.contact.save()
    message.text, message.phone = "<b>5 < 6 & 7</b>", "+48<i>"
    message.save()
    page = as_owner.get("/wiadomosci/").content.decode()
    rows = page[page.index("<tbody>") : page.index("</tbody>")]
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &quot;&#x27;&gt;" in rows
    assert "&lt;b&gt;5 &lt; 6 &amp; 7&lt;/b&gt;" in rows
    assert not any(part in rows for part in ("<script", "<b>", "<i>", "5 < 6"))


def test_the_messages_of_others_are_not_shown(
    agency: Agency, owner: User, as_stranger: Client, as_accountant: Client
) -> None:
    messages_of(agency, "sent")
    assert "Tekst sent" not in text_of(as_stranger.get("/wiadomosci/"))
    assert as_accountant.get("/wiadomosci/").status_code == 403


def test_each_status_has_a_link_with_the_other_filters(as_owner: Client) -> None:
    page = as_owner.get("/wiadomosci/?text=a%26b&state=sent&before=5").content.decode()
    assert 'href="?text=a%26b"' in page
    assert 'href="?state=delivered&amp;text=a%26b"' in page
    assert 'href="?state=delivered"' in as_owner.get("/wiadomosci/").content.decode()


def test_a_longer_list_takes_no_more_queries(
    agency: Agency, as_owner: Client, django_assert_max_num_queries: Any
) -> None:
    messages_of(agency, *["sent"] * 30)
    with django_assert_max_num_queries(9):
        as_owner.get("/wiadomosci/")


def test_a_rejected_message_says_why(agency: Agency, as_owner: Client) -> None:
    messages_of(agency, "rejected")
    Message.objects.update(error_class="recipient", error_code="13")
    assert "the gateway does not take this number" in text_of(as_owner.get("/wiadomosci/"))
