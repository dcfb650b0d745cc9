"""Wzory SMS: the agency's message templates."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import UserRequest, agency_of, permission_required
from accounts.models import Agency
from accounts.partials import render_page_or_part
from accounts.roles import Permission
from messaging import template_book
from messaging.composing import ReadyValues, compile_body
from messaging.merge_fields import MERGE_FIELDS, SAMPLE_VALUES, MergeField
from messaging.models import MessageTemplate
from messaging.normalising import Tidied
from messaging.segments import count_parts
from messaging.sender_names import sender_for
from messaging.taken import Taken
from messaging.template_book import Direction
from messaging.template_forms import TemplateForm
from messaging.template_types import MARKETING_TYPES, TemplateType
from messaging.views.saving import save_or_explain
from messaging.views.template_editor import (
    chosen_client,
    preview_context,
    written_template,
)

# By type, what a new template of it starts with.
Starters = dict[str, dict[str, str | bool]]

_DIRECTIONS = {"up": Direction.UP, "down": Direction.DOWN}


@require_GET
@permission_required(Permission.SEND_MESSAGES)
def templates(request: UserRequest) -> HttpResponse:
    """The agency's templates in its order, of one type or of all; ?archived=1 shows the archive."""
    agency = agency_of(request)
    every = template_book.templates_of(agency).select_related("sender_name")
    is_archive = request.GET.get("archived") == "1"
    own = every.filter(archived_at__isnull=not is_archive)
    kind = request.GET.get("type", "")
    shown = own.filter(type=kind) if kind in TemplateType.values else own
    numbers = template_book.numbers_of(agency)
    context = {
        "rows": [_row(template) for template in shown],
        "kind": kind,
        "kinds": [each for each in TemplateType if numbers[each, is_archive]],
        "is_archive": is_archive,
        "num_archived": sum(number for (_kind, archived), number in numbers.items() if archived),
        "is_whole": shown is own,
    }
    return render_page_or_part(
        request, "messaging/templates.html", "messaging/_templates_list.html", context
    )


@permission_required(Permission.SEND_MESSAGES)
def add_template(request: UserRequest) -> HttpResponse:
    """A new template; ?type= starts it with that type's text."""
    chosen = request.GET.get("type", TemplateType.INSPECTION)
    kind = TemplateType(chosen) if chosen in TemplateType.values else TemplateType.INSPECTION
    new = MessageTemplate(agency=agency_of(request))
    starters = _starters(new.agency)
    name = starters[kind]["name"]
    initial = {"type": kind, "name": name, "category": kind.category, "body": kind.starter}
    form = TemplateForm(request.POST or None, initial=initial, instance=new)
    return _edit(request, form, starters)


@permission_required(Permission.SEND_MESSAGES)
def edit_template(request: UserRequest, pk: int) -> HttpResponse:
    """Change a template. What was sent with it stays as it was."""
    form = TemplateForm(request.POST or None, instance=_own(request, pk))
    return _edit(request, form, _starters(form.instance.agency))


@require_POST
@permission_required(Permission.SEND_MESSAGES)
def copy_template(request: UserRequest, pk: int) -> HttpResponse:
    """A second template with the same text, to be changed at once."""
    copy = template_book.copy_template(_own(request, pk))
    messages.success(request, _("This is the copy, “%(name)s”.") % {"name": copy.name})
    return redirect("messaging:edit_template", pk=copy.pk)


@require_POST
@permission_required(Permission.SEND_MESSAGES)
def move_template(request: UserRequest, pk: int) -> HttpResponse:
    """One place up or down in the list."""
    own = _own(request, pk)
    if direction := _DIRECTIONS.get(request.POST.get("direction", "")):
        template_book.move_template(own, direction)
    return redirect("messaging:templates")


@require_POST
@permission_required(Permission.SEND_MESSAGES)
def archive_template(request: UserRequest, pk: int) -> HttpResponse:
    """Out of the list, and back whenever it is wanted."""
    own = _own(request, pk)
    template_book.archive_template(own)
    messages.success(request, _("The template “%(name)s” is in the archive.") % {"name": own.name})
    return redirect("messaging:templates")


