"""Wysyłki: choosing, looking at the cost, paying, watching."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import UserRequest, agency_of, permission_required
from accounts.closing import AgencyClosed
from accounts.newest_first import page_of
from accounts.numbered_pages import numbered_page
from accounts.partials import render_page_or_part
from accounts.roles import Permission
from accounts.typed_numbers import whole_number
from billing import ledger
from billing.money import format_amount
from messaging import campaign_control
from messaging import campaigns as actions
from messaging.campaign_forms import OwnTextForm, SendForm
from messaging.campaign_progress import progress_of
from messaging.categories import Category
from messaging.left_out import by_obstacle, missing_fields
from messaging.message_rows import for_rows, rows_of
from messaging.models import Campaign, Message
from messaging.obstacles import Obstacle
from messaging.recipient_preview import first_preview, preview_at
from messaging.report_chart import chart_of
from messaging.sender_names import sender_of_draft
from messaging.sending_limits import Allowance, MonthlyLimitReached, allowance_of
from messaging.template_book import active_templates
from messaging.template_types import TemplateType
from messaging.views.chosen_contacts import chosen_contacts
from messaging.views.selection import posted_numbers

State = Campaign.State


@require_GET
@permission_required(Permission.SEND_MESSAGES)
def campaigns(request: UserRequest) -> HttpResponse:
    """All campaigns, newest first."""
    own = agency_of(request).campaigns.order_by("-id")
    page = numbered_page(request, own)
    context = {"page_obj": page, "allowance": allowance_of(request.user)}
    return render(request, "messaging/campaigns.html", context)


@require_POST
@permission_required(Permission.SEND_MESSAGES)
def new_campaign(request: UserRequest) -> HttpResponse:
    """From chosen clients to a draft: first a template or a text is asked for, then the draft is made."""
    chosen = chosen_contacts(request)
    contact_ids = list(chosen.contacts.order_by("search_name", "id").values_list("pk", flat=True))
    if not contact_ids:
        messages.warning(request, _("Choose at least one client."))
        return redirect("messaging:contacts")
    agency = agency_of(request)
    own = active_templates(agency)
    form = OwnTextForm(request.POST if "own_text" in request.POST else None)
    template = own.filter(pk__in=posted_numbers(request, "template")).first()
    if form.is_valid():
        draft = actions.draft_of_own_text(
            agency=agency,
            name=form.cleaned_data["name"],
            body=form.cleaned_data["body"],
            category=Category(form.cleaned_data["category"]),
            contact_ids=contact_ids,
            created_by=request.user,
        )
    elif template and not form.is_bound:
        draft = actions.draft(
            agency=agency, template=template, contact_ids=contact_ids, created_by=request.user
        )
    else:
        context = {
            "templates": own,
            "form": form,
            "fields": TemplateType.OWN.fields,
            "chosen": chosen,
            "count": len(contact_ids),
        }
        status = 422 if form.is_bound else 200
        return render(request, "messaging/new_campaign.html", context, status=status)
    return redirect("messaging:campaign", pk=draft.pk)


@require_GET
@permission_required(Permission.SEND_MESSAGES)
def campaign(request: UserRequest, pk: int) -> HttpResponse:
    """A draft: who gets what for how much. After that: how it goes."""
    own = get_object_or_404(agency_of(request).campaigns, pk=pk)
    if own.state == State.DRAFT:
        return _review(request, own, SendForm())
    state = request.GET.get("state", "")
    state = state if state in Message.State.values else ""
    # The agency's own campaign: its messages are found by the campaign alone.
    found = own.messages.filter(state=state) if state else own.messages.all()
    page = page_of(request, for_rows(found))
    context = {
        "campaign": own,
        "progress": progress_of(own),
        "page": page,
        "rows": rows_of(page.rows),
        "state": state,
        "states": Message.State.choices,
    }
    # The page asks for its moving parts alone, again and again, until all is final.
    return render_page_or_part(
        request, "messaging/campaign.html", "messaging/_campaign_part.html", context
    )


@require_GET
@permission_required(Permission.SEND_MESSAGES)
def campaign_chart(request: UserRequest, pk: int) -> HttpResponse:
    """The chart of its reports: a part of the campaign's page, dearer than the rest and so asked for less often."""
    own = get_object_or_404(agency_of(request).campaigns.exclude(state=State.DRAFT), pk=pk)
    context = {
        "campaign": own,
        "chart": chart_of(own),
        "is_moving": progress_of(own).is_moving,
    }
    return render(request, "messaging/_report_chart.html", context)


