"""The bank: making transfers and downloading statements."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sandbox.bank import mt940
from sandbox.bank.accounts import clean_nrb
from sandbox.bank.forms import TransferForm
from sandbox.bank.statements import STARTING_BALANCE, statement_of
from sandbox.json_posts import bad_request, csrf_unless_json, posted_values, unknown_fields
from sandbox.models import Transfer

SHOWN_TRANSFERS = 50
# One module per format: CONTENT_TYPE and write(Statement) -> bytes.
FORMATS = {"sta": mt940}


@require_http_methods(["GET", "POST"])
def bank(request: HttpRequest) -> HttpResponse:
    """Show the account with the form, or make the transfer."""
    form = TransferForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        transfer = form.transfer()
        transfer.save()
        query = urlencode({"account": transfer.account, "booked": transfer.pk})
        return redirect(f"{reverse('bank')}?{query}")
    return render(request, "sandbox/bank.html", {"form": form, **_account_context(request)})


@csrf_unless_json
@require_POST
def transfers_json(request: HttpRequest) -> HttpResponse:
    """Make a transfer; what is left out is as the form prefills it. Answers 201."""
    try:
        values = posted_values(request)
    except ValueError as error:
        return bad_request({"__all__": [str(error)]})
    if unknown := unknown_fields(values, TransferForm):
        return bad_request({name: ["Unknown field."] for name in sorted(unknown)})
    form = TransferForm({**_prefilled(), **values})
    if not form.is_valid():
        return bad_request(form.errors)
    transfer = form.transfer()
    transfer.save()
    return JsonResponse(_as_json(transfer), status=201)


@require_safe
def statement(request: HttpRequest, day: str, extension: str) -> HttpResponse:
    """Give the statement of a day as a file; `account` may name another than the seller's."""
    writer = FORMATS.get(extension)
    if writer is None:
        raise Http404
    try:
        date = dt.date.fromisoformat(day)
    except ValueError as error:
        raise Http404 from error
    content = writer.write(statement_of(_account(request), date))
    headers = {"Content-Disposition": f'attachment; filename="{day}.{extension}"'}
    return HttpResponse(content, content_type=writer.CONTENT_TYPE, headers=headers)


def _account(request: HttpRequest) -> str:
    try:
        return clean_nrb(request.GET.get("account") or settings.BANK_ACCOUNT)
    except ValidationError as error:
        raise Http404 from error


def _account_context(request: HttpRequest) -> dict[str, Any]:
    account = _account(request)
    rows = _rows_with_balances(account)
    return {
        "account": account,
        "rows": rows[:SHOWN_TRANSFERS],
        "balance": rows[0]["balance"] if rows else STARTING_BALANCE,
        "starting_balance": STARTING_BALANCE,
        "days": sorted({row["transfer"].booked_on for row in rows}, reverse=True)[:14],
        "today": timezone.localdate(),
        "booked": request.GET.get("booked", ""),
    }


def _rows_with_balances(account: str) -> list[dict[str, Any]]:
    """Return all transfers, newest first, each with the balance after it."""
    balance = STARTING_BALANCE
    rows = []
    for transfer in Transfer.objects.filter(account=account).order_by("booked_on", "pk"):
        balance += transfer.amount
        rows.append({"transfer": transfer, "balance": balance})
    return rows[::-1]


def _prefilled() -> dict[str, Any]:
    form = TransferForm()
    return {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}


def _as_json(transfer: Transfer) -> dict[str, object]:
    return {
        "id": transfer.pk,
        "account": transfer.account,
        "booked_on": transfer.booked_on.isoformat(),
        "amount": transfer.amount,
        "title": transfer.title,
    }
