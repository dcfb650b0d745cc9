from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
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
from mps_portal.demo_history import DAYS, TOP_UPS

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


def test_the_demo_s_agency_has_two_months_behind_it() -> None:
    load()
    agency = Agency.objects.get()
    past = agency.campaigns.order_by("pk")[: agency.campaigns.count() - 1]
    assert len(past) > 20
    assert {campaign.state for campaign in past} == {"finished"}
    days = [timezone.localdate(campaign.leaves_at) for campaign in past]
    assert days == sorted(days)
    assert timezone.localdate() - timedelta(days=DAYS) < days[0]
    assert days[-1] < timezone.localdate()
    assert all(day.weekday() < 5 for day in days)
    assert {"delivered", "undelivered"} <= set(agency.messages.values_list("state", flat=True))
    assert not agency.messages.filter(state__in=("queued", "sending", "sent", "uncertain"))
    assert [invoice.issued_on for invoice in agency.invoices.order_by("pk")] == [
        timezone.localdate() - timedelta(days=number) for number, _amount in TOP_UPS
    ]
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
