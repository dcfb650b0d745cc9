"""Pages of a team's people: invitations, roles, limits, removal."""

from __future__ import annotations

from allauth.account.utils import perform_login
from allauth.decorators import rate_limit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import people
from accounts.access import UserRequest, permission_required, proof_required
from accounts.account_forms import JoinForm
from accounts.models import Invitation, User
from accounts.people import AddressTaken, AlreadyInvited, InvitationDoesNotWork, LastHead, people_of
from accounts.people_forms import InvitationForm, RoleForm
from accounts.roles import Permission


@permission_required(Permission.MANAGE_PEOPLE)
@proof_required
@rate_limit(action="invite")  # type: ignore[untyped-decorator]  # allauth has no type hints.
def team(request: UserRequest) -> HttpResponse:
    """The people of one's agency, or the operator's, and the form that invites another."""
    agency = request.user.agency
    form = InvitationForm(agency, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = people.invite(**form.cleaned_data, agency=agency, invited_by=request.user)
        except AlreadyInvited:
            form.add_error("email", _("This person is in the list already."))
        else:
            messages.success(request, _("We mailed the invitation to %s.") % invitation.email)
            return redirect("team")
    context = {
        "form": form,
        "people": people_of(agency).prefetch_related("authenticator_set"),
        "invitations": Invitation.objects.open().filter(agency=agency).order_by("-id"),
    }
    return render(request, "accounts/team.html", context)


@permission_required(Permission.MANAGE_PEOPLE)
@proof_required
def person(request: UserRequest, pk: int) -> HttpResponse:
    """A colleague's role and limit."""
    colleague = _colleague(request, pk)
    form = RoleForm(colleague, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            people.change_role(colleague, form.cleaned_data["role"])
            people.set_limit(colleague, form.limit_given())
        except LastHead:
            form.add_error("role", _last_head())
        else:
            messages.success(request, _("Saved."))
            return redirect("team")
    return render(request, "accounts/person.html", {"colleague": colleague, "form": form})


@require_POST
@permission_required(Permission.MANAGE_PEOPLE)
@proof_required
def remove_person(request: UserRequest, pk: int) -> HttpResponse:
    """Take a colleague out of the team."""
    colleague = _colleague(request, pk)
    try:
        people.remove(colleague)
    except LastHead:
        messages.error(request, _last_head())
        return redirect("person", pk)
    messages.success(request, _("%s cannot log in any more.") % colleague.full_name)
    return redirect("team")


@require_POST
@permission_required(Permission.MANAGE_PEOPLE)
@rate_limit(action="invite")  # type: ignore[untyped-decorator]
def invite_again(request: UserRequest, pk: int) -> HttpResponse:
    """Mail an open invitation once more."""
    invitation = _open_invitation(request, pk)
    people.invite_again(invitation)
    messages.success(request, _("We mailed the invitation to %s.") % invitation.email)
    return redirect("team")


@require_POST
@permission_required(Permission.MANAGE_PEOPLE)
def withdraw_invitation(request: UserRequest, pk: int) -> HttpResponse:
    """Make a mailed invitation worthless."""
    people.withdraw(_open_invitation(request, pk))
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("team")


@never_cache
@require_http_methods(["GET", "POST"])
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where the mailed link leads: a name and a password make the account, and log it in."""
    try:
        invitation = people.find_invitation(token)
        form = JoinForm(invitation.email, request.POST or None)
        if request.method == "POST" and form.is_valid():
            user = people.accept(
                invitation,
                full_name=form.cleaned_data["full_name"],
                password=form.cleaned_data["password1"],
            )
            response: HttpResponse = perform_login(request, user, email_verification="none")
            return response
    except InvitationDoesNotWork:
        return render(request, "accounts/invitation_dead.html", status=410)
    except AddressTaken:
        form.add_error(
            None,
            _("This address has an account in MPS already. Ask for an invitation to another one."),
        )
    return render(
        request, "accounts/accept_invitation.html", {"form": form, "invitation": invitation}
    )


def _colleague(request: UserRequest, pk: int) -> User:
    return get_object_or_404(people_of(request.user.agency), pk=pk)


def _open_invitation(request: UserRequest, pk: int) -> Invitation:
    return get_object_or_404(Invitation.objects.open(), pk=pk, agency=request.user.agency)


def _last_head() -> str:
    return _("Somebody must stay in charge: give this role to another person first.")
