"""POSTs that come from the page's form or, as JSON, from tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

View = Callable[..., HttpResponseBase]


def csrf_unless_json(view: View) -> View:
    """Ask forms for their CSRF token, JSON for none.

    Another site's page cannot send application/json here without a CORS preflight, which
    nobody answers.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        chosen = view if request.content_type == "application/json" else protected
        return chosen(request, *args, **kwargs)

    return wrapper


def posted_values(request: HttpRequest) -> dict[str, Any]:
    """Return the fields of a form or of a JSON object; raises ValueError for any other JSON."""
    if request.content_type != "application/json":
        return request.POST.dict()
    values = json.loads(request.body or b"{}")
    if not isinstance(values, dict):
        raise ValueError("A JSON object is expected.")
    return values


def unknown_fields(values: dict[str, Any], form: type[forms.BaseForm]) -> set[str]:
    """Return names in `values` that the form does not know: a misspelt test should fail loudly."""
    return set(values) - set(form.base_fields) - {"csrfmiddlewaretoken"}  # type: ignore[attr-defined]


def bad_request(errors: object) -> HttpResponse:
    """Return HTTP 400 with the errors as JSON."""
    return JsonResponse({"errors": errors}, status=400)
