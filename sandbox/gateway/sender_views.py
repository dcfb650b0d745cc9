"""What the mobile networks say of sender names, set on the Gateway page or by tests."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from sandbox.gateway.forms import NetworksForm, StatusForm
from sandbox.json_posts import bad_request, csrf_unless_json, posted_values
from sandbox.models import Panel, SenderName


@require_POST
def change_networks(request: HttpRequest) -> HttpResponse:
    """Whether new names are activated at once."""
    form = NetworksForm(request.POST, instance=Panel.load())
    if form.is_valid():
        form.save()
    return redirect("gateway")


@require_POST
def change_status(request: HttpRequest, pk: int) -> HttpResponse:
    """What the networks say of one name."""
    form = StatusForm(request.POST, instance=get_object_or_404(SenderName, pk=pk))
    if form.is_valid():
        form.save()
    return redirect("gateway")


@csrf_unless_json
@require_http_methods(["GET", "POST"])
def networks_api(request: HttpRequest) -> HttpResponse:
    """The names with their statuses; a POST changes one, or what becomes of new ones."""
    if request.method == "POST":
        try:
            values = posted_values(request)
        except ValueError as error:
            return bad_request({"__all__": [str(error)]})
        if "name" in values:
            named = get_object_or_404(SenderName, name=values["name"])
            form: NetworksForm | StatusForm = StatusForm(values, instance=named)
        else:
            form = NetworksForm(values, instance=Panel.load())
        if not form.is_valid():
            return bad_request(form.errors)
        form.save()
    names = SenderName.objects.order_by("name").values("name", "status")
    rows = [{"sender": row["name"], "status": row["status"]} for row in names]
    return JsonResponse(rows, safe=False)
