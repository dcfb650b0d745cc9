"""Vehicles, policies and instalments of a client: a small form for each."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib import messages
from django.db.models import Max
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import UserRequest, agency_of, permission_required
from accounts.roles import Permission
from messaging.contact_forms import InstalmentForm, PolicyForm, VehicleForm
from messaging.insurance import Insured, contact_of, delete_insured, save_insured
from messaging.models import Contact, Instalment, Policy, Vehicle
from messaging.views.saving import save_or_explain

R = TypeVar("R", Vehicle, Policy, Instalment)


@permission_required(Permission.USE_CONTACTS)
def add_vehicle(request: UserRequest, pk: int) -> HttpResponse:
    """Another vehicle of the client."""
    vehicle = Vehicle(contact=_own_contact(request, pk))
    return _form_page(request, VehicleForm(request.POST or None, instance=vehicle))


@permission_required(Permission.USE_CONTACTS)
def edit_vehicle(request: UserRequest, pk: int) -> HttpResponse:
    """A vehicle's data."""
    vehicle = _own(request, Vehicle, pk)
    return _form_page(request, VehicleForm(request.POST or None, instance=vehicle))


@require_POST
@permission_required(Permission.USE_CONTACTS)
def delete_vehicle(request: UserRequest, pk: int) -> HttpResponse:
    """Remove a vehicle; its policies stay."""
    return _delete(request, _own(request, Vehicle, pk))


@permission_required(Permission.USE_CONTACTS)
def add_policy(request: UserRequest, pk: int) -> HttpResponse:
    """Another policy of the client."""
    policy = Policy(contact=_own_contact(request, pk))
    return _form_page(request, PolicyForm(request.POST or None, instance=policy))


@permission_required(Permission.USE_CONTACTS)
def edit_policy(request: UserRequest, pk: int) -> HttpResponse:
    """A policy's data."""
    policy = _own(request, Policy, pk)
    return _form_page(request, PolicyForm(request.POST or None, instance=policy))


@require_POST
@permission_required(Permission.USE_CONTACTS)
def delete_policy(request: UserRequest, pk: int) -> HttpResponse:
    """Remove a policy with its instalments."""
    return _delete(request, _own(request, Policy, pk))


@permission_required(Permission.USE_CONTACTS)
def add_instalment(request: UserRequest, pk: int) -> HttpResponse:
    """Another instalment of the policy, with the next number."""
    instalment = Instalment(policy=_own(request, Policy, pk))
    highest = instalment.policy.instalments.aggregate(highest=Max("number"))["highest"] or 0
    form = InstalmentForm(
        request.POST or None, instance=instalment, initial={"number": highest + 1}
    )
    return _form_page(request, form)


@permission_required(Permission.USE_CONTACTS)
def edit_instalment(request: UserRequest, pk: int) -> HttpResponse:
    """An instalment's data, such as when it was paid."""
    instalment = _own(request, Instalment, pk)
    return _form_page(request, InstalmentForm(request.POST or None, instance=instalment))


@require_POST
@permission_required(Permission.USE_CONTACTS)
def delete_instalment(request: UserRequest, pk: int) -> HttpResponse:
    """Remove an instalment."""
    return _delete(request, _own(request, Instalment, pk))


def _own_contact(request: UserRequest, pk: int) -> Contact:
    return get_object_or_404(agency_of(request).contacts, pk=pk)


def _own(request: UserRequest, model: type[R], pk: int) -> R:
    return get_object_or_404(model._default_manager.filter(agency=agency_of(request)), pk=pk)


def _form_page(request: UserRequest, form: ModelForm[Any]) -> HttpResponse:
    row: Insured = form.instance
    contact = contact_of(row)
    heading = _heading(row)
    if (
        request.method == "POST"
        and form.is_valid()
        and save_or_explain(form, lambda: save_insured(row))
    ):
        messages.success(request, _("Saved."))
        return redirect("messaging:contact", pk=contact.pk)
    context = {"form": form, "contact": contact, "heading": heading, "delete_url": _delete_url(row)}
    return render(request, "messaging/insured_form.html", context)


def _delete(request: UserRequest, row: Insured) -> HttpResponse:
    contact_id = contact_of(row).pk
    delete_insured(row)
    messages.success(request, _("Removed."))
    return redirect("messaging:contact", pk=contact_id)


def _heading(row: Insured) -> str:
    if isinstance(row, Vehicle):
        return row.registration_number if row.pk else _("Add a vehicle")
    if isinstance(row, Policy):
        return _("Policy %(number)s") % {"number": row.number} if row.pk else _("Add a policy")
    of = {"number": row.policy.number}
    return _("Instalment of the policy %(number)s") % of


def _delete_url(row: Insured) -> str:
    """Nothing for what is not saved yet."""
    return f"messaging:delete_{row._meta.model_name}" if row.pk else ""
