"""Podpisy, for the operator's people: the queue, the decisions, the shared names."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.access import UserRequest, permission_required
from accounts.closing import AgencyClosed
from accounts.events import record
from accounts.models import EventKind
from accounts.numbered_pages import numbered_page
from accounts.partials import render_page_or_part
from accounts.roles import Permission
from messaging import sender_name_reviews as reviews
from messaging.models import SenderName, SenderNameFile
from messaging.sender_name_forms import PermitForm, ReasonForm, SharedNameForm
from messaging.views.saving import save_or_explain
from messaging.views.sender_names import file_response

State = SenderName.State

# The statuses besides the queue that the list can be narrowed to.
_DECIDED = (
    (State.AUTHORISED.value, pgettext_lazy("sender names", "Authorised")),
    (State.REJECTED.value, pgettext_lazy("sender names", "Rejected")),
    (State.REVOKED.value, pgettext_lazy("sender names", "Revoked")),
)


@require_GET
@permission_required(Permission.SEE_SENDER_NAMES)
def name_queue(request: UserRequest) -> HttpResponse:
    """What waits, oldest first; with a status, the names that are in it, newest first."""
    state = request.GET.get("state", "")
    names = reviews.queue()
    if state in State.values:
        decided = SenderName.objects.exclude(agency=None).filter(state=state)
        names = decided.select_related("agency", "reviewed_by").order_by("-pk")
    context = {
        "page_obj": numbered_page(request, names),
        "state": state,
        "states": _DECIDED,
    }
    return render(request, "messaging/name_queue.html", context)


@require_GET
@permission_required(Permission.SEE_SENDER_NAMES)
def reviewed_name(request: UserRequest, pk: int) -> HttpResponse:
    """One name with all that helps to decide."""
    return _page(request, _any(pk))


@require_GET
@permission_required(Permission.SEE_SENDER_NAMES)
def reviewed_file(request: UserRequest, pk: int) -> HttpResponse:
    """The document; the agency's trail tells who took it."""
    file = get_object_or_404(
        SenderNameFile.objects.select_related("sender_name__agency"), sender_name__id=pk
    )
    record(
        EventKind.NAME_FILE_FETCHED,
        file.sender_name.name,
        agency=file.sender_name.agency,
        person=request.user,
    )
    return file_response(file)


@require_POST
@permission_required(Permission.DECIDE_SENDER_NAMES)
def take_name(request: UserRequest, pk: int) -> HttpResponse:
    """Take a submitted name into review."""
    if not reviews.take(sender_name_id=_any(pk).pk, reviewer=request.user):
        messages.warning(request, _("Somebody else was quicker: this is how it stands now."))
    return redirect("messaging:reviewed_name", pk=pk)


@require_POST
@permission_required(Permission.DECIDE_SENDER_NAMES)
def approve_name(request: UserRequest, pk: int) -> HttpResponse:
    """Yes."""
    name = _any(pk)
    if name.agency_id is None:
        return _too_late(request, pk)
    return _decide(
        request,
        pk,
        lambda: reviews.approve(sender_name_id=pk, decided_by=request.user),
        _("Approved. The name is authorised as soon as the gateway has it."),
    )


@require_POST
@permission_required(Permission.DECIDE_SENDER_NAMES)
def reject_name(request: UserRequest, pk: int) -> HttpResponse:
    """No, with a reason."""
    name = _any(pk)
    form = ReasonForm(request.POST, prefix="reject")
    if not form.is_valid():
        return _page(request, name, reject_form=form)
    return _decide(
        request,
        pk,
        lambda: reviews.reject(
            sender_name_id=pk, reason=form.cleaned_data["reason"], decided_by=request.user
        ),
        _("Rejected. The agency gets a mail with the reason."),
    )


@require_POST
@permission_required(Permission.DECIDE_SENDER_NAMES)
def revoke_name(request: UserRequest, pk: int) -> HttpResponse:
    """Take the yes back, with a reason."""
    name = _any(pk)
    form = ReasonForm(request.POST, prefix="revoke")
    if not form.is_valid():
        return _page(request, name, revoke_form=form)
    return _decide(
        request,
        pk,
        lambda: reviews.revoke(
            sender_name_id=pk, reason=form.cleaned_data["reason"], revoked_by=request.user
        ),
        _("Revoked. Nothing more is sent under this name."),
    )


