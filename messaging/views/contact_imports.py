"""Klienci, Import: the wizard that brings a file of contacts into the book."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import UserRequest, agency_of, permission_required
from accounts.csv_export import csv_response
from accounts.events import record
from accounts.models import EventKind
from accounts.numbered_pages import numbered_page
from accounts.partials import redirect_browser, render_page_or_part
from accounts.roles import Permission
from messaging import contact_imports as imports
from messaging.contact_file_errors import reason
from messaging.example_contacts import example_csv
from messaging.import_forms import ColumnsForm, ContactFileForm
from messaging.import_parts import refused_lines
from messaging.import_preview import RefusedLines, examples, first_rows, problem_counts
from messaging.models import ContactImport

State = ContactImport.State

LISTED = 5


@permission_required(Permission.USE_CONTACTS)
def import_contacts(request: UserRequest) -> HttpResponse:
    """The first step: the file. Below it the imports so far."""
    form = ContactFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        started = imports.start(
            agency=agency_of(request),
            started_by=request.user,
            file_name=file.name,
            content=file.read(),
        )
        return redirect_browser(request, "messaging:contact_import", started.pk)
    newest = agency_of(request).contact_imports.select_related("started_by").order_by("-pk")
    context = {"form": form, "imports": newest[:LISTED]}
    status = 422 if request.method == "POST" else 200
    return render(request, "messaging/import.html", context, status=status)


@require_GET
@permission_required(Permission.USE_CONTACTS)
def contact_import(request: UserRequest, pk: int) -> HttpResponse:
    """The step that the import is at; while a worker has it, the page asks again for its moving part."""
    own = _own(request, pk)
    return render_page_or_part(
        request,
        "messaging/import_step.html",
        "messaging/_import_step.html",
        _context(request, own),
    )


@permission_required(Permission.USE_CONTACTS)
def import_columns(request: UserRequest, pk: int) -> HttpResponse:
    """The second step, also as the way back from the third: which column is what."""
    own = _own(request, pk)
    if own.state not in (State.COLUMNS, State.READY):
        return redirect("messaging:contact_import", pk=pk)
    form = ColumnsForm(own.headers, own.columns, request.POST or None)
    if request.method == "POST" and form.is_valid():
        imports.confirm_columns(own, form.columns)
        return redirect("messaging:contact_import", pk=pk)
    context = _columns_context(own, form) | {"import": own, "step": 2}
    status = 422 if request.method == "POST" else 200
    return render(request, "messaging/import_columns.html", context, status=status)


@require_POST
@permission_required(Permission.USE_CONTACTS)
def run_import(request: UserRequest, pk: int) -> HttpResponse:
    """The last step: bring the rows that are in order into the book."""
    try:
        imports.run(_own(request, pk))
    except imports.AnotherRuns:
        messages.warning(
            request, _("Another import of your agency is running. Try again when it is done.")
        )
    return redirect("messaging:contact_import", pk=pk)


@require_POST
@permission_required(Permission.USE_CONTACTS)
def cancel_import(request: UserRequest, pk: int) -> HttpResponse:
    """Stop it; what is in the book stays."""
    own = _own(request, pk)
    imports.cancel(own)
    own.refresh_from_db()
    if own.num_parts_done:
        return redirect("messaging:contact_import", pk=pk)
    messages.info(request, _("The import was cancelled. Nothing was changed."))
    return redirect("messaging:import_contacts")


@require_GET
@permission_required(Permission.USE_CONTACTS)
def refused_file(request: UserRequest, pk: int) -> HttpResponseBase:
    """The refused rows as they came, with the reasons: to be mended and imported again."""
    own = _own(request, pk)
    name = f"odrzucone-{own.pk}.csv"
    record(EventKind.LIST_EXPORTED, name)
    return csv_response(name, [*own.headers, _("Reason")], _refused_rows(own))


def _refused_rows(own: ContactImport) -> Iterator[list[str]]:
    width = len(own.headers)
    for refused in refused_lines(own):
        cells = [*refused.line.cells, *[""] * width][:width]
        yield [*cells, " ".join(dict.fromkeys(str(p.reason) for p in refused.problems))]


@require_GET
@permission_required(Permission.USE_CONTACTS)
def example_file(request: UserRequest) -> HttpResponse:
    """200 made-up clients to try the import with."""
    return HttpResponse(
        example_csv(timezone.localdate()),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="klienci-przyklad.csv"'},
    )


def _own(request: UserRequest, pk: int) -> ContactImport:
    return get_object_or_404(agency_of(request).contact_imports, pk=pk)


def _context(request: UserRequest, own: ContactImport) -> dict[str, Any]:
    """What the step of this state shows."""
    context: dict[str, Any] = {"import": own, "step": _STEPS[State(own.state)]}
    if own.state == State.FAILED:
        context["error"] = reason(own.error, own.error_line)
    elif own.state == State.COLUMNS:
        context |= _columns_context(own, ColumnsForm(own.headers, own.columns))
    elif own.state == State.READY:
        headers, rows = first_rows(own)
        context |= {
            "headers": headers,
            "rows": rows,
            "num_good": own.num_rows - own.num_refused,
            "problem_counts": problem_counts(own),
        }
    if own.state == State.READY or (own.is_finished and own.num_parts_done):
        context |= _problems_context(request, own)
    return context


_STEPS = {
    State.READING: 1,
    State.COLUMNS: 2,
    State.CHECKING: 3,
    State.READY: 3,
    State.RUNNING: 4,
    State.DONE: 4,
    State.CANCELLED: 4,
    State.FAILED: 1,
}


def _columns_context(own: ContactImport, form: ColumnsForm) -> dict[str, Any]:
    error = str(reason(own.error)) if own.error else ""
    errors = [error if column == "groups" else "" for column in own.columns]
    return {"form": form, "rows": list(zip(form, examples(own), errors, strict=True))}


def _problems_context(request: UserRequest, own: ContactImport) -> dict[str, Any]:
    """The refused lines, while they are kept."""
    if not own.parts.exists():
        return {"is_forgotten": True}
    return {"page_obj": numbered_page(request, RefusedLines(own))}
