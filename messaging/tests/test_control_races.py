"""People who press buttons while workers send, and while other people press the same ones."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.tests.pages import browser
from accounts.tests.races import run_together
from billing.models import LedgerEntry
from messaging import campaign_control, preparing, tasks
from messaging.models import Campaign, Message
from messaging.tests.own_worker import run_jobs, work_off
from messaging.tests.promises import broken_promises
from messaging.tests.sending_cases import PRICE, START, Sender, add_contacts, reload, states
from sandbox.testing import SandboxProcess, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

NUM_CLIENTS = 300


@pytest.fixture(autouse=True)
def _small_batches(sandbox: SandboxProcess, settings: Settings) -> None:
    settings.SEND_BATCH_SIZE = 10
    settings.SEND_THREADS = 4
    sandbox.faults(report_mode="none", delay_ms=20)


def campaign_of(pk: int) -> Campaign:
    """As another process sees it."""
    return Campaign.objects.select_related("agency").get(pk=pk)


def test_two_workers_with_eight_threads_each_send_every_message_once(
    sender: Sender, sandbox: SandboxProcess, settings: Settings
) -> None:
    settings.SEND_THREADS = 8
    campaign = sender.running(NUM_CLIENTS)

    assert run_together(2, lambda _worker: tasks.send_due()) == [None] * 2

    work_off()
    assert broken_promises(sandbox.phones()) == []
    assert states(campaign) == {"sent": NUM_CLIENTS}
    assert set(campaign.messages.values_list("attempts", flat=True)) == {1}


def test_two_tabs_and_double_clicks_send_one_campaign(
    sender: Sender, sandbox: SandboxProcess
) -> None:
    draft = sender.draft(add_contacts(sender.agency, 3))
    tabs = [browser(sender.person) for _tab in range(8)]
    address, form = f"/wysylki/{draft.pk}/wyslij/", {"cost": str(3 * PRICE)}

    answers = run_together(8, lambda n: tabs[n].post(address, form).status_code)
    replayed = tabs[0].post(address, form)

    assert [*answers, replayed.status_code] == [302] * 9
    assert LedgerEntry.objects.filter(reference=f"campaign:{draft.pk}").count() == 1
    assert sender.balance == START - 3 * PRICE
    work_off()
    run_jobs()
    assert len(sandbox.phones()) == 3
    assert broken_promises(sandbox.phones()) == []


def test_cancelled_while_it_is_sent_each_message_has_left_or_is_paid_back(
    sender: Sender, sandbox: SandboxProcess
) -> None:
    campaign = sender.running(NUM_CLIENTS)

    def act(number: int) -> object:
        if number < 2:
            return tasks.send_due()
        wait_for(lambda: states(campaign).get("sent", 0) >= 20)
        return campaign_control.cancel(campaign_of(campaign.pk), cancelled_by=sender.person)

    done = run_together(4, act)

    assert sorted(done[2:]) == [False, True]
    work_off()
    found = states(campaign)
    assert set(found) == {"sent", "cancelled"}
    assert sender.balance == START - found["sent"] * PRICE
    assert broken_promises(sandbox.phones()) == []
    assert reload(campaign).cost == found["sent"] * PRICE


def test_paused_resumed_and_cancelled_while_requests_fail(
    sender: Sender, sandbox: SandboxProcess
) -> None:
    campaign = sender.running(NUM_CLIENTS)
    sandbox.faults(report_mode="none", mode="drop_after_accept", remaining=4, delay_ms=20)

    def act(number: int) -> None:
        if number < 2:
            tasks.send_due()
            return
        own = campaign_of(campaign.pk)
        for _ in range(5):
            campaign_control.pause(own, paused_by=sender.person)
            campaign_control.resume(own, resumed_by=sender.person)
        campaign_control.cancel(own, cancelled_by=sender.person)

    assert run_together(4, act) == [None] * 4

    for _round in range(5):
        tasks.sweep()
        run_jobs()
    assert set(states(campaign)) <= {"sent", "cancelled", "uncertain"}
    assert broken_promises(sandbox.phones()) == []


def test_cancelled_while_it_is_prepared_all_is_paid_back(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, sandbox: SandboxProcess
) -> None:
    for module in ("preparing", "campaigns"):
        monkeypatch.setattr(f"messaging.{module}.CHUNK", 10)
    campaign = sender.draft(add_contacts(sender.agency, 100))
    sender.confirm(campaign)

    def act(number: int) -> object:
        if number < 2:
            return preparing.prepare(campaign.pk)
        wait_for(lambda: campaign.messages.count() >= 20)
        return campaign_control.cancel(campaign_of(campaign.pk), cancelled_by=sender.person)

    assert run_together(3, act) == [None, None, True]

    work_off()
    assert set(states(campaign)) == {"cancelled"}
    assert sender.balance == START
    assert broken_promises(sandbox.phones()) == []


def test_undone_in_the_last_moment_it_is_a_draft_or_it_is_sent(
    sender: Sender, sandbox: SandboxProcess
) -> None:
    for milliseconds in (0, 15, 30, 60, 120):
        campaign = sender.running(3, start=milliseconds)
        moment = timezone.now() + timedelta(milliseconds=milliseconds)
        Campaign.objects.filter(pk=campaign.pk).update(leaves_at=moment)
        Message.objects.filter(campaign=campaign).update(next_attempt_at=moment)
        draft = _undo_while_it_is_sent(sender, campaign)
        work_off()
        assert states(campaign) == ({"cancelled": 3} if draft else {"sent": 3})
    assert broken_promises(sandbox.phones()) == []
    assert sender.balance == START - len(sandbox.phones()) * PRICE


def _undo_while_it_is_sent(sender: Sender, campaign: Campaign) -> Campaign | None:
    def act(number: int) -> Campaign | None:
        own = campaign_of(campaign.pk)
        if number:
            wait_for(lambda: timezone.now() >= (own.leaves_at or timezone.now()))
            tasks.send_due()
            return None
        return campaign_control.take_back(own, taken_by=sender.person)

    taken, *others = run_together(3, act)
    assert others == [None] * 2
    assert taken is None or isinstance(taken, Campaign)
    return taken
