"""Podpisy nadawcy: the names that an agency signs with, its own ones and how far they are."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import UserRequest, agency_of, permission_required
from accounts.documents import SENDER_STATEMENT, render_document
from accounts.partials import render_page_or_part
from accounts.roles import Permission
from messaging import sender_name_requests as requests
from messaging.models import SenderName, SenderNameFile
from messaging.sender_name_forms import DefaultSenderForm, OwnNameForm, SubmitForm
from messaging.sender_names import (
    default_sender_name,
    names_for,
    sender_for,
    sender_of,
    set_default,
)
from messaging.views.saving import save_or_explain

State = SenderName.State


@require_GET
@permission_required(Permission.SEND_MESSAGES)
def sender_names(request: UserRequest) -> HttpResponse:
    """The default name, the shared ones, the agency's own."""
    chosen = default_sender_name(agency_of(request))
    initial = {"sender_name": chosen.pk if chosen else ""}
    return _list(request, DefaultSenderForm(names_for(agency_of(request)), initial=initial), chosen)


@require_POST
@permission_required(Permission.MANAGE_SENDER_NAMES)
def change_default_sender(request: UserRequest) -> HttpResponse:
    """Choose the default name, and say if clients will not see it yet."""
    agency = agency_of(request)
    form = DefaultSenderForm(names_for(agency), request.POST)
    if not form.is_valid():
        return _list(request, form, default_sender_name(agency))
    set_default(
        agency=agency, sender_name=form.cleaned_data["sender_name"], changed_by=request.user
    )
    sender = sender_for(agency)
    if sender.is_fallback:
        messages.warning(
            request,
            _(
                "Saved, but %(name)s cannot be used: %(why)s. Until then messages go out as %(sender)s."
            )
            % {"name": sender.wanted, "why": sender.why_fallback, "sender": sender.name},
        )
    else:
        messages.success(request, _("Messages go out as %(sender)s.") % {"sender": sender.name})
    return redirect("messaging:sender_names")


@permission_required(Permission.MANAGE_SENDER_NAMES)
def add_sender_name(request: UserRequest) -> HttpResponse:
    """The first step towards a name of one's own: the name, judged at once."""
    form = OwnNameForm(agency_of(request), request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        if save_or_explain(form, lambda: requests.draft_name(agency=form.agency, name=name)):
            own = agency_of(request).sender_names.get(name=name)
            return redirect("messaging:sender_name", pk=own.pk)
    return _name_form(request, form, None)


@require_GET
@permission_required(Permission.SEND_MESSAGES)
def sender_name(request: UserRequest, pk: int) -> HttpResponse:
    """One name: how far it is, and what is still to be done for it."""
    own = _own(request, pk)
    return _page(request, own, SubmitForm(has_file=hasattr(own, "file")))


@permission_required(Permission.MANAGE_SENDER_NAMES)
def rename_sender_name(request: UserRequest, pk: int) -> HttpResponse:
    """Another spelling of a name that is in the agency's hands."""
    own = _own(request, pk)
    if not own.can_be_changed:
        return _not_in_your_hands(request, pk)
    form = OwnNameForm(agency_of(request), request.POST or None, initial={"name": own.name})
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        try:
            if save_or_explain(form, lambda: requests.rename(sender_name_id=pk, name=name)):
                return redirect("messaging:sender_name", pk=pk)
        except requests.NotInYourHands:
            return _not_in_your_hands(request, pk)
    return _name_form(request, form, own)


@require_POST
@permission_required(Permission.MANAGE_SENDER_NAMES)
def submit_sender_name(request: UserRequest, pk: int) -> HttpResponse:
    """Keep the document, accept the statement, hand it all to the operator."""
    own = _own(request, pk)
    form = SubmitForm(request.POST, request.FILES, has_file=hasattr(own, "file"))
    form.is_valid()
    try:
        # A good document is kept whatever else is missing: browsers do not keep a chosen file.
        if document := form.cleaned_data.get("file"):
            requests.attach_file(sender_name_id=pk, document=document)
            form = SubmitForm(request.POST, has_file=True)
        if not form.is_valid():
            return _page(request, _own(request, pk), form)
        requests.submit(sender_name_id=pk, submitted_by=request.user)
    except requests.NotInYourHands:
        return _not_in_your_hands(request, pk)
    except requests.NameRefused as error:
        form.add_error(None, error.message)
        return _page(request, _own(request, pk), form)
    messages.success(request, _("Submitted. You will get a mail when the operator has decided."))
    return redirect("messaging:sender_name", pk=pk)


@require_POST
@permission_required(Permission.MANAGE_SENDER_NAMES)
def delete_sender_name(request: UserRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    if not requests.discard(sender_name_id=_own(request, pk).pk):
        return _not_in_your_hands(request, pk)
    messages.success(request, _("The draft was thrown away."))
    return redirect("messaging:sender_names")


@require_GET
@permission_required(Permission.MANAGE_SENDER_NAMES)
def sender_name_file(request: UserRequest, pk: int) -> HttpResponse:
    """The document of one of the agency's own names."""
    return file_response(
        get_object_or_404(
            SenderNameFile, sender_name__agency=agency_of(request), sender_name__id=pk
        )
    )


def file_response(file: SenderNameFile) -> HttpResponse:
    """An uploaded document as a download. It came from outside: no browser is to open it as anything of ours."""
    return HttpResponse(
        bytes(file.content),
        content_type=file.content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{file.file_name}"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "private, no-store",
        },
    )


def _own(request: UserRequest, pk: int) -> SenderName:
    names = agency_of(request).sender_names.select_related("file", "statement_accepted_by")
    return get_object_or_404(names.defer("file__content"), pk=pk)


def _list(request: UserRequest, form: DefaultSenderForm, chosen: SenderName | None) -> HttpResponse:
    agency = agency_of(request)
    context = {
        "form": form,
        "sender": sender_of(agency, chosen),
        "shared": [name for name in form.names.values() if name.agency_id is None],
        "own": agency.sender_names.order_by("name", "pk"),
    }
    status = 422 if form.errors else 200
    return render(request, "messaging/sender_names.html", context, status=status)


def _name_form(request: UserRequest, form: OwnNameForm, own: SenderName | None) -> HttpResponse:
    status = 422 if form.errors else 200
    context = {"form": form, "name": own}
    return render(request, "messaging/sender_name_form.html", context, status=status)


def _page(request: UserRequest, own: SenderName, form: SubmitForm) -> HttpResponse:
    context = {
        "name": own,
        "form": form,
        "statement": render_document(SENDER_STATEMENT, SENDER_STATEMENT.current),
        "statement_version": SENDER_STATEMENT.current,
    }
    if form.errors:
        return render(request, "messaging/sender_name.html", context, status=422)
    # While the gateway is asked, the page asks again for what may change.
    return render_page_or_part(
        request, "messaging/sender_name.html", "messaging/_own_name.html", context
    )


def _not_in_your_hands(request: UserRequest, pk: int) -> HttpResponse:
    messages.warning(
        request, _("The name is with the operator, or decided: it cannot be changed now.")
    )
    return redirect("messaging:sender_name", pk=pk)
