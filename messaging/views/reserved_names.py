"""Słowa zastrzeżone: what no agency may sign with, kept by the operator's administrators."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import UserRequest, permission_required
from accounts.roles import Permission
from messaging.models import ReservedName
from messaging.reserved_names import free_word, reserve_word, reserved_name_like
from messaging.sender_name_forms import ReservedNameForm
from messaging.views.saving import save_or_explain


@permission_required(Permission.SEE_SENDER_NAMES)
def reserved_names(request: UserRequest) -> HttpResponse:
    """The list by kind, the form that adds a word, and a field to try a name against it."""
    if request.method == "POST" and not request.user.may(Permission.DECIDE_SENDER_NAMES):
        raise PermissionDenied
    form = ReservedNameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        if save_or_explain(form, lambda: reserve_word(**cleaned, added_by=request.user)):
            messages.success(request, _("%(word)s is reserved.") % {"word": cleaned["word"]})
            return redirect("messaging:reserved_names")
    tried = request.GET.get("name", "").replace("\0", "")[:11]
    context = {
        "form": form,
        "kinds": _by_kind(),
        "tried": tried,
        "found": reserved_name_like(tried) if tried else None,
    }
    status = 422 if form.errors else 200
    return render(request, "messaging/reserved_names.html", context, status=status)


@require_POST
@permission_required(Permission.DECIDE_SENDER_NAMES)
def free_reserved_name(request: UserRequest, pk: int) -> HttpResponse:
    """Take a word off the list. Names that were refused for it can be asked for again."""
    reserved = get_object_or_404(ReservedName, pk=pk)
    free_word(reserved_id=reserved.pk, freed_by=request.user)
    messages.success(request, _("%(word)s is no longer reserved.") % {"word": reserved.word})
    return redirect("messaging:reserved_names")


def _by_kind() -> list[tuple[str, list[ReservedName]]]:
    words = list(ReservedName.objects.order_by("kind", "word"))
    return [
        (str(kind.label), [word for word in words if word.kind == kind])
        for kind in ReservedName.Kind
    ]
