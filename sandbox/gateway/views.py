"""The Gateway page: faults, the callback URL, the latest messages."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sandbox.gateway.forms import FaultsForm, NetworksForm, PanelForm
from sandbox.gateway.reports import MAX_ATTEMPTS
from sandbox.json_posts import bad_request, csrf_unless_json, posted_values, unknown_fields
from sandbox.models import DeliveryReport, Faults, Panel, SenderName, SmsMessage

SHOWN_MESSAGES = 25


@require_safe
def gateway(request: HttpRequest) -> HttpResponse:
    """Show the page."""
    return _page(request)


@require_POST
def change_faults(request: HttpRequest) -> HttpResponse:
    """Save the faults from the page's form."""
    form = FaultsForm(request.POST, instance=Faults(pk=1))
    if not form.is_valid():
        return _page(request, faults_form=form)
    form.save()
    return redirect("gateway")


@require_POST
def change_panel(request: HttpRequest) -> HttpResponse:
    """Save the callback URL from the page's form."""
    form = PanelForm(request.POST, instance=Panel(pk=1))
    if not form.is_valid():
        return _page(request, panel_form=form)
    form.save()
    return redirect("gateway")


@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """The table of the latest messages alone, for refreshing in place."""
    return render(request, "sandbox/_gateway_messages.html", _latest_messages())


@csrf_unless_json
@require_http_methods(["GET", "POST"])
def faults_api(request: HttpRequest) -> HttpResponse:
    """Return the faults, or replace them: what a POST leaves out goes back to its default."""
    if request.method == "POST":
        try:
            values = posted_values(request)
        except ValueError as error:
            return bad_request({"__all__": [str(error)]})
        if unknown := unknown_fields(values, FaultsForm):
            return bad_request({name: ["Unknown field."] for name in sorted(unknown)})
        form = FaultsForm({**_faults_as_dict(Faults()), **values}, instance=Faults(pk=1))
        if not form.is_valid():
            return bad_request(form.errors)
        form.save()
    return JsonResponse(_faults_as_dict(Faults.load()))


def _faults_as_dict(faults: Faults) -> dict[str, Any]:
    return model_to_dict(faults, fields=FaultsForm.base_fields)


def _page(
    request: HttpRequest,
    faults_form: FaultsForm | None = None,
    panel_form: PanelForm | None = None,
) -> HttpResponse:
    context = {
        "faults_form": faults_form or FaultsForm(instance=Faults.load()),
        "panel_form": panel_form or PanelForm(instance=Panel.load()),
        "faults": Faults.load(),
        "networks_form": NetworksForm(instance=Panel.load()),
        "sender_names": SenderName.objects.order_by("name"),
        **_latest_messages(),
    }
    return render(request, "sandbox/gateway.html", context)


def _latest_messages() -> dict[str, Any]:
    now = timezone.now()
    latest = _with_report_counts(SmsMessage.objects.order_by("-pk"))[:SHOWN_MESSAGES]
    rows = [{"message": message, "status": message.status_at(now)} for message in latest]
    return {"rows": rows, "reports": _report_counts()}


def _with_report_counts(messages: QuerySet[SmsMessage]) -> QuerySet[Any]:
    return messages.annotate(
        num_reports=Count("reports"),
        num_acknowledged=Count("reports", filter=Q(reports__acknowledged_at__isnull=False)),
    )


def _report_counts() -> dict[str, int]:
    is_open = Q(acknowledged_at=None)
    return DeliveryReport.objects.aggregate(
        acknowledged=Count("pk", filter=~is_open),
        waiting=Count("pk", filter=is_open & Q(attempts__lt=MAX_ATTEMPTS)),
        given_up=Count("pk", filter=is_open & Q(attempts__gte=MAX_ATTEMPTS)),
    )