@require_GET
@permission_required(Permission.SEND_MESSAGES)
def left_out(request: UserRequest, pk: int, obstacle: str) -> HttpResponse:
    """Everybody whom a draft leaves out for one reason, page by page."""
    draft = get_object_or_404(agency_of(request).campaigns, pk=pk, state=State.DRAFT)
    if obstacle not in Obstacle.values:
        raise Http404
    found = [r for r in actions.quote(draft).left_out if r.obstacle == obstacle]
    page = numbered_page(request, found)
    context = {
        "campaign": draft,
        "obstacle": Obstacle(obstacle),
        "page_obj": page,
        "rows": [(client, missing_fields(client)) for client in page],
    }
    return render(request, "messaging/left_out.html", context)


@require_GET
@permission_required(Permission.SEND_MESSAGES)
def recipient(request: UserRequest, pk: int) -> HttpResponse:
    """One of a draft's clients with their own text on the phone: a part of the review, client by client."""
    draft = get_object_or_404(agency_of(request).campaigns, pk=pk, state=State.DRAFT)
    wanted = whole_number(request.GET.get("at")) or 0
    preview = preview_at(draft, wanted, backwards="back" in request.GET)
    if preview is None:
        raise Http404
    context = {"campaign": draft, "sender": sender_of_draft(draft), "preview": preview}
    return render(request, "messaging/_recipient_preview.html", context)


@require_POST
@permission_required(Permission.SEND_MESSAGES)
def send_campaign(request: UserRequest, pk: int) -> HttpResponse:
    """Wyślij: pay for the draft and let it go, now or at a time. A second click changes nothing."""
    own = get_object_or_404(agency_of(request).campaigns, pk=pk)
    shown_cost = posted_numbers(request, "cost")
    if own.state != State.DRAFT or not shown_cost:
        return redirect("messaging:campaign", pk=pk)
    form = SendForm(request.POST)
    if not form.is_valid():
        return _review(request, own, form)
    try:
        actions.confirm(
            own,
            expected_cost=shown_cost[0],
            expected_sender=request.POST.get("sender", ""),
            confirmed_by=request.user,
            leaves_at=form.cleaned_data["leaves_at"],
            spread_minutes=form.cleaned_data["spread_minutes"],
        )
    except actions.NothingToSend:
        messages.error(request, _("None of the chosen clients can get this message."))
    except actions.CostChanged:
        messages.warning(request, _("The cost has changed since you saw it. Look at it again."))
    except actions.SenderChanged:
        messages.warning(
            request, _("The sender name has changed since you saw it. Look at it again.")
        )
    except AgencyClosed:
        messages.error(request, _("The account is closed: nothing can be sent from it."))
        return redirect("dashboard")
    except MonthlyLimitReached as error:
        messages.error(request, _limit_reached(error.allowance))
    except ledger.InsufficientBalance as error:
        messages.error(
            request,
            _("You need %(amount)s more. Top up your account, then send.")
            % {"amount": format_amount(error.shortfall)},
        )
    return redirect("messaging:campaign", pk=pk)


@require_POST
@permission_required(Permission.SEND_MESSAGES)
def delete_draft(request: UserRequest, pk: int) -> HttpResponse:
    """Throw a draft away. What was paid for cannot be."""
    draft = get_object_or_404(agency_of(request).campaigns, pk=pk, state=State.DRAFT)
    if not actions.discard(draft):
        return redirect("messaging:campaign", pk=pk)
    messages.success(request, _("The draft was thrown away. Nothing was sent."))
    return redirect("messaging:campaigns")


