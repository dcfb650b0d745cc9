"""Bramki: how the gateways are doing, for the operator."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import UserRequest, permission_required
from accounts.roles import Permission
from messaging import gateway_states
from messaging.gateways import route
from messaging.models import DeliveryReport, GatewayState, Message

# Uncertain messages that are older are shown one by one: by then reports and repeats have settled the others.
LONG_UNCERTAIN = timedelta(days=1)
SHOWN = 100


@require_GET
@permission_required(Permission.SEE_GATEWAYS)
def gateways(request: UserRequest) -> HttpResponse:
    """Each gateway, what waits for it, and the messages whose fate is unknown for long."""
    for name in route():
        GatewayState.objects.get_or_create(name=name)
    now = timezone.now()
    uncertain = Message.objects.filter(state=Message.State.UNCERTAIN)
    long_uncertain = uncertain.filter(uncertain_since__lt=now - LONG_UNCERTAIN)
    due = Message.objects.filter(state=Message.State.QUEUED, next_attempt_at__lte=now)
    context = {
        "gateways": sorted(
            GatewayState.objects.filter(pk__in=route()), key=lambda state: route().index(state.name)
        ),
        "now": now,
        "num_due": due.count(),
        "oldest_due": due.order_by("next_attempt_at")
        .values_list("next_attempt_at", flat=True)
        .first(),
        "num_uncertain": uncertain.count(),
        "num_reports": DeliveryReport.objects.filter(next_try_at__isnull=False).count(),
        "long_uncertain": long_uncertain.select_related("agency").order_by("uncertain_since")[
            :SHOWN
        ],
    }
    return render(request, "messaging/gateways.html", context)


@require_POST
@permission_required(Permission.RUN_GATEWAYS)
def resume_gateway(request: UserRequest, name: str) -> HttpResponse:
    """Let messages leave by it again, now that it is mended."""
    if name not in route():
        raise Http404
    if gateway_states.resume(name, resumed_by=request.user):
        messages.success(request, _("Messages leave by %(name)s again.") % {"name": name})
    return redirect("messaging:gateways")
