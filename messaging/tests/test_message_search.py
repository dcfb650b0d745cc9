"""The filters of the list of messages."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Agency, User
from accounts.tests.pages import text_of
from messaging import message_dates
from messaging.message_search import MAX_DAYS, MessageCriteria, matching
from messaging.models import Message
from messaging.tests.book import messages_of


def found(agency: Agency, **said: object) -> list[int]:
    rows = matching(agency, MessageCriteria(**said))  # type: ignore[arg-type]
    return list(rows.order_by("pk").values_list("pk", flat=True))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.get_default_timezone())


def test_days_are_warsaws_and_both_included(agency: Agency, owner: User) -> None:
    rows = messages_of(agency, *["delivered"] * 4)
    times = ("2026-10-31T23:59:59", "2026-11-01T00:00", "2026-11-02T23:59:59", "2026-11-03T00:00")
    for row, time in zip(rows, times, strict=True):
        Message.objects.filter(pk=row.pk).update(created_at=moment(time))
    days = {"first_day": date(2026, 11, 1), "last_day": date(2026, 11, 2)}
    assert found(agency, **days) == [rows[1].pk, rows[2].pk]
    assert found(agency, **days, campaign_id=rows[0].campaign_id) == [rows[1].pk, rows[2].pk]


def test_a_campaigns_messages_of_one_status_among_another_campaigns(
    agency: Agency, owner: User, other_agency: Agency
) -> None:
    """Whose ids lie between theirs, as where two are prepared at the same time."""
    first = messages_of(agency, "sent", "delivered")
    between = messages_of(agency, "delivered", "sent")
    last = messages_of(agency, "delivered", "sent")
    one = first[0].campaign_id
    Message.objects.filter(pk__in=[row.pk for row in last]).update(campaign=one)
    assert found(agency, campaign_id=one, state="delivered") == [first[1].pk, last[0].pk]
    assert found(agency, campaign_id=one, state="rejected") == []
    other = between[0].campaign_id
    assert found(agency, campaign_id=other, state="delivered") == [between[0].pk]
    assert found(other_agency, campaign_id=one, state="delivered") == []


def test_days_are_found_by_ids_as_well(
    agency: Agency, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_dates, "_NEAR", 1)
    rows = messages_of(agency, *["delivered"] * 30)
    for day, row in enumerate(rows):
        created_at = moment("2026-09-01T12:00") + timedelta(days=day)
        Message.objects.filter(pk=row.pk).update(created_at=created_at)
    for first in range(1, 31):
        for last in (first, min(first + 3, 30), 30):
            days = {"first_day": date(2026, 9, first), "last_day": date(2026, 9, last)}
            assert found(agency, **days) == [row.pk for row in rows[first - 1 : last]]
    assert found(agency, first_day=date(2026, 10, 1)) == []
    assert found(agency, last_day=date(2026, 8, 31)) == []


def test_a_text_is_found_with_or_without_polish_letters(agency: Agency, owner: User) -> None:
    rows = messages_of(agency, "sent", "sent")
    Message.objects.filter(pk=rows[0].pk).update(text="Zolta laka 50% taniej")
    assert found(agency, text="żółta ŁĄKA") == [rows[0].pk]
    assert found(agency, text="50%") == [rows[0].pk]
    assert found(agency, text="%") == [rows[0].pk]


def test_texts_are_looked_for_in_the_last_days_unless_an_index_helps(
    agency: Agency, as_owner: Client
) -> None:
    rows = messages_of(agency, "sent", "sent")
    old = timezone.now() - timedelta(days=MAX_DAYS + 10)
    Message.objects.filter(pk=rows[0].pk).update(created_at=old)
    assert found(agency, text="tekst") == [rows[1].pk]
    assert found(agency, text="tekst", last_day=timezone.localdate(old)) == [rows[0].pk]
    assert found(agency, text="tekst", campaign_id=rows[0].campaign_id) == [row.pk for row in rows]
    assert "Texts and senders are looked for from" in text_of(
        as_owner.get("/wiadomosci/", {"text": "tekst"})
    )


def test_a_client_is_found_by_name_and_by_number(agency: Agency, as_owner: Client) -> None:
    rows = messages_of(agency, "sent", "delivered")
    shown = as_owner.get("/wiadomosci/", {"client": rows[0].phone})
    assert "Tekst sent" in text_of(shown)
    assert "Tekst delivered" not in text_of(shown)
    contact = rows[1].contact
    assert contact is not None
    text = text_of(as_owner.get("/wiadomosci/", {"client": "nikt taki"}))
    assert "No messages found" in text
    assert found(agency, client_ids=(contact.pk,)) == [rows[1].pk]


def test_criteria_are_scoped_to_the_agency(
    agency: Agency, other_agency: Agency, as_owner: Client, as_stranger: Client
) -> None:
    (foreign,) = messages_of(other_agency, "sent")
    assert found(agency, campaign_id=foreign.campaign_id) == []
    assert found(agency, phone=foreign.phone) == []
    assert found(agency, client_ids=(foreign.contact_id,)) == []


def test_a_foreign_campaign_is_no_filter(
    agency: Agency, other_agency: Agency, as_owner: Client, as_stranger: Client
) -> None:
    messages_of(agency, "sent")
    (foreign,) = messages_of(other_agency, "delivered")
    text = text_of(as_owner.get("/wiadomosci/", {"campaign": foreign.campaign_id}))
    assert "Nothing is shown" in text


@pytest.mark.parametrize(
    "query",
    [
        {"first_day": "x"},
        {"first_day": "9999-12-31"},
        {"last_day": "0001-01-01"},
        {"first_day": "2026-11-02", "last_day": "2026-11-01"},
        {"campaign": "9" * 30},
        {"campaign": "x"},
    ],
)
def test_senseless_filters_show_nothing_and_keep_what_was_typed(
    query: dict[str, str], agency: Agency, as_owner: Client
) -> None:
    messages_of(agency, "sent")
    text = text_of(as_owner.get("/wiadomosci/", query))
    assert "Nothing is shown" in text


@pytest.mark.parametrize(
    "query", [{"before": "x"}, {"before": "0"}, {"after": "9" * 40}, {"text": "\0"}]
)
def test_senseless_places_show_the_first_page(
    query: dict[str, str], agency: Agency, as_owner: Client
) -> None:
    messages_of(agency, "sent")
    assert "Tekst sent" in text_of(as_owner.get("/wiadomosci/", query))


def test_criteria_survive_their_json() -> None:
    said = MessageCriteria(
        state="sent", first_day=date(2026, 1, 2), client_ids=(1, 2), sender="Test", campaign_id=3
    )
    assert MessageCriteria.from_json(said.as_json()) == said
    assert MessageCriteria.from_json({}) == MessageCriteria()


def test_older_pages_come_from_row_to_row(agency: Agency, as_owner: Client) -> None:
    rows = messages_of(agency, *["delivered"] * 60)
    first = as_owner.get("/wiadomosci/", {"state": "delivered"})
    assert "Choose all 60 messages found" in text_of(first)
    assert f"state=delivered&amp;before={rows[10].pk}" in first.content.decode()
    older = as_owner.get("/wiadomosci/", {"state": "delivered", "before": rows[10].pk})
    assert older.content.decode().count("data-select-row") == 10