@permission_required(Permission.DECIDE_SENDER_NAMES)
def permit_name(request: UserRequest) -> HttpResponse:
    """Let an agency ask for a name that looks like a reserved word."""
    form = PermitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        agency, name = form.cleaned_data["agency"], form.cleaned_data["name"]
        if save_or_explain(
            form, lambda: reviews.permit(agency=agency, name=name, permitted_by=request.user)
        ):
            messages.success(
                request,
                _("%(agency)s can now submit %(name)s with its document and statement.")
                % {"agency": agency.name, "name": name},
            )
            return redirect("messaging:name_queue")
    status = 422 if form.errors else 200
    return render(request, "messaging/permit_name.html", {"form": form}, status=status)


@permission_required(Permission.SEE_SENDER_NAMES)
def shared_names(request: UserRequest) -> HttpResponse:
    """The names that all agencies may choose, and the form that offers one more."""
    if request.method == "POST" and not request.user.may(Permission.DECIDE_SENDER_NAMES):
        raise PermissionDenied
    form = SharedNameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        if save_or_explain(form, lambda: reviews.offer_shared(name=name, offered_by=request.user)):
            messages.success(request, _("Agencies can choose it as soon as the gateway has it."))
            return redirect("messaging:shared_names")
    shared = SenderName.objects.filter(agency=None).order_by("name")
    context = {"form": form, "shared": shared, "default_sender": settings.DEFAULT_SENDER}
    status = 422 if form.errors else 200
    return render(request, "messaging/shared_names.html", context, status=status)


@require_POST
@permission_required(Permission.DECIDE_SENDER_NAMES)
def offer_again(request: UserRequest, pk: int) -> HttpResponse:
    """Offer a shared name that was taken back."""
    shared = get_object_or_404(SenderName, pk=pk, agency=None)
    return _decide(
        request,
        shared.pk,
        lambda: reviews.offer_again(sender_name_id=pk, offered_by=request.user),
        _("Agencies can choose it as soon as the gateway has it."),
    )


def _any(pk: int) -> SenderName:
    names = SenderName.objects.select_related(
        "agency", "file", "statement_accepted_by", "reviewed_by", "permitted_by"
    )
    return get_object_or_404(names.defer("file__content"), pk=pk)


def _page(
    request: UserRequest,
    name: SenderName,
    *,
    reject_form: ReasonForm | None = None,
    revoke_form: ReasonForm | None = None,
) -> HttpResponse:
    context: dict[str, object] = {
        "name": name,
        "reject_form": reject_form or ReasonForm(prefix="reject"),
        "revoke_form": revoke_form or ReasonForm(prefix="revoke"),
    }
    if name.agency:
        others = name.agency.sender_names.exclude(pk=name.pk).order_by("name")
        context |= {
            "agency": name.agency,
            "others": others.exclude(state=State.DRAFT),
            "alike": reviews.others_alike(name),
        }
    if reject_form or revoke_form:
        return render(request, "messaging/reviewed_name.html", context, status=422)
    # While the gateway is asked, the page asks again for what may change.
    return render_page_or_part(
        request, "messaging/reviewed_name.html", "messaging/_name_request.html", context
    )


def _decide(
    request: UserRequest, pk: int, decide: Callable[[], object], success: str
) -> HttpResponse:
    try:
        decide()
    except reviews.DecidedAlready:
        return _too_late(request, pk)
    except AgencyClosed:
        messages.warning(request, _("This agency has closed its account."))
    else:
        messages.success(request, success)
    return redirect("messaging:reviewed_name", pk=pk)


def _too_late(request: UserRequest, pk: int) -> HttpResponse:
    messages.warning(request, _("Somebody else was quicker: this is how it stands now."))
    return redirect("messaging:reviewed_name", pk=pk)
