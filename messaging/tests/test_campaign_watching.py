"""The page of a campaign that was sent: counts, list, chart, export."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Agency, Event
from accounts.tests.pages import text_of
from messaging.models import Campaign, Message
from messaging.report_chart import MAX_BARS, chart_of
from messaging.tests.book import messages_of

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def sent(agency: Agency, *states: str) -> tuple[Campaign, list[Message]]:
    rows = messages_of(agency, *states)
    campaign = rows[0].campaign
    campaign.state, campaign.confirmed_at, campaign.price = "finished", timezone.now(), 29
    campaign.num_messages = len(rows)
    campaign.save()
    return campaign, rows


def ended(row: Message, minutes: int) -> None:
    moment = START + timedelta(minutes=minutes)
    Message.objects.filter(pk=row.pk).update(sent_at=START, final_at=moment)


def test_counts_lead_to_the_messages_of_that_status(agency: Agency, as_owner: Client) -> None:
    campaign, _rows = sent(agency, "delivered", "delivered", "undelivered")
    page = as_owner.get(f"/wysylki/{campaign.pk}/")
    assert "Delivered 2" in text_of(page)
    assert 'href="?state=undelivered#campaign-messages"' in page.content.decode()
    shown = as_owner.get(f"/wysylki/{campaign.pk}/", {"state": "undelivered"})
    assert "Tekst undelivered" in text_of(shown)
    assert "Tekst delivered" not in text_of(shown)
    assert "Tekst delivered" in text_of(as_owner.get(f"/wysylki/{campaign.pk}/", {"state": "x"}))


def test_what_moves_comes_alone_and_the_list_in_its_place(agency: Agency, as_owner: Client) -> None:
    campaign, _rows = sent(agency, "sent")
    part = as_owner.get(f"/wysylki/{campaign.pk}/", headers={"HX-Request": "true"})
    html = part.content.decode()
    assert html.strip().startswith('<div id="campaign-progress" hx-get=')
    assert '<div id="campaign-messages" hx-swap-oob="true"' in html
    assert "<html" not in html


def test_the_chart_counts_reports_by_time(agency: Agency, as_owner: Client) -> None:
    campaign, rows = sent(agency, "delivered", "delivered", "undelivered", "rejected", "sent")
    for row, minutes in zip(rows[:3], (0, 1, 90), strict=True):
        ended(row, minutes)
    Message.objects.filter(pk=rows[3].pk).update(final_at=START)
    chart = chart_of(campaign)
    assert chart is not None
    assert [(bar.num_delivered, bar.num_others) for bar in chart.bars] == [
        (2, 0), *[(0, 0)] * 17, (0, 1),
    ]  # fmt: skip
    assert (chart.minutes, chart.bars[0].start) == (5, START)
    text = text_of(as_owner.get(f"/wysylki/{campaign.pk}/raporty/"))
    assert "20.11.2026 10:00 2 0" in text
    assert "20.11.2026 11:30 0 1" in text


@pytest.mark.parametrize("minutes", [0, 1, 23, 24, 59, 600, 4000, 50_000, 500_000])
def test_a_chart_has_few_bars_that_hold_all(minutes: int, agency: Agency, as_owner: Client) -> None:
    campaign, rows = sent(agency, "delivered", "expired")
    ended(rows[0], 0)
    ended(rows[1], minutes)
    chart = chart_of(campaign)
    assert chart is not None
    assert 1 <= len(chart.bars) <= MAX_BARS
    assert sum(bar.num_delivered for bar in chart.bars) == 1
    assert sum(bar.num_others for bar in chart.bars) == 1
    assert all(bar.x + bar.width <= chart.width and bar.others_y >= 0 for bar in chart.bars)


def test_the_picture_holds_no_style_and_whole_numbers_in_every_language(
    agency: Agency, as_owner: Client
) -> None:
    campaign, rows = sent(agency, *["delivered"] * 3)
    for row in rows:
        ended(row, row.pk)
    as_owner.post("/jezyk/", {"language": "pl"})
    html = as_owner.get(f"/wysylki/{campaign.pk}/raporty/").content.decode()
    assert "style=" not in html
    assert re.findall(r' (?:x|y|width|height|x1|y1)="([^"]*)"', html)
    assert not re.findall(r' (?:x|y|width|height|x1|y1)="[^"]*[^0-9"][^"]*"', html)


def test_before_the_first_report_there_is_no_chart(
    agency: Agency, as_owner: Client, as_stranger: Client
) -> None:
    campaign, _rows = sent(agency, "sent")
    page = as_owner.get(f"/wysylki/{campaign.pk}/raporty/")
    assert "No final report has come yet." in text_of(page)
    assert "every 15s" in page.content.decode()
    assert as_stranger.get(f"/wysylki/{campaign.pk}/raporty/").status_code == 404


def exported(client: Client, **form: Any) -> str:
    response = client.post("/wiadomosci/eksport/", form)
    return b"".join(response).decode()


def test_a_filtered_list_is_exported_and_noted(agency: Agency, as_owner: Client) -> None:
    campaign, rows = sent(agency, "delivered", "undelivered")
    Message.objects.filter(pk=rows[1].pk).update(text="=1+1")
    file = exported(as_owner, all="1", campaign=campaign.pk, state="undelivered", format="csv")
    lines = file.splitlines()
    assert len(lines) == 2
    assert lines[0].endswith("Status;Sent;Final status since")
    assert ";Bramka SMS;'=1+1;1;0,29;Not delivered;;" in lines[1]
    assert Event.objects.filter(kind="list_exported").count() == 1


def test_a_workbook_is_exported_of_the_ticked_ones(agency: Agency, as_owner: Client) -> None:
    _campaign, rows = sent(agency, "delivered", "undelivered")
    response = as_owner.post("/wiadomosci/eksport/", {"message": rows[0].pk, "format": "xlsx"})
    assert b"".join(response).startswith(b"PK")
    assert response["Content-Disposition"].endswith('.xlsx"')


def test_others_messages_are_not_exported(
    agency: Agency, as_owner: Client, as_stranger: Client
) -> None:
    campaign, rows = sent(agency, "delivered")
    for form in ({"message": rows[0].pk}, {"all": "1", "campaign": campaign.pk}):
        page = as_stranger.post("/wiadomosci/eksport/", form, follow=True)
        assert "Choose at least one message." in text_of(page)
