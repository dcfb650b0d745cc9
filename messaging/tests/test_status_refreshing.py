"""Odśwież status: asked in the background, in batches, resumed where a worker died."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from time import monotonic

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Agency, User
from accounts.tests.jobs import queued_jobs
from accounts.tests.pages import text_of
from messaging import delivery_reports, status_refreshing, tasks
from messaging.gateways.base import GatewayUnavailable, StatusReport
from messaging.message_search import MessageCriteria
from messaging.models import Message, StatusRefresh
from messaging.tests.book import messages_of


class Answering:
    """A gateway that has delivered everything, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.fails_after = 1000

    def look_up(self, provider_ids: Collection[str]) -> list[StatusReport]:
        if len(self.asked) >= self.fails_after:
            raise GatewayUnavailable("connect")
        self.asked.append(list(provider_ids))
        return [StatusReport(pid, "delivered", code="DELIVERED") for pid in provider_ids]


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Answering:
    answering = Answering()
    monkeypatch.setattr(delivery_reports, "gateway_called", lambda _name: answering)
    monkeypatch.setattr(status_refreshing, "CHUNK", 2)
    return answering


def handed_over(agency: Agency, *states: str) -> list[Message]:
    """Messages that the gateway has."""
    rows = messages_of(agency, *states)
    for row in rows:
        row.gateway, row.provider_id = "smsapi", f"ID{row.pk}"
        row.save()
    return rows


def states_of(rows: list[Message]) -> list[str]:
    found = dict(Message.objects.values_list("pk", "state"))
    return [found[row.pk] for row in rows]


def jobs() -> list[int]:
    return [
        job.args[0] for job in queued_jobs() if job.func == "messaging.tasks.ask_about_statuses"
    ]


def post(client: Client, **form: object) -> str:
    return text_of(client.post("/wiadomosci/odswiez/", form, follow=True))


def test_a_refresh_asks_about_own_open_messages_in_batches(
    agency: Agency,
    other_agency: Agency,
    as_owner: Client,
    as_stranger: Client,
    gateway: Answering,
) -> None:
    own = handed_over(agency, "sent", "sent", "sent", "delivered", "queued")
    foreign = handed_over(other_agency, "sent")
    text = post(as_owner, message=[row.pk for row in [*own, *foreign]])
    assert "The gateway is being asked 0 of 3 messages" in text
    (refresh,) = StatusRefresh.objects.all()
    assert jobs() == [refresh.pk]
    tasks.ask_about_statuses(refresh.pk)
    assert [len(ids) for ids in gateway.asked] == [2, 1]
    assert states_of(own) == ["delivered"] * 4 + ["queued"]
    assert states_of(foreign) == ["sent"]
    refresh.refresh_from_db()
    assert (refresh.state, refresh.num_done, refresh.num_moved) == ("done", 3, 3)
    assert refresh.chosen == {}
    page = as_owner.get(f"/wiadomosci/odswiezanie/{refresh.pk}/", headers={"HX-Request": "true"})
    assert "The gateway has answered asked about: 3, changed: 3" in text_of(page)
    assert "hx-get" not in page.content.decode()


def test_all_that_match_stay_a_search(agency: Agency, as_owner: Client, gateway: Answering) -> None:
    own = handed_over(agency, "sent", "sent", "sent")
    Message.objects.filter(pk=own[0].pk).update(text="Inny tekst")
    post(as_owner, all="1", text="tekst sent")
    refresh = StatusRefresh.objects.get()
    assert refresh.chosen == {"text": "tekst sent"}
    tasks.ask_about_statuses(refresh.pk)
    assert states_of(own) == ["sent", "delivered", "delivered"]


@pytest.mark.parametrize("chosen", [[], ["x"], ["999999"]])
def test_a_refresh_of_nothing_asks_nobody(chosen: list[str], as_owner: Client) -> None:
    assert "Choose at least one message." in post(as_owner, message=chosen)
    assert jobs() == []


def test_all_of_a_filter_that_makes_no_sense_is_nothing(agency: Agency, as_owner: Client) -> None:
    handed_over(agency, "sent")
    assert "Choose at least one message." in post(as_owner, all="1", first_day="kiedyś")
    assert jobs() == []


