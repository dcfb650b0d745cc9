"""Ustawienia, Eksport danych: asking for the archive of all data, waiting for it, downloading it."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import data_exports as exports
from accounts.access import (
    UserRequest,
    agency_of,
    permission_required,
    proof_required,
    proof_required_to_see,
)
from accounts.jobs import enqueue
from accounts.models import DataExport
from accounts.partials import render_page_or_part
from accounts.roles import Permission
from mps_portal.data_export import file_name

SHOWN = 5


@require_GET
@permission_required(Permission.MANAGE_AGENCY)
def data_exports(request: UserRequest) -> HttpResponse:
    """The newest exports. While one is being made, the page asks for its moving part again and again."""
    newest = agency_of(request).data_exports.select_related("asked_by").order_by("-pk")[:SHOWN]
    context = {"exports": newest, "current": newest[0] if newest else None}
    return render_page_or_part(
        request, "mps_portal/data_exports.html", "mps_portal/_data_exports.html", context
    )


@require_POST
@permission_required(Permission.MANAGE_AGENCY)
@proof_required
def ask_data_export(request: UserRequest) -> HttpResponse:
    """Przygotuj eksport: one at a time."""
    try:
        with transaction.atomic():
            export = exports.ask(agency=agency_of(request), asked_by=request.user)
            enqueue("mps_portal.tasks.make_data_export", export.pk)
    except exports.AlreadyUnderWay:
        messages.info(request, _("An export is being made already."))
    return redirect("data_exports")


@require_GET
@permission_required(Permission.MANAGE_AGENCY)
@proof_required_to_see
def fetch_data_export(request: UserRequest, pk: int) -> HttpResponseBase:
    """The archive, streamed; 404 for anybody but the agency's owners."""
    export = get_object_or_404(agency_of(request).data_exports, pk=pk, state=DataExport.State.READY)
    if not export.is_downloadable:
        messages.warning(request, _("This archive is deleted. Prepare a new one."))
        return redirect("data_exports")
    return StreamingHttpResponse(
        exports.fetch(export, fetched_by=request.user),
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{file_name(export)}"',
            "Content-Length": str(export.size),
            "Cache-Control": "private, no-store",
        },
    )
