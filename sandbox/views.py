"""The front door, and sweeping everything out."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from sandbox.json_posts import csrf_unless_json
from sandbox.models import (
    DeliveryReport,
    Faults,
    Mail,
    Panel,
    RegisterFault,
    Reply,
    SmsMessage,
    Transfer,
)

# Not the authenticator's secrets: the portal goes on asking for their codes.
FORGOTTEN = (DeliveryReport, Reply, SmsMessage, Mail, Transfer, Faults, Panel, RegisterFault)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say what this is and lead to the rooms."""
    counts = {
        "num_messages": SmsMessage.objects.count(),
        "num_mails": Mail.objects.count(),
        "num_transfers": Transfer.objects.count(),
    }
    return render(request, "sandbox/home.html", counts)


@csrf_unless_json
@require_POST
def reset(request: HttpRequest) -> HttpResponse:
    """Forget everything: messages, mail, transfers, faults, and changed callback URLs."""
    with transaction.atomic():
        for model in FORGOTTEN:
            model.objects.all().delete()
    if request.content_type == "application/json":
        return HttpResponse(status=204)
    return redirect("home")
