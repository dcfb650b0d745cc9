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
from accounts.subqueries import figures_of
from messaging import gateway_states
from messaging.gateway_queue import queue_figures
from messaging.gateways import route
from messaging.models import GatewayState, Message

# Uncertain messages that are older are shown one by one: by then reports and repeats have settled the others.
LONG_UNCERTAIN = timedelta(days=1)
SHOWN = 100


@require_GET
@permission_required(Permission.SEE_GATEWAYS)
def gateways(request: UserRequest) -> HttpResponse:
    """Each gateway, what waits for it, and the messages whose fate is unknown for long."""
    now = timezone.now()
    states = GatewayState.objects.in_bulk(route())
    long_uncertain = Message.objects.filter(
        state=Message.State.UNCERTAIN, uncertain_since__lt=now - LONG_UNCERTAIN
    )
    context = {
        # One that was never asked has no row yet.
        "gateways": [states.get(name) or GatewayState(name=name) for name in route()],
        "now": now,
        **figures_of(request.user, queue_figures(now)),
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
