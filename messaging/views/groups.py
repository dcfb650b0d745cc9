"""Grupy: the names under which an agency keeps clients together."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import UserRequest, agency_of, permission_required
from accounts.roles import Permission
from messaging import contact_groups
from messaging.contact_forms import GroupNameForm
from messaging.views.saving import save_or_explain


@require_GET
@permission_required(Permission.USE_CONTACTS)
def groups(request: UserRequest) -> HttpResponse:
    """All groups with the number of their clients."""
    own = agency_of(request).contact_groups.annotate(num_contacts=Count("contacts"))
    return render(request, "messaging/groups.html", {"groups": own.order_by("name")})


@permission_required(Permission.USE_CONTACTS)
def rename_group(request: UserRequest, pk: int) -> HttpResponse:
    """Another name for a group."""
    group = get_object_or_404(agency_of(request).contact_groups, pk=pk)
    form = GroupNameForm(request.POST or None, initial={"name": group.name})
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        if save_or_explain(form, lambda: contact_groups.rename_group(group, name)):
            messages.success(request, _("Saved."))
            return redirect("messaging:groups")
    return render(request, "messaging/group_form.html", {"form": form, "group": group})


@require_POST
@permission_required(Permission.USE_CONTACTS)
def delete_group(request: UserRequest, pk: int) -> HttpResponse:
    """Delete a group; its clients stay."""
    contact_groups.delete_group(get_object_or_404(agency_of(request).contact_groups, pk=pk))
    messages.success(request, _("The group was deleted. Its clients stay in your book."))
    return redirect("messaging:groups")
