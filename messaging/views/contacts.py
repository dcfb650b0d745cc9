"""Klienci: the agent's book of clients."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Min, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import UserRequest, agency_of, permission_required
from accounts.roles import Permission
from messaging import contacts as book
from messaging.contact_files import ContactFileError, read_contacts
from messaging.example_contacts import example_csv
from messaging.forms import ContactFileForm, ContactForm
from messaging.models import Contact, Policy, Vehicle
from messaging.views.partials import render_page_or_part

PAGE_SIZE = 50
# Problems that the import page lists; nobody mends more at a time.
MAX_PROBLEMS_SHOWN = 100


@require_GET
@permission_required(Permission.USE_CONTACTS)
def contacts(request: UserRequest) -> HttpResponse:
    """The list with search; the chosen ones can be written to."""
    today = timezone.localdate()
    found = book.search(agency_of(request).contacts.all(), request.GET.get("q", ""))
    found = found.annotate(
        next_inspection=Min(
            "vehicles__inspection_due", filter=Q(vehicles__inspection_due__gte=today)
        ),
        next_end=Min("policies__ends_on", filter=Q(policies__ends_on__gte=today)),
    )
    page = Paginator(found.order_by("search_name", "id"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {"page_obj": page, "q": request.GET.get("q", "")}
    # Search as you type asks for the table alone.
    return render_page_or_part(
        request, "messaging/contacts.html", "messaging/_contacts_table.html", context
    )


@require_GET
@permission_required(Permission.USE_CONTACTS)
def contact(request: UserRequest, pk: int) -> HttpResponse:
    """One client: vehicles, policies, and every message ever sent to them."""
    own = agency_of(request).contacts.prefetch_related(
        Prefetch("vehicles", Vehicle.objects.order_by("inspection_due", "id")),
        Prefetch("policies", Policy.objects.select_related("vehicle").order_by("ends_on", "id")),
    )
    shown = get_object_or_404(own, pk=pk)
    sent = shown.messages.order_by("-id")
    page = Paginator(sent, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "messaging/contact.html", {"contact": shown, "page_obj": page})


@permission_required(Permission.USE_CONTACTS)
def add_contact(request: UserRequest) -> HttpResponse:
    """A new client by hand."""
    form = ContactForm(request.POST or None, instance=Contact(agency=agency_of(request)))
    if request.method == "POST" and form.is_valid():
        added = book.save_contact(form.instance, form.cleaned_data)
        messages.success(request, _("%(name)s is in your book.") % {"name": added.name})
        return redirect("messaging:contact", pk=added.pk)
    return render(request, "messaging/contact_form.html", {"form": form})


@permission_required(Permission.USE_CONTACTS)
def edit_contact(request: UserRequest, pk: int) -> HttpResponse:
    """Change a client's data, or add a vehicle and a policy."""
    own = get_object_or_404(agency_of(request).contacts, pk=pk)
    form = ContactForm(request.POST or None, instance=own)
    if request.method == "POST" and form.is_valid():
        book.save_contact(form.instance, form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("messaging:contact", pk=pk)
    return render(request, "messaging/contact_form.html", {"form": form, "contact": own})


@require_POST
@permission_required(Permission.USE_CONTACTS)
def delete_contact(request: UserRequest, pk: int) -> HttpResponse:
    """Remove a client with vehicles and policies; the messages sent to them stay as charged."""
    own = get_object_or_404(agency_of(request).contacts, pk=pk)
    book.delete_contact(own)
    messages.success(request, _("%(name)s was removed from your book.") % {"name": own.name})
    return redirect("messaging:contacts")


@permission_required(Permission.USE_CONTACTS)
def import_contacts(request: UserRequest) -> HttpResponse:
    """Clients from a CSV file: all of its rows, or none and a list of what to mend."""
    form = ContactFileForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return render(
            request, "messaging/import.html", {"form": form}, status=422 if form.errors else 200
        )
    try:
        read = read_contacts(form.cleaned_data["file"].read())
    except ContactFileError as error:
        form.add_error("file", str(error.message))
        return render(request, "messaging/import.html", {"form": form}, status=422)
    if read.problems:
        context = {
            "form": form,
            "problems": read.problems[:MAX_PROBLEMS_SHOWN],
            "num_problems": len(read.problems),
        }
        return render(request, "messaging/import.html", context, status=422)
    result = book.import_contacts(agency_of(request), read.rows)
    messages.success(request, _told(result))
    return redirect("messaging:contacts")


@require_GET
@permission_required(Permission.USE_CONTACTS)
def example_file(request: UserRequest) -> HttpResponse:
    """200 made-up clients to try the import with."""
    return HttpResponse(
        example_csv(timezone.localdate()),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="klienci-przyklad.csv"'},
    )


def _told(result: book.ImportResult) -> str:
    added = ngettext("%(count)d client added", "%(count)d clients added", result.num_created) % {
        "count": result.num_created
    }
    updated = ngettext("%(count)d updated", "%(count)d updated", result.num_updated) % {
        "count": result.num_updated
    }
    unchanged = ngettext("%(count)d unchanged", "%(count)d unchanged", result.num_unchanged) % {
        "count": result.num_unchanged
    }
    return f"{added}, {updated}, {unchanged}."
