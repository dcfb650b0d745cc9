"""Search from every page: clients, campaigns and invoices for agents; agencies and invoices for the operator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import UserRequest
from accounts.models import Agency, User
from accounts.roles import Permission
from billing.models import Invoice
from messaging.contact_search import Criteria, first_matches
from messaging.models import Campaign, Contact

# Of each kind; the lists behind show the rest.
NUM_SHOWN = 8
_MAX_TEXT = 100


@dataclass(frozen=True, slots=True)
class Found:
    """What a text finds, by kind; an empty list also where the person may not see any."""

    contacts: list[Contact]
    campaigns: list[Campaign]
    invoices: list[Invoice]
    agencies: list[Agency]

    def __bool__(self) -> bool:
        return bool(self.contacts or self.campaigns or self.invoices or self.agencies)


@require_GET
@login_required
def search(request: UserRequest) -> HttpResponse:
    """What the text finds, the best of each kind; as a part of the page for who is still typing."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:_MAX_TEXT]
    context: dict[str, Any] = {"text": text, "found": find(request.user, text) if text else None}
    template = "mps_portal/_search_results.html" if request.htmx else "mps_portal/search.html"
    return render(request, template, context)


def find(person: User, text: str) -> Found:
    """What the person may see and the text finds."""
    agency = person.agency
    if agency is None:
        return Found(
            contacts=[],
            campaigns=[],
            invoices=_invoices(None, text) if person.may(Permission.SEE_PAYMENTS) else [],
            agencies=_agencies(text) if person.may(Permission.SEE_AGENCIES) else [],
        )
    return Found(
        contacts=_contacts(agency, text) if person.may(Permission.USE_CONTACTS) else [],
        campaigns=_campaigns(agency, text) if person.may(Permission.SEND_MESSAGES) else [],
        invoices=_invoices(agency, text) if person.may(Permission.SEE_BOOKS) else [],
        agencies=[],
    )


def _contacts(agency: Agency, text: str) -> list[Contact]:
    """By name, number, policy or registration number, as the list of clients finds them."""
    ids, _are_all = first_matches(agency, Criteria(text=text))
    shown = ids[:NUM_SHOWN]
    found = agency.contacts.in_bulk(shown)
    return [found[pk] for pk in shown if pk in found]


def _campaigns(agency: Agency, text: str) -> list[Campaign]:
    return list(agency.campaigns.filter(name__icontains=text).order_by("-id")[:NUM_SHOWN])


def _invoices(agency: Agency | None, text: str) -> list[Invoice]:
    """By number; of all agencies also by the buyer's NIP."""
    wanted = Q(number__icontains=text)
    if agency is not None:
        return list(agency.invoices.filter(wanted).order_by("-id")[:NUM_SHOWN])
    digits = text.replace("-", "").replace(" ", "")
    return list(
        Invoice.objects.filter(wanted | Q(buyer_nip=digits))
        .select_related("agency")
        .order_by("-id")[:NUM_SHOWN]
    )


def _agencies(text: str) -> list[Agency]:
    return list(Agency.objects.search(text)[:NUM_SHOWN])
