"""Wzory SMS: message templates with merge fields."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import UserRequest, agency_of, permission_required
from accounts.models import Agency
from accounts.roles import Permission
from billing.prices import price_per_part
from messaging import template_book
from messaging.composing import compile_body, validate_body
from messaging.forms import TemplateForm
from messaging.merge_data import merge_data
from messaging.merge_fields import MERGE_FIELDS, SAMPLE_VALUES, MergeField
from messaging.models import MessageTemplate
from messaging.segments import measure, split_parts
from messaging.template_types import TemplateType


@require_GET
@permission_required(Permission.SEND_MESSAGES)
def templates(request: UserRequest) -> HttpResponse:
    """The agency's templates."""
    own = agency_of(request).templates.order_by("type", "name")
    return render(request, "messaging/templates.html", {"templates": own})


@permission_required(Permission.SEND_MESSAGES)
def add_template(request: UserRequest) -> HttpResponse:
    """A new template; ?type= starts it with that type's text."""
    chosen = request.GET.get("type", TemplateType.INSPECTION)
    kind = TemplateType(chosen) if chosen in TemplateType.values else TemplateType.INSPECTION
    initial = {"type": kind, "name": kind.label, "body": kind.starter}
    form = TemplateForm(
        request.POST or None, initial=initial, instance=MessageTemplate(agency=agency_of(request))
    )
    return _edit(request, form)


@permission_required(Permission.SEND_MESSAGES)
def edit_template(request: UserRequest, pk: int) -> HttpResponse:
    """Change a template. What was sent with it stays as it was."""
    own = get_object_or_404(agency_of(request).templates, pk=pk)
    return _edit(request, TemplateForm(request.POST or None, instance=own))


@require_POST
@permission_required(Permission.SEND_MESSAGES)
def delete_template(request: UserRequest, pk: int) -> HttpResponse:
    """Remove a template; campaigns keep their copy of its text."""
    own = get_object_or_404(agency_of(request).templates, pk=pk)
    template_book.delete_template(own)
    messages.success(request, _("The template “%(name)s” was removed.") % {"name": own.name})
    return redirect("messaging:templates")


@require_POST
@permission_required(Permission.SEND_MESSAGES)
def preview(request: UserRequest) -> HttpResponse:
    """The phone with the text being written, as the first client (or a sample one) would see it; nothing is saved."""
    context = _preview_context(
        agency_of(request), request.POST.get("type", ""), request.POST.get("body", "")
    )
    return render(request, "messaging/_preview.html", context)


def _edit(request: UserRequest, form: TemplateForm) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The template is saved."))
        return redirect("messaging:templates")
    kind, body = form["type"].value(), form["body"].value() or ""
    context = {
        "form": form,
        "template": form.instance,
        "insert_fields": _insert_fields(),
        "starters": {t.value: {"name": str(t.label), "body": t.starter} for t in TemplateType},
        **_preview_context(agency_of(request), kind, body),
    }
    return render(
        request, "messaging/template_form.html", context, status=422 if form.errors else 200
    )


def _insert_fields() -> list[tuple[MergeField, str]]:
    """Each merge field with the types of template that offer it, parted by spaces."""
    return [
        (field, " ".join(kind for kind in TemplateType if field in kind.fields))
        for field in MERGE_FIELDS.values()
    ]


def _preview_context(agency: Agency, kind: str, body: str) -> dict[str, object]:
    """What _preview.html shows: the composed text's parts and price, or why there is none."""
    if problems := validate_body(body):
        return {"problems": problems}
    template_type = TemplateType(kind) if kind in TemplateType.values else TemplateType.OWN
    values, client = _example_values(agency, template_type, compile_body(body).fields)
    text = compile_body(body).render(values)
    measured = measure(text)
    return {
        "client": client,
        "sender": settings.DEFAULT_SENDER,
        "measure": measured,
        "parts": split_parts(text),
        "cost": measured.parts * price_per_part(agency),
    }


def _example_values(
    agency: Agency, kind: TemplateType, fields: tuple[str, ...]
) -> tuple[dict[str, str], str]:
    """The values of a real client who has all the fields, with the name; else made-up ones and no name."""
    newest = list(agency.contacts.order_by("-id").values_list("pk", flat=True)[:100])
    for data in merge_data(agency, kind, newest):
        if all(data.values.get(name) for name in fields):
            return data.values, data.name
    return SAMPLE_VALUES | {"agent": agency.name, "tel_agenta": agency.phone}, ""
