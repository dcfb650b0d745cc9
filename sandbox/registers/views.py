"""The Register page: the taxpayers to try, and how the register should misbehave."""

from __future__ import annotations

from django import forms
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sandbox.json_posts import bad_request, csrf_unless_json, posted_values
from sandbox.models import RegisterFault
from sandbox.registers.companies import TAXPAYERS


class RegisterFaultForm(forms.ModelForm):  # type: ignore[type-arg]
    """One fault at a time."""

    class Meta:
        model = RegisterFault
        fields = ["mode"]


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Show the page."""
    fault = RegisterFault.load()
    context = {"form": RegisterFaultForm(instance=fault), "fault": fault, "taxpayers": TAXPAYERS}
    return render(request, "sandbox/register.html", context)


@require_POST
def change_register_fault(request: HttpRequest) -> HttpResponse:
    """Save the fault from the page's form."""
    form = RegisterFaultForm(request.POST, instance=RegisterFault(pk=1))
    if form.is_valid():
        form.save()
    return redirect("register")


@csrf_unless_json
@require_http_methods(["GET", "POST"])
def register_fault_api(request: HttpRequest) -> HttpResponse:
    """Return the fault, or replace it."""
    if request.method == "POST":
        try:
            form = RegisterFaultForm(posted_values(request), instance=RegisterFault(pk=1))
        except ValueError as error:
            return bad_request({"__all__": [str(error)]})
        if not form.is_valid():
            return bad_request(form.errors)
        form.save()
    return JsonResponse(model_to_dict(RegisterFault.load(), fields=["mode"]))
