"""What can be done to several clients at once: groups, consents, export, removal. Writing to them is a campaign."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import UserRequest, agency_of, permission_required
from accounts.roles import Permission
from messaging import consents, contact_groups
from messaging import contacts as book
from messaging.consent_forms import CONSENT_STEPS, ConsentOfManyForm
from messaging.contact_exports import export_contacts
from messaging.contact_forms import MoveToGroupForm
from messaging.models import ContactGroup
from messaging.views.chosen_contacts import Chosen, chosen_contacts
from messaging.views.selection import posted_numbers


@require_POST
@permission_required(Permission.USE_CONTACTS)
def move_to_group(request: UserRequest) -> HttpResponse:
    """Ask for a group, then put the chosen clients into it or take them out of it."""
    chosen = chosen_contacts(request)
    if not (count := chosen.contacts.count()):
        return _nobody(request)
    is_asked = "to_group" in request.POST
    own = agency_of(request).contact_groups.order_by("name")
    form = MoveToGroupForm(request.POST if is_asked else None, own)
    if is_asked and form.is_valid():
        try:
            messages.success(request, _move(request, form, chosen))
        except ContactGroup.DoesNotExist:
            messages.warning(request, _("The group was deleted meanwhile."))
        return redirect("messaging:contacts")
    context = {"form": form, "chosen": chosen, "count": count}
    return render(request, "messaging/move_to_group.html", context)


@require_POST
@permission_required(Permission.USE_CONTACTS)
def record_of_chosen(request: UserRequest) -> HttpResponse:
    """Ask how it is known, then write down the chosen clients' consent to marketing or their opt-out."""
    chosen = chosen_contacts(request)
    if not (count := chosen.contacts.count()):
        return _nobody(request)
    is_asked = "channel" in request.POST
    wordings = agency_of(request).consent_wordings.all()
    form = ConsentOfManyForm(request.POST if is_asked else None, wordings)
    if is_asked and form.is_valid():
        kind, is_given = CONSENT_STEPS[form.cleaned_data["step"]]
        recorded = consents.record_of_many(
            chosen.contacts, kind, is_given=is_given, said=form.said(request.user)
        )
        messages.success(request, _recorded(recorded, count))
        return redirect("messaging:contacts")
    is_opt_out = request.POST.get("step") == "opt-out"
    context = {"form": form, "chosen": chosen, "count": count, "is_opt_out": is_opt_out}
    return render(request, "messaging/record_of_chosen.html", context)


@require_POST
@permission_required(Permission.USE_CONTACTS)
def delete_chosen(request: UserRequest) -> HttpResponse:
    """Ask once, saying how many; then remove the chosen clients. More or fewer than were agreed to: ask again."""
    chosen = chosen_contacts(request)
    if not (count := chosen.contacts.count()):
        return _nobody(request)
    if posted_numbers(request, "agreed") != [count]:
        context = {"chosen": chosen, "count": count}
        return render(request, "messaging/delete_contacts.html", context)
    removed = book.delete_contacts(chosen.contacts)
    told = ngettext(
        "%(count)d client was removed from your book.",
        "%(count)d clients were removed from your book.",
        removed,
    )
    messages.success(request, told % {"count": removed})
    return redirect("messaging:contacts")


@require_POST
@permission_required(Permission.USE_CONTACTS)
def export_chosen(request: UserRequest) -> HttpResponseBase:
    """The chosen clients as a file for a spreadsheet."""
    chosen = chosen_contacts(request)
    if not chosen.contacts.exists():
        return _nobody(request)
    return export_contacts(
        chosen.contacts, "xlsx" if request.POST.get("format") == "xlsx" else "csv"
    )


def _nobody(request: UserRequest) -> HttpResponse:
    messages.warning(request, _("Choose at least one client."))
    return redirect("messaging:contacts")


def _recorded(recorded: int, chosen: int) -> str:
    told = ngettext("Recorded for %(count)d client.", "Recorded for %(count)d clients.", recorded)
    text = told % {"count": recorded}
    if left := chosen - recorded:
        known = ngettext("%(count)d had opted out before.", "%(count)d had opted out before.", left)
        text += " " + known % {"count": left}
    return text


def _move(request: UserRequest, form: MoveToGroupForm, chosen: Chosen) -> str:
    """Do it and say so. Raises ContactGroup.DoesNotExist."""
    group = form.cleaned_data["to_group"]
    if form.cleaned_data["take_out"]:
        count = contact_groups.remove_from_group(chosen.contacts, group)
        told = ngettext(
            "%(count)d client was taken out of the group %(group)s.",
            "%(count)d clients were taken out of the group %(group)s.",
            count,
        )
    else:
        name = form.cleaned_data["new_group"]
        group = group or contact_groups.group_called(agency_of(request), name)
        count = contact_groups.add_to_group(chosen.contacts, group)
        told = ngettext(
            "%(count)d client is in the group %(group)s.",
            "%(count)d clients are in the group %(group)s.",
            count,
        )
    return told % {"count": count, "group": group.name}
