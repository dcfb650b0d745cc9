from __future__ import annotations

import pytest
from django.apps import apps

from accounts.models import Agency, User
from accounts.tests.jobs import queued_jobs
from accounts.tests.mails import deliver_mails
from accounts.tests.pages import browser, text_of
from billing import ledger
from billing.tests.books import check_books
from messaging.models import Campaign, Contact
from messaging.sender_name_reviews import queue
from messaging.sender_names import choices_for
from messaging.template_types import TemplateType
from mps_portal.demo_data import AGENT, load_agency, load_staff

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
    campaign = Campaign.objects.get()
    assert (campaign.state, campaign.num_messages) == ("preparing", 12)
    assert ledger.balance_of(Agency.objects.get()) == 10000 - campaign.cost
    # One mail is the one-time password, which nobody needs: the agent has a password already.
    assert sorted(job.func for job in queued_jobs()) == [
        "accounts.tasks.deliver_mail",
        "accounts.tasks.deliver_mail",
        "billing.tasks.deliver_invoice",
        *["messaging.tasks.ask_gateway_about_name"] * 3,
        "messaging.tasks.prepare_campaign",
    ]
    assert [mail.subject for mail in deliver_mails()] == [
        "Podpis nadawcy Nowak OC jest zautoryzowany"
    ]
    check_books()


def test_the_demo_shows_sender_names_of_every_kind() -> None:
    load()
    agency = Agency.objects.get()
    assert Campaign.objects.get().sender == "Nowak OC"
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