def test_final_messages_are_not_asked_about(agency: Agency, as_owner: Client) -> None:
    rows = handed_over(agency, "delivered", "queued")
    text = post(as_owner, message=[row.pk for row in rows])
    assert "None of these can be asked about" in text
    assert jobs() == []


def test_one_question_at_a_time(agency: Agency, owner: User, as_owner: Client) -> None:
    (row,) = handed_over(agency, "sent")
    post(as_owner, message=row.pk)
    assert "The gateway is being asked already." in post(as_owner, message=row.pk)
    assert len(jobs()) == 1
    with pytest.raises(status_refreshing.AnotherRuns):
        status_refreshing.start(agency=agency, asked_by=owner, chosen=[row.pk])


def test_a_gateway_that_fails_is_told_about(
    agency: Agency, owner: User, as_owner: Client, gateway: Answering
) -> None:
    rows = handed_over(agency, "sent", "sent", "sent")
    gateway.fails_after = 1
    refresh = status_refreshing.start(agency=agency, asked_by=owner, chosen=MessageCriteria())
    status_refreshing.work(refresh.pk, monotonic() + 9)
    assert sorted(states_of(rows)) == ["delivered", "delivered", "sent"]
    text = text_of(as_owner.get("/wiadomosci/"))
    assert "The gateway does not answer" in text
    assert "asked about: 2, changed: 2" in text


def test_a_job_without_time_leaves_the_rest_to_another(
    agency: Agency, owner: User, gateway: Answering
) -> None:
    handed_over(agency, "sent")
    refresh = status_refreshing.start(agency=agency, asked_by=owner, chosen=MessageCriteria())
    status_refreshing.work(refresh.pk, monotonic() - 1)
    assert jobs() == [refresh.pk, refresh.pk]
    status_refreshing.work(refresh.pk, monotonic() + 9)
    assert StatusRefresh.objects.get().state == "done"


def test_what_a_dead_worker_left_goes_on_where_it_stopped(
    agency: Agency, owner: User, gateway: Answering
) -> None:
    rows = handed_over(agency, "sent", "sent", "sent")
    refresh = status_refreshing.start(agency=agency, asked_by=owner, chosen=MessageCriteria())
    StatusRefresh.objects.update(claimed_at=timezone.now(), position=rows[2].pk, num_done=1)
    status_refreshing.resume()
    status_refreshing.work(refresh.pk, monotonic() + 9)
    assert (len(jobs()), gateway.asked) == (1, [])
    StatusRefresh.objects.update(claimed_at=timezone.now() - timedelta(minutes=3))
    status_refreshing.resume()
    assert jobs() == [refresh.pk, refresh.pk]
    status_refreshing.work(refresh.pk, monotonic() + 9)
    assert list(map(sorted, gateway.asked)) == [[rows[0].provider_id, rows[1].provider_id]]
    assert StatusRefresh.objects.get().num_done == 3


def test_a_cancelled_one_asks_no_further(
    agency: Agency, owner: User, as_owner: Client, as_stranger: Client, gateway: Answering
) -> None:
    handed_over(agency, "sent")
    refresh = status_refreshing.start(agency=agency, asked_by=owner, chosen=MessageCriteria())
    address = f"/wiadomosci/odswiezanie/{refresh.pk}/anuluj/"
    assert as_stranger.post(address).status_code == 404
    assert "The asking was cancelled" in text_of(as_owner.post(address, follow=True))
    status_refreshing.work(refresh.pk, monotonic() + 9)
    assert gateway.asked == []


def test_old_ones_are_forgotten(agency: Agency, owner: User) -> None:
    handed_over(agency, "sent")
    refresh = status_refreshing.start(agency=agency, asked_by=owner, chosen=MessageCriteria())
    status_refreshing.cancel(refresh)
    status_refreshing.resume()
    assert StatusRefresh.objects.exists()
    StatusRefresh.objects.update(finished_at=timezone.now() - timedelta(days=2))
    status_refreshing.resume()
    assert not StatusRefresh.objects.exists()