@require_POST
@permission_required(Permission.SEND_MESSAGES)
def pause_campaign(request: UserRequest, pk: int) -> HttpResponse:
    """Wstrzymaj: no more of it leaves until somebody resumes it."""
    own = get_object_or_404(agency_of(request).campaigns, pk=pk)
    if campaign_control.pause(own, paused_by=request.user):
        messages.success(request, _("The campaign is paused. What has left cannot be stopped."))
    return redirect("messaging:campaign", pk=pk)


@require_POST
@permission_required(Permission.SEND_MESSAGES)
def resume_campaign(request: UserRequest, pk: int) -> HttpResponse:
    """Wznów: let a paused campaign go on."""
    own = get_object_or_404(agency_of(request).campaigns, pk=pk)
    if campaign_control.resume(own, resumed_by=request.user):
        messages.success(request, _("The campaign goes on."))
    return redirect("messaging:campaign", pk=pk)


@require_POST
@permission_required(Permission.SEND_MESSAGES)
def cancel_campaign(request: UserRequest, pk: int) -> HttpResponse:
    """Cofnij, anuluj: what has not left never will, and is paid back."""
    own = get_object_or_404(agency_of(request).campaigns, pk=pk)
    if campaign_control.cancel(own, cancelled_by=request.user):
        messages.success(request, _("Cancelled. What had not left is paid back."))
    else:
        messages.warning(request, _("It is too late: the campaign is over."))
    return redirect("messaging:campaign", pk=pk)


@require_POST
@permission_required(Permission.SEND_MESSAGES)
def change_campaign(request: UserRequest, pk: int) -> HttpResponse:
    """Zmień: take a scheduled campaign back, with its money, and open it as a draft again."""
    own = get_object_or_404(agency_of(request).campaigns, pk=pk)
    draft = campaign_control.take_back(own, taken_by=request.user)
    if draft is None:
        messages.warning(request, _("It is too late: the campaign is on its way."))
        return redirect("messaging:campaign", pk=pk)
    messages.info(request, _("The campaign is a draft again, and its money is back."))
    return redirect("messaging:campaign", pk=draft.pk)


@require_POST
@permission_required(Permission.SEND_MESSAGES)
def resend_failed(request: UserRequest, pk: int) -> HttpResponse:
    """Wyślij ponownie do nieudanych: a new draft for those who surely did not get it."""
    own = get_object_or_404(agency_of(request).campaigns, pk=pk)
    draft = campaign_control.draft_for_failed(own, created_by=request.user)
    if draft is None:
        messages.info(request, _("Nobody is left to send it to again."))
        return redirect("messaging:campaign", pk=pk)
    return redirect("messaging:campaign", pk=draft.pk)


def _review(request: UserRequest, draft: Campaign, form: SendForm) -> HttpResponse:
    priced = actions.quote(draft)
    allowance = allowance_of(request.user)
    balance = ledger.balance_of(draft.agency)
    page = numbered_page(request, priced.recipients)
    context = {
        "campaign": draft,
        "form": form,
        "undo_seconds": settings.SEND_UNDO_SECONDS,
        "quote": priced,
        "sender": sender_of_draft(draft),
        "page_obj": page,
        # A form with mistakes is posted to another address.
        "list_address": reverse("messaging:campaign", args=[draft.pk]),
        "rows": [(recipient, recipient.parts * priced.price) for recipient in page],
        "num_left_out": len(priced.left_out),
        "left_out": by_obstacle(priced.left_out),
        "preview": first_preview(priced),
        "balance": balance,
        # What billing.context_processors.wallet would look up once more.
        "wallet_balance": balance,
        "wallet_parts": balance // priced.price,
        "balance_after": balance - priced.cost,
        "shortfall": max(priced.cost - balance, 0),
        "allowance": allowance,
        "is_over_limit": allowance is not None
        and not allowance.covers(parts=priced.num_parts, cost=priced.cost),
    }
    status = 422 if form.errors else 200
    return render(request, "messaging/campaign_review.html", context, status=status)


def _limit_reached(allowance: Allowance) -> str:
    left = format_amount(allowance.left) if allowance.is_amount else str(allowance.left)
    if allowance.is_amount:
        text = _("Your limit leaves %(left)s for this month. Nothing was sent or charged.")
    else:
        text = _("Your limit leaves SMS parts this month: %(left)s. Nothing was sent or charged.")
    return text % {"left": left}
