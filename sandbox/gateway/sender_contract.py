"""SMSAPI's two ways to sender names: REST under sms/sendernames, and the older sender.do of its Python client."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sandbox.gateway import sender_names
from sandbox.gateway.contract import answers_json, authorise
from sandbox.gateway.errors import GatewayError
from sandbox.gateway.faults import with_faults
from sandbox.gateway.parameters import read_values
from sandbox.models import SenderName

View = Callable[..., HttpResponse]

# HTTP status and name of an error in REST.
_REST_ERRORS = {
    101: (401, "authorization_failed"),
    2031: (404, "not_found"),
    2110: (409, "conflict"),
    2112: (400, "invalid_request_data"),
}


def answers_rest(view: View) -> View:
    """Authorise by the Bearer token; errors are HTTP statuses with a body that names them."""

    @csrf_exempt
    @wraps(view)
    def wrapper(request: HttpRequest, *args: str) -> HttpResponse:
        try:
            authorise(request)
            return view(request, *args)
        except GatewayError as error:
            status, name = _REST_ERRORS[error.code]
            body = {"message": error.as_json()["message"], "error": name, "errors": []}
            return JsonResponse(body, status=status)

    return wrapper


def with_faults_of_rest(view: View) -> View:
    """The same faults as for sms.do, at an address that holds a name."""

    @csrf_exempt
    @wraps(view)
    def wrapper(request: HttpRequest, **names: str) -> HttpResponse:
        spoilt = with_faults(lambda _request: False)(lambda req: view(req, *names.values()))
        return spoilt(request)  # type: ignore[return-value]  # Cut answers are of another class.

    return wrapper


@with_faults_of_rest
@require_http_methods(["GET", "POST"])
@answers_rest
def names(request: HttpRequest) -> HttpResponse:
    """All of them, or one more."""
    if request.method == "POST":
        return JsonResponse(_row(sender_names.add(request.POST.get("sender", ""))), status=201)
    rows = [_row(name) for name in SenderName.objects.order_by("pk")]
    return JsonResponse({"size": len(rows), "collection": rows})


@with_faults_of_rest
@require_http_methods(["GET", "DELETE"])
@answers_rest
def name(request: HttpRequest, name: str) -> HttpResponse:
    """One of them, or one less."""
    found = sender_names.find(name)
    if request.method == "DELETE":
        found.delete()
        return HttpResponse(status=204)
    return JsonResponse(_row(found))


@with_faults_of_rest
@require_POST
@answers_rest
def make_default(request: HttpRequest, name: str) -> HttpResponse:
    """Let it stand where a message names none."""
    sender_names.make_default(name)
    return HttpResponse(status=204)


@with_faults_of_rest
@require_safe
@answers_rest
def statement(request: HttpRequest) -> HttpResponse:
    """What a customer states about the right to a name."""
    return JsonResponse({"content": "I have the right to use this sender name."})


@csrf_exempt
@require_http_methods(["GET", "POST"])
@with_faults(lambda request: False)
@answers_json
def sender_do(request: HttpRequest) -> dict[str, object] | list[dict[str, object]]:
    """add, status, delete, default or list, as the official Python client asks for them."""
    values = read_values(request)
    if "add" in values:
        sender_names.add(values["add"])
    elif "delete" in values:
        sender_names.find(values["delete"]).delete()
    elif "default" in values:
        sender_names.make_default(values["default"])
    elif "status" in values:
        found = sender_names.find(values["status"])
        return {"name": found.name, "status": found.status, "default": found.is_default}
    else:
        return [_legacy_row(name) for name in SenderName.objects.order_by("pk")]
    return {"count": 1}


def _row(name: SenderName) -> dict[str, object]:
    return {
        "sender": name.name,
        "is_default": name.is_default,
        "status": name.status,
        "created_at": name.created_at.isoformat(timespec="seconds"),
    }


def _legacy_row(name: SenderName) -> dict[str, object]:
    return {"sender": name.name, "status": name.status, "default": name.is_default}