@require_POST
@permission_required(Permission.SEND_MESSAGES)
def restore_template(request: UserRequest, pk: int) -> HttpResponse:
    """Out of the archive."""
    own = _own(request, pk)
    try:
        template_book.restore_template(own)
    except Taken:
        messages.error(
            request,
            _("Another template is called “%(name)s” by now. Rename one of them first.")
            % {"name": own.name},
        )
        return redirect("messaging:edit_template", pk=pk)
    messages.success(request, _("The template “%(name)s” is back.") % {"name": own.name})
    return redirect("messaging:templates")


@require_POST
@permission_required(Permission.SEND_MESSAGES)
def delete_template(request: UserRequest, pk: int) -> HttpResponse:
    """Remove a template that was never used."""
    own = _own(request, pk)
    try:
        template_book.delete_template(own)
    except template_book.TemplateUsed:
        messages.error(
            request,
            _("“%(name)s” was used for a campaign: move it to the archive instead.")
            % {"name": own.name},
        )
        return redirect("messaging:edit_template", pk=pk)
    messages.success(request, _("The template “%(name)s” was removed.") % {"name": own.name})
    return redirect("messaging:templates")


def _own(request: UserRequest, pk: int) -> MessageTemplate:
    own: MessageTemplate = get_object_or_404(agency_of(request).templates, pk=pk)
    return own


def _row(template: MessageTemplate) -> dict[str, object]:
    """A template with what its messages look like as a rule."""
    return {
        "template": template,
        "parts": count_parts(compile_body(template.body).render(ReadyValues.of(SAMPLE_VALUES))),
        "sender": sender_for(template.agency, template.sender_name)
        if template.sender_name
        else None,
    }


def _edit(request: UserRequest, form: TemplateForm, starters: Starters) -> HttpResponse:
    if (
        request.method == "POST"
        and form.is_valid()
        and save_or_explain(form, lambda: template_book.save_template(form.instance))
    ):
        messages.success(request, _("The template is saved."))
        if form.tidied:
            messages.info(request, _tell_tidied(form.tidied))
        return redirect("messaging:templates")
    template = form.instance
    shown = written_template(request) if request.method == "POST" else _as_offered(form)
    context = {
        "form": form,
        "template": template,
        "is_used": template.pk is not None and template.campaigns.exists(),
        "insert_fields": _insert_fields(),
        "starters": starters,
        "test_phone": request.POST.get("test_phone") or template.agency.phone,
        **preview_context(shown, chosen_client(request)),
    }
    status = 422 if form.errors else 200
    return render(request, "messaging/template_form.html", context, status=status)


def _as_offered(form: TemplateForm) -> MessageTemplate:
    """What a page shows before anything is posted."""
    template: MessageTemplate = form.instance
    if template.pk is not None:
        return template
    kind = TemplateType(form["type"].value())
    return MessageTemplate(
        agency=template.agency, type=kind, category=kind.category, body=form["body"].value()
    )


def _tell_tidied(tidied: list[Tidied]) -> str:
    """In the words that static/js/tidy_paste.js uses too."""
    unseen = {
        "": (_("an invisible character"), _("nothing")),
        " ": (_("a special space"), _("a plain one")),
        "\n": (_("a special line break"), _("a plain one")),
    }
    told = []
    for change in tidied:
        words = unseen.get(change.replacement, (change.character, change.replacement))
        named = {"character": words[0], "replacement": words[1], "count": change.count}
        told.append(_("%(character)s with %(replacement)s (%(count)d)") % named)
    return _("Replaced: %(changes)s.") % {"changes": ", ".join(told)}


def _starters(agency: Agency) -> Starters:
    """What a new template of each type starts with."""
    taken = set(template_book.active_templates(agency).values_list("name", flat=True))
    return {
        kind.value: {
            "name": template_book.free_name(str(kind.label), taken),
            "body": kind.starter,
            "isMarketing": kind in MARKETING_TYPES,
        }
        for kind in TemplateType
    }


def _insert_fields() -> list[tuple[MergeField, str]]:
    """Each merge field with the types of template that offer it, parted by spaces."""
    return [
        (field, " ".join(kind for kind in TemplateType if field in kind.fields))
        for field in MERGE_FIELDS.values()
    ]
