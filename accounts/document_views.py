"""The pages of the documents: the current wording, and each earlier one."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.documents import Document, headings, render_document, valid_from


@require_safe
def document_page(request: HttpRequest, document: Document, version: str = "") -> HttpResponse:
    """One wording of a document; without a version, the one that applies."""
    version = version or document.current
    if version not in document.versions:
        raise Http404
    text = render_document(document, version)
    context = {
        "document": document,
        "version": version,
        "valid_from": valid_from(version),
        "text": text,
        "headings": headings(text),
        "versions": [(each, valid_from(each)) for each in document.versions],
        "address": f"document_{document.name}",
    }
    return render(request, "accounts/document.html", context)
