"""What the demo starts with. Everything is made by the portal's own functions, as its users would make it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction
from django.utils import timezone

from accounts.models import Agency, User
from accounts.registration import AgencyData, register_agency
from accounts.roles import Role
from messaging import campaigns
from messaging.book_writing import write_rows
from messaging.consents import Kind, record_consent
from messaging.contact_groups import add_to_group, group_called
from messaging.derived import bring_up_to_date
from messaging.document_files import read_document
from messaging.example_contacts import example_rows
from messaging.gateways.base import SenderStatus
from messaging.models import Contact, SenderName
from messaging.sender_name_registration import record_answer
from messaging.sender_name_requests import attach_file, draft_name, submit
from messaging.sender_name_reviews import approve, offer_shared, take
from messaging.sender_names import set_default
from messaging.template_book import give_first_templates
from messaging.template_types import TemplateType
from mps_portal.demo_history import days_ago, days_behind, write_history

# The sandbox's gateway has them already: sandbox/migrations/0005_states_of_sender_names.py.
SHARED_NAMES = ("Polisa Info", "Twoj Agent")
OWN_NAME, WAITING_NAME = "Nowak OC", "PolisyNowak"
_DOCUMENT = Path(__file__).with_name("demo_document.pdf")

PASSWORD = "demo-haslo-2026"  # noqa: S105  (the demo's, printed by bin/run)
AGENT = "agent@mps.example"
EMPLOYEE = "pracownik@mps.example"
ACCOUNTANT = "ksiegowa@mps.example"
STAFF = "operator@mps.example"
REPLYABLE_NUMBER = "48500000001"
_WAY_OUT = "Rezygnacja: odpisz STOP."
# The operator's people need a second factor: the sandbox's authenticator app knows this one.
STAFF_TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105


_THE_AGENCY = AgencyData(
    name="Ubezpieczenia Nowak",
    nip="7540000007",
    regon="",
    street="ul. Krakowska 12",
    postal_code="45-018",
    city="Opole",
    registration_code="",
    person="Anna Nowak",
    email=AGENT,
    phone="601 234 567",
    language="pl",
)


def load_staff() -> None:
    """The operator's own login; without it nobody could book the first payment."""
    if not User.objects.filter(email=STAFF).exists():
        staff = User.objects.create_superuser(STAFF, PASSWORD, full_name="Olga Operatorska")
        TOTP.activate(staff, STAFF_TOTP_SECRET)
        RecoveryCodes.activate(staff)


@transaction.atomic
def load_agency() -> None:
    """An agency at work: people, 200 clients, templates, weeks of payments and campaigns, one just sent. Once."""
    if User.objects.filter(email=AGENT).exists():
        return
    today = timezone.localdate()
    clerk = User.objects.get(email=STAFF)
    with days_ago(days_behind()):
        agency = register_agency(_THE_AGENCY)
        agents = _people(agency)
        write_rows(agency, example_rows(today))
        give_first_templates(agency)
        _let_clients_answer_offers(agency)
        _sign(agency, agents[0], clerk)
    _tell_more_of_clients(agency, agents[0])
    write_history(agency, agents, clerk)
    _submit(agency, WAITING_NAME, agents[0])
    _send_campaign(agency, agents[0])


def _people(agency: Agency) -> list[User]:
    """Everybody of the agency; returns those who write to clients, the owner first."""
    agent = agency.people.get()
    agent.set_own_password(PASSWORD)
    agent.save()
    employee = User.objects.create_user(
        EMPLOYEE,
        PASSWORD,
        full_name="Piotr Zaradny",
        role=Role.EMPLOYEE,
        agency=agency,
        monthly_limit_parts=500,
    )
    User.objects.create_user(
        ACCOUNTANT, PASSWORD, full_name="Maria Rachunek", role=Role.ACCOUNTANT, agency=agency
    )
    return [agent, employee]


def _let_clients_answer_offers(agency: Agency) -> None:
    """What tells that STOP will do comes from a sender that STOP can be sent to."""
    offer = agency.templates.get(type=TemplateType.OFFER)
    offer.body = f"{offer.body} {_WAY_OUT}"
    offer.sender_name = _number_that_can_be_answered()
    offer.save(update_fields=["body", "sender_name"])


def _number_that_can_be_answered() -> SenderName:
    """Of the operator, for all agencies; the sandbox's phones answer it."""
    return SenderName.objects.get_or_create(
        agency=None,
        name=REPLYABLE_NUMBER,
        defaults={"state": SenderName.State.AUTHORISED, "is_replyable": True},
    )[0]


def _tell_more_of_clients(agency: Agency, agent: User) -> None:
    """What the file of examples does not hold: groups, instalments, other numbers, consents, one who opted out."""
    clients = list(agency.contacts.order_by("id")[:60])
    _put_into_groups(agency)
    for client in clients[:6]:
        client.other_numbers.create(number="77 453 12 34")
        _divide_into_instalments(client)
    _record_consents(clients, agent)
    bring_up_to_date(clients)


def _put_into_groups(agency: Agency) -> None:
    companies = agency.contacts.exclude(company="")
    add_to_group(companies, group_called(agency, "Firmy"))
    soon = agency.contacts.filter(next_end_on__lte=timezone.localdate() + timedelta(days=30))
    add_to_group(soon, group_called(agency, "Do odnowienia"))


def _divide_into_instalments(client: Contact) -> None:
    today = timezone.localdate()
    for policy in client.policies.all()[:1]:
        half = (policy.premium or 800_00) // 2
        policy.instalments.create(
            number=1,
            due_on=today - timedelta(days=20),
            amount=half,
            paid_on=today - timedelta(days=21),
        )
        policy.instalments.create(number=2, due_on=today + timedelta(days=12), amount=half)


def _record_consents(clients: Sequence[Contact], agent: User) -> None:
    for client in clients[:40:2]:
        record_consent(
            contact=client,
            kind=Kind.MARKETING,
            is_given=True,
            source="zgoda przy zawarciu umowy",
            recorded_by=agent,
        )
    record_consent(
        contact=clients[50],
        kind=Kind.MESSAGES,
        is_given=False,
        source="telefonicznie",
        recorded_by=agent,
    )


def _sign(agency: Agency, agent: User, clerk: User) -> None:
    """Two names for all, and one of the agency's own that it signs with."""
    for name in SHARED_NAMES:
        _activate(offer_shared(name=name, offered_by=clerk))
    own = _submit(agency, OWN_NAME, agent)
    take(sender_name_id=own.pk, reviewer=clerk)
    approve(sender_name_id=own.pk, decided_by=clerk)
    _activate(own)
    own.refresh_from_db()
    set_default(agency=agency, sender_name=own, changed_by=agent)


def _submit(agency: Agency, name: str, agent: User) -> SenderName:
    own = draft_name(agency=agency, name=name)
    attach_file(sender_name_id=own.pk, document=read_document(_DOCUMENT.read_bytes()))
    submit(sender_name_id=own.pk, submitted_by=agent)
    return own


def _activate(name: SenderName) -> None:
    """As the gateway will say, which is not running yet: the first campaign is to be signed at once."""
    record_answer(name, SenderStatus.ACTIVE)


def _send_campaign(agency: Agency, agent: User) -> None:
    """What the sandbox's phones are about to get."""
    draft = campaigns.draft(
        agency=agency,
        template=agency.templates.get(type=TemplateType.INSPECTION),
        contact_ids=list(agency.contacts.order_by("id").values_list("pk", flat=True)[:12]),
        created_by=agent,
    )
    campaigns.confirm(draft, expected_cost=campaigns.quote(draft).cost, confirmed_by=agent)
