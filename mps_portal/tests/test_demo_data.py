from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
import time_machine
from django.apps import apps
from django.utils import timezone

from accounts.models import Agency, User
from accounts.tests.jobs import queued_jobs
from accounts.tests.mails import deliver_mails
from accounts.tests.pages import browser, text_of
from billing.tests.books import check_books
from messaging.models import Campaign, Contact
from messaging.sender_name_reviews import queue
from messaging.sender_names import choices_for
from messaging.template_types import TemplateType
from mps_portal.demo_data import AGENT, load_agency, load_staff
from mps_portal.demo_history import days_behind

pytestmark = pytest.mark.django_db


def load() -> dict[str, int]:
    """Load the demo; count all rows by model."""
    load_staff()
    load_agency()
    return {model._meta.label: model.objects.count() for model in apps.get_models()}


def test_loading_twice_doubles_nothing() -> None:
    first = load()
    assert load() == first


def test_the_demo_has_an_agency_at_work() -> None:
    rows = load()
    assert rows["messaging.Contact"] == 200
    assert rows["messaging.MessageTemplate"] == len(TemplateType)
    assert rows["messaging.ContactGroup"] == 2
    assert rows["messaging.Instalment"] > 0
    assert rows["messaging.ContactConsent"] == 21
    assert Contact.objects.exclude(opted_out_at=None).count() == 1
    campaign = Campaign.objects.latest("pk")
    assert (campaign.state, campaign.num_messages) == ("preparing", 12)
    # One mail is the one-time password, which nobody needs: the agent has a password already.
    jobs = Counter(job.func for job in queued_jobs())
    assert jobs["accounts.tasks.deliver_mail"] == 2
    assert jobs["billing.tasks.deliver_invoice"] == 3
    assert jobs["messaging.tasks.ask_gateway_about_name"] == 3
    assert [mail.subject for mail in deliver_mails()] == [
        "Podpis nadawcy Nowak OC jest zautoryzowany"
    ]
    check_books()


@pytest.mark.parametrize(
    ("today", "days"),
    [("2026-11-02", 7), ("2026-11-28", 27), ("2026-12-06", 35), ("2027-02-15", 60)],
)
def test_the_demo_s_agency_has_weeks_behind_it(today: str, days: int) -> None:
    with time_machine.travel(datetime.fromisoformat(f"{today}T12:00+01:00")):
        load()
        agency = Agency.objects.get()
        now = timezone.now()
        assert days_behind() == days
    past = list(agency.campaigns.order_by("pk"))[:-1]
    assert len(past) > days / 3
    assert {campaign.state for campaign in past} == {"finished"}
    times = [campaign.leaves_at for campaign in past if campaign.leaves_at]
    assert times == sorted(times)
    assert now - timedelta(days=days) < times[0]
    assert times[-1] < now - timedelta(hours=12)
    assert all(timezone.localdate(time).weekday() < 5 for time in times)
    assert not agency.messages.filter(state__in=("queued", "sending", "sent", "uncertain"))
    invoices = list(agency.invoices.order_by("pk"))
    assert [invoice.paid_on for invoice in invoices] == sorted({i.paid_on for i in invoices})
    assert len(invoices) == 3
    check_books()


def test_the_demo_shows_sender_names_of_every_kind() -> None:
    load()
    agency = Agency.objects.get()
    assert Campaign.objects.latest("pk").sender == "Nowak OC"
    assert [label for _pk, label in choices_for(agency)] == [
        "Bramka SMS",
        "48500000001",
        "Nowak OC",
        "Polisa Info",
        "PolisyNowak (jeszcze bez autoryzacji)",
        "Twoj Agent",
    ]
    assert [name.name for name in queue()] == ["PolisyNowak"]


def test_the_demos_agent_finds_the_campaign_on_the_dashboard() -> None:
    load()
    text = text_of(browser(User.objects.get(email=AGENT)).get("/pulpit/"))
    assert "Good day, Anna Nowak" in text
    assert "Latest campaigns" in text
    assert "First steps" not in text
