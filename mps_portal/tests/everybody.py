"""Everybody who uses the portal, and one of everything that has a page."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, NamedTuple

from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.data_exports import KEEP
from accounts.models import Agency, DataExport, User
from accounts.people import invite
from accounts.roles import Role
from accounts.tests.pages import browser
from billing.models import BankLine, CsvLayout, PartPrice, ReturnTransfer, StatementUpload
from billing.statement_import import import_statement
from billing.tests.payments import ACCOUNT, invoice_with_pdf
from billing.tests.statement_files import statement
from messaging import status_refreshing
from messaging.contact_imports import start
from messaging.models import Campaign, Message, ReservedName
from messaging.tests.book import draft_for, messages_of, whole_client_of
from messaging.tests.sender_cases import own_name, shared_name

WITHOUT_CODE = (":61:2603100310CN58,00NTRFNONREF//A1", ":86:020?20ZA SMS?32ANNA")


class Walk(NamedTuple):
    """A browser for each role, and the ids that the addresses are made with."""

    browsers: dict[str, Client]
    ids: dict[str, int]


def visit(client: Client, method: str, path: str, data: Any = None) -> Any:
    """The answer, with whatever it wrote, and what the browser was told to keep, undone for the next visit."""
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        response = getattr(client, method)(path, data)
        transaction.set_rollback(True)
    client.cookies = cookies
    return response


def browsers_of_everybody(agency: Agency, other_agency: Agency) -> dict[str, Client]:
    """A browser for each role, for the other agency's owner and for a visitor."""
    people = {
        role.value: User.objects.create_user(
            f"{role}@walk.example",
            "haslo-na-spacer",
            full_name=role.label,
            role=role,
            agency=agency if role in ("owner", "employee", "accountant") else None,
        )
        for role in Role
    }
    people["stranger"] = User.objects.create_user(
        "stranger@walk.example",
        "haslo-na-spacer",
        full_name="Jan",
        role=Role.OWNER,
        agency=other_agency,
    )
    return {"visitor": browser(), **{name: browser(user) for name, user in people.items()}}


def ids_of_everything(agency: Agency) -> dict[str, int]:
    """The ids of the agency's objects, and of the operator's. The agency has its people."""
    contact = whole_client_of(agency)
    policy = contact.policies.get()
    draft = draft_for(agency, contact)
    invoice = invoice_with_pdf(agency)
    import_statement(statement(*WITHOUT_CODE).encode(), "a.sta")
    line = BankLine.objects.get()
    export = DataExport.objects.create(
        agency=agency,
        asked_by=agency.people.get(role=Role.OWNER),
        state="ready",
        expires_at=timezone.now() + KEEP,
    )
    owner = agency.people.get(role=Role.OWNER)
    (message,) = messages_of(agency, "sent")
    Campaign.objects.filter(pk=message.campaign_id).update(
        state="finished", confirmed_at=timezone.now(), price=29
    )
    Message.objects.update(gateway="smsapi", provider_id="ID1")
    refresh = status_refreshing.start(agency=agency, asked_by=owner, chosen=[message.pk])
    return {
        "message": message.pk,
        "sent": message.campaign_id,
        "refresh": refresh.pk,
        "agency": agency.pk,
        "person": agency.people.get(role=Role.ACCOUNTANT).pk,
        "invitation": invite(
            agency=agency,
            email="zaproszona@walk.example",
            role=Role.EMPLOYEE,
            invited_by=agency.people.get(role=Role.OWNER),
        ).pk,
        "price": PartPrice.objects.get().pk,
        "contact": contact.pk,
        "import": start(
            agency=agency,
            started_by=agency.people.get(role=Role.OWNER),
            file_name="klienci.csv",
            content=b"Telefon",
        ).pk,
        "opted_out": agency.opted_out_numbers.create(phone="+48600999999", channel="phone").pk,
        "group": contact.groups.get().pk,
        "vehicle": contact.vehicles.get().pk,
        "policy": policy.pk,
        "instalment": policy.instalments.get().pk,
        "template": draft.template_id,
        "campaign": draft.pk,
        "name": own_name(agency).pk,
        "shared": shared_name().pk,
        "word": ReservedName.objects.create(word="Krokus", kind="bank").pk,
        "invoice": invoice.pk,
        "year": invoice.year,
        "month": invoice.month,
        "payment": invoice.payment_id,
        "payer": agency.payer_accounts.create(account=ACCOUNT).pk,
        "transfer": ReturnTransfer.objects.create(
            agency=agency, amount=1, account=ACCOUNT, reason="Rezygnacja", asked_by=owner
        ).pk,
        "export": export.pk,
        "line": line.pk,
        "file": line.statement.file_id,
        "upload": StatementUpload.objects.create(
            uploaded_by=User.objects.filter(role=Role.BILLING).first(),
            language="pl",
            state="asking",
            content=b"Data;Kwota;Opis\n2026-11-20;1,00;x\n",
        ).pk,
        "layout": CsvLayout.objects.create(headers="data", columns=["booked_on"]).pk,
    }
