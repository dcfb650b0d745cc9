"""The mail about a finished export of data."""

from __future__ import annotations

from accounts.emails import compose, portal_link
from accounts.models import DataExport


def send_export_ready(export_id: int) -> None:
    """Tell who asked for the export that it is there: a link to the page, never the file. Nothing once it expired."""
    export = DataExport.objects.select_related("agency", "asked_by").get(pk=export_id)
    if not export.is_downloadable or not export.asked_by.is_active:
        return
    context = {
        "person": export.asked_by,
        "export": export,
        "url": portal_link("data_exports"),
    }
    compose("data_export", export.asked_by.email, export.agency.language, context).send()
