"""How the databases find messages: by an index, in its order, however many other agencies have."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Agency, User
from accounts.roles import Role
from messaging import claiming
from messaging.delivery_reports import match
from messaging.gateways.base import IncomingSms, StatusReport
from messaging.incoming import receive
from messaging.models import Campaign, Contact, Message
from messaging.tests.book import messages_of

TABLE = "messaging_message"


def slow_steps(work: Callable[[], object]) -> list[str]:
    """Steps of the plans of the work's queries that read all messages, or sort them."""
    with CaptureQueriesContext(connection) as queries:
        work()
    asked = [query["sql"] for query in queries if f'FROM "{TABLE}"' in query["sql"]]
    assert asked, "no query asks for messages"
    selects = (sql for sql in asked if sql.startswith("SELECT"))
    return [f"{step}: {sql}" for sql in selects for step in _slow_steps_of(sql)]


def _slow_steps_of(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # A few rows are read and sorted faster without an index: what is asked here is whether there is one.
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute(f"EXPLAIN {sql}")
            steps = [row[0].strip() for row in cursor.fetchall()]
            return [
                step
                for step in steps
                if step.startswith(("Seq Scan on " + TABLE, "->  Seq Scan on " + TABLE))
                or "Sort Key" in step
            ]
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        steps = [row[3] for row in cursor.fetchall()]
    return [
        step
        for step in steps
        if step.startswith(f"SCAN {TABLE}") or "TEMP B-TREE FOR ORDER BY" in step
    ]


@pytest.fixture
def messages(agency: Agency, other_agency: Agency, owner: User) -> list[Message]:
    """Some of the agency's, and of another one."""
    User.objects.create_user(
        "inna@wzor.example", "haslo-do-testu", role=Role.OWNER, agency=other_agency
    )
    messages_of(other_agency, *["delivered"] * 5)
    own = messages_of(agency, *["delivered"] * 60)
    Message.objects.update(gateway="smsapi")
    Campaign.objects.update(state="finished", price=29, confirmed_at=timezone.now())
    for message in own:
        Message.objects.filter(pk=message.pk).update(provider_id=f"ID{message.pk}")
    return own


@pytest.mark.parametrize(
    "filters",
    [
        "",
        "state=delivered",
        "state=rejected",
        "before={newest}",
        "after={oldest}",
        "state=delivered&before={newest}",
        "campaign={campaign}",
        "campaign={campaign}&state=delivered",
        "client=600000003",
        "client={name}",
        "first_day=2026-01-01&last_day=2030-01-01",
    ],
)
def test_the_list_and_its_filters(filters: str, messages: list[Message], as_owner: Client) -> None:
    newest = messages[-1]
    address = "/wiadomosci/?" + filters.format(
        newest=newest.pk,
        oldest=messages[0].pk,
        campaign=newest.campaign_id,
        name=newest.contact.last_name if newest.contact else "",
    )
    assert slow_steps(lambda: as_owner.get(address)) == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite takes that index anyway")
@pytest.mark.parametrize("page", ["", "?before={newest}", "?after={oldest}"])
def test_no_page_is_looked_for_among_all_agencies_messages(
    page: str, messages: list[Message], as_owner: Client
) -> None:
    address = "/wiadomosci/" + page.format(newest=messages[-1].pk, oldest=messages[0].pk)
    with CaptureQueriesContext(connection) as queries:
        as_owner.get(address)
    (sql,) = [query["sql"] for query in queries if "LIMIT 51" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {sql}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "using message_newest on" in plan
    assert "Sort" not in plan


def test_a_campaigns_messages(messages: list[Message], as_owner: Client) -> None:
    campaign = messages[0].campaign
    for address in (f"/wysylki/{campaign.pk}/", f"/wysylki/{campaign.pk}/?state=delivered"):
        assert slow_steps(lambda address=address: as_owner.get(address)) == []  # type: ignore[misc]


def test_reports_and_replies_find_their_message(messages: list[Message]) -> None:
    named = f"ID{messages[7].pk}"
    assert slow_steps(lambda: match("smsapi", [StatusReport(named, "delivered")])) == []
    reply = IncomingSms(messages[7].phone, "", "Tak", named, sent_at=None, digest="0" * 64)
    # The one or two that gateways call so may be sorted.
    assert not [step for step in slow_steps(lambda: receive(reply)) if "scan" in step.lower()]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite walks the index anyway")
def test_a_claim_walks_the_queue_and_sorts_nothing(agency: Agency, owner: User) -> None:
    """With the statistics of a filled table, by which the planner could join and sort all that is queued."""
    campaign = messages_of(agency, "queued")[0].campaign
    phones = [f"+4850{number:07}" for number in range(3000)]
    clients = Contact.objects.bulk_create(
        Contact(agency=agency, last_name="Kowalska", phone=phone) for phone in phones
    )
    Message.objects.bulk_create(
        Message(agency=agency, campaign=campaign, contact=one, phone=one.phone, parts=1, price=29)
        for one in clients
    )
    Campaign.objects.filter(pk=campaign.pk).update(
        state="running", price=29, confirmed_at=timezone.now()
    )
    campaign.refresh_from_db()
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE messaging_message")
        sql = claiming._claim_sql(campaign)
        cursor.execute(f"EXPLAIN {sql}", [campaign.pk, now, 100, now, "smsapi", "Bramka SMS"])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Scan using message_due" in plan
    assert "Sort" not in plan


def test_the_plan_of_a_query_without_an_index_is_told(messages: list[Message]) -> None:
    assert slow_steps(lambda: list(Message.objects.order_by("text")))
