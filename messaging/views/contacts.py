"""Klienci: the agent's book of clients."""

from __future__ import annotations

from copy import copy

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import UserRequest, agency_of, permission_required
from accounts.numbered_pages import numbered_page
from accounts.partials import render_page_or_part
from accounts.roles import Permission
from accounts.way_back import way_back
from messaging import consents
from messaging import contacts as book
from messaging.consent_forms import CONSENT_STEPS, ConsentForm
from messaging.contact_filter_form import ContactFilterForm
from messaging.contact_forms import ContactForm, NewContactForm
from messaging.contact_groups import group_called
from messaging.contact_pages import ContactPage, Place, Sort, default_sort, page_of_contacts
from messaging.contact_table import (
    Column,
    chosen_columns,
    keep_columns,
    rows_of,
    shown_columns,
)
from messaging.conversations import Conversation
from messaging.insurance import add_contact as add_contact_with_insurance
from messaging.models import Contact, ContactGroup, ContactNumber, Instalment, Policy, Vehicle
from messaging.views.saving import save_or_explain


@require_GET
@permission_required(Permission.USE_CONTACTS)
def contacts(request: UserRequest) -> HttpResponse:
    """The list with search, filters and orders; something can be done to the chosen ones."""
    agency = agency_of(request)
    form = ContactFilterForm(request.GET, agency.contact_groups.order_by("name"))
    if form.is_valid():
        criteria = form.criteria()
        sort = form.cleaned_data["sort"] or default_sort(criteria)
        place = Place(form.page_number(), request.user.rows_per_page)
        page = page_of_contacts(agency, criteria, sort, place)
    else:
        # Lest a list be taken for the answer to a question that was not understood.
        sort, page = Sort.NAME, ContactPage([])
    columns = shown_columns(request.user, sort)
    context = {
        "form": form,
        "page_obj": page,
        "sort": sort,
        "q": request.GET.get("q", ""),
        "columns": columns,
        "rows": rows_of(page.rows, columns),
        "all_columns": list(Column),
        "chosen_columns": chosen_columns(request.user),
    }
    # Search as you type asks for the table alone.
    return render_page_or_part(
        request, "messaging/contacts.html", "messaging/_contacts_table.html", context
    )


@require_POST
@permission_required(Permission.USE_CONTACTS)
def choose_columns(request: UserRequest) -> HttpResponse:
    """Keep which columns the person wants to see in the list."""
    keep_columns(request.user, request.POST.getlist("column"))
    return way_back(request, "messaging:contacts")


@require_GET
@permission_required(Permission.USE_CONTACTS)
def contact(request: UserRequest, pk: int) -> HttpResponse:
    """One client: all data, what they allow, and every message ever sent to them."""
    return _contact_page(request, pk, ConsentForm(None, agency_of(request).consent_wordings.all()))


@require_POST
@permission_required(Permission.USE_CONTACTS)
def record_consent(request: UserRequest, pk: int) -> HttpResponse:
    """Write down that a client said yes or no to marketing or to messages, and how that is known."""
    own = get_object_or_404(agency_of(request).contacts, pk=pk)
    form = ConsentForm(request.POST, agency_of(request).consent_wordings.all())
    if not form.is_valid():
        return _contact_page(request, pk, form)
    kind, is_given = CONSENT_STEPS[form.cleaned_data["step"]]
    consents.record_said(contact=own, kind=kind, is_given=is_given, said=form.said(request.user))
    messages.success(request, _("Recorded."))
    return redirect("messaging:contact", pk=pk)


@permission_required(Permission.USE_CONTACTS)
def add_contact(request: UserRequest) -> HttpResponse:
    """A new client by hand."""
    form = NewContactForm(request.POST or None, instance=Contact(agency=agency_of(request)))
    if request.method == "POST" and form.is_valid() and save_or_explain(form, lambda: _add(form)):
        messages.success(request, _("%(name)s is in your book.") % {"name": form.instance.name})
        return redirect("messaging:contact", pk=form.instance.pk)
    return render(request, "messaging/contact_form.html", {"form": form})


@permission_required(Permission.USE_CONTACTS)
def edit_contact(request: UserRequest, pk: int) -> HttpResponse:
    """Change a client's own data; vehicles and policies have pages of their own."""
    own = get_object_or_404(agency_of(request).contacts, pk=pk)
    # The form puts what was typed into its own one, right or wrong.
    form = ContactForm(request.POST or None, instance=copy(own))
    if request.method == "POST" and form.is_valid() and save_or_explain(form, lambda: _save(form)):
        messages.success(request, _("Saved."))
        return redirect("messaging:contact", pk=pk)
    return render(request, "messaging/contact_form.html", {"form": form, "contact": own})


@require_POST
@permission_required(Permission.USE_CONTACTS)
def delete_contact(request: UserRequest, pk: int) -> HttpResponse:
    """Remove a client with vehicles and policies; the messages sent to them stay as charged."""
    own = get_object_or_404(agency_of(request).contacts, pk=pk)
    book.delete_contacts(agency_of(request).contacts.filter(pk=pk))
    messages.success(request, _("%(name)s was removed from your book.") % {"name": own.name})
    return redirect("messaging:contacts")


def _contact_page(request: UserRequest, pk: int, consent_form: ConsentForm) -> HttpResponse:
    instalments = Instalment.objects.order_by("number")
    policies = Policy.objects.select_related("vehicle").order_by("ends_on", "id")
    own = agency_of(request).contacts.prefetch_related(
        Prefetch("vehicles", Vehicle.objects.order_by("inspection_due", "id")),
        Prefetch("policies", policies.prefetch_related(Prefetch("instalments", instalments))),
        Prefetch("groups", ContactGroup.objects.order_by("name")),
        Prefetch("other_numbers", ContactNumber.objects.order_by("pk")),
    )
    shown = get_object_or_404(own, pk=pk)
    context = {
        "contact": shown,
        "consent_form": consent_form,
        "history": shown.consent_history.select_related("recorded_by", "wording").order_by("-id"),
        "opted_out_number": shown.agency.opted_out_numbers.filter(phone=shown.phone).first(),
        "page_obj": numbered_page(request, Conversation(shown)),
        # A form with mistakes is posted to another address.
        "list_address": reverse("messaging:contact", args=[pk]),
        "today": timezone.localdate(),
    }
    return render(request, "messaging/contact.html", context)


def _add(form: NewContactForm) -> None:
    add_contact_with_insurance(
        form.instance,
        numbers=form.cleaned_data["other_numbers"],
        groups=_groups(form),
        vehicle=form.vehicle(),
        policy=form.policy(),
    )


def _save(form: ContactForm) -> None:
    numbers = form.cleaned_data["other_numbers"]
    book.save_contact(form.instance, numbers=numbers, groups=_groups(form))


def _groups(form: ContactForm) -> list[ContactGroup]:
    """The ticked groups and the newly named one."""
    name = form.cleaned_data["new_group"]
    new = [group_called(form.instance.agency, name)] if name else []
    return [*form.cleaned_data["groups"], *new]
