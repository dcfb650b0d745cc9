"""The mailbox: every e-mail that was sent to anybody."""

from __future__ import annotations

from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from sandbox.mailbox.reading import Attachment, Letter
from sandbox.models import Mail

SHOWN_MAILS = 100
# What a browser may open in place; anything else (HTML, SVG) could run scripts here.
OPENED_IN_PLACE = {"application/pdf", "image/png", "image/jpeg", "image/gif", "text/plain"}

LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'self';"
    " sandbox allow-popups allow-popups-to-escape-sandbox"
)
# Chromium opens no PDF from a page that is sandboxed or may load nothing.
FILE_POLICY = "frame-ancestors 'none'"


@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """List messages, newest first; `q` is a part of a recipient or subject."""
    template = "_mail_list.html" if request.headers.get("HX-Request") else "mails.html"
    query = request.GET.get("q", "").strip()
    found = Mail.objects.defer("source").order_by("-pk")
    if query:
        found = found.filter(recipients__icontains=query) | found.filter(subject__icontains=query)
    return render(request, f"sandbox/{template}", {"mails": found[:SHOWN_MAILS], "query": query})


@require_safe
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one message."""
    letter = Letter(get_object_or_404(Mail, pk=pk))
    return render(request, "sandbox/mail.html", {"letter": letter, "mail": letter.mail})


@require_safe
@xframe_options_sameorigin
def mail_html(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML part by itself, for the frame: no scripts, nothing fetched, links open outside."""
    html = Letter(get_object_or_404(Mail, pk=pk)).html
    headers = {"Content-Security-Policy": LETTER_POLICY}
    return HttpResponse(f'<base target="_blank">{html}', headers=headers)


@require_safe
def attachment(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    """Give one attached file with its own type."""
    attachments = Letter(get_object_or_404(Mail, pk=pk)).attachments
    if position >= len(attachments):
        raise Http404
    return _file_response(attachments[position])


def _file_response(file: Attachment) -> HttpResponse:
    disposition = "inline" if file.content_type in OPENED_IN_PLACE else "attachment"
    headers = {
        "Content-Disposition": f"{disposition}; filename*=utf-8''{quote(file.name)}",
        "Content-Security-Policy": FILE_POLICY,
    }
    return HttpResponse(file.content, content_type=file.content_type, headers=headers)


@require_safe
def mails_json(request: HttpRequest) -> JsonResponse:
    """Return messages, newest first; `to` narrows them to a recipient."""
    found = Mail.objects.order_by("-pk")
    if recipient := request.GET.get("to"):
        found = found.filter(recipients__icontains=recipient)
    return JsonResponse([_as_json(request, Letter(mail)) for mail in found], safe=False)


def _as_json(request: HttpRequest, letter: Letter) -> dict[str, object]:
    return {
        "id": letter.mail.pk,
        "to": letter.mail.recipients,
        "from": letter.mail.sender,
        "subject": letter.mail.subject,
        "text": letter.text,
        "html": letter.html,
        "attachments": [_file_as_json(request, letter.mail, file) for file in letter.attachments],
        "received_at": letter.mail.received_at.isoformat(),
    }


def _file_as_json(request: HttpRequest, mail: Mail, file: Attachment) -> dict[str, object]:
    path = reverse("attachment", args=[mail.pk, file.position])
    return {
        "name": file.name,
        "type": file.content_type,
        "size": file.size,
        "url": request.build_absolute_uri(path),
    }
