"""Wyciągi: the statements that the bank gave, and the import of one more."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.access import UserRequest, permission_required
from accounts.newest_first import page_of
from accounts.numbered_pages import numbered_page
from accounts.partials import redirect_browser, render_page_or_part
from accounts.roles import Permission
from billing import statement_uploads
from billing.expected_payments import expected_payments
from billing.forms import StatementForm
from billing.models import BankLine, CsvLayout, StatementFile, StatementUpload, UnreadLine
from billing.statement_gaps import missing_before
from billing.statements.mbank_operations_list import is_operations_list, parse_operations_list
from billing.statements_together import together
from billing.upload_questions import AnswerForm, question_of


@permission_required(Permission.SEE_PAYMENTS)
def statements(request: UserRequest) -> HttpResponseBase:
    """Wyciągi: the imported files, and the form that sends one more."""
    if request.method == "POST":
        return _upload(request)
    return _statements_page(request, StatementForm())


@require_GET
@permission_required(Permission.SEE_PAYMENTS)
def statement(request: UserRequest, pk: int) -> HttpResponse:
    """One imported file with all its lines and what became of them; what is told of it all, before the first ones."""
    file = get_object_or_404(StatementFile.objects.defer("content"), pk=pk)
    lines = BankLine.objects.filter(statement__file=file).select_related(
        "statement", "payment__agency", "payment__invoice"
    )
    page = numbered_page(request, lines.order_by("id"))
    context: dict[str, object] = {"file": file, "page_obj": page}
    if page.number == 1:
        statements = list(file.statements.order_by("id"))
        context |= {
            "together": together(statements),
            "missing": missing_before(statements),
            "unread_lines": UnreadLine.objects.filter(statement__file=file).order_by("id"),
        }
    return render(request, "billing/statement.html", context)


@require_GET
@permission_required(Permission.BOOK_PAYMENTS)
def statement_upload(request: UserRequest, pk: int) -> HttpResponseBase:
    """A file on its way into the books: how far it is, what it asks, or why it is refused."""
    upload = get_object_or_404(StatementUpload, pk=pk)
    if upload.file_id is None:
        return _upload_page(request, upload)
    if request.htmx:
        return redirect_browser(request, "billing:statement_upload", pk)
    _tell(request, upload)
    return redirect("billing:statement", pk=upload.file_id)


@require_POST
@permission_required(Permission.BOOK_PAYMENTS)
def answer_upload(request: UserRequest, pk: int) -> HttpResponse:
    """Say how a file is to be read that asks."""
    upload = get_object_or_404(StatementUpload, pk=pk)
    if upload.state != StatementUpload.State.ASKING:
        return redirect("billing:statement_upload", pk=pk)
    form = _answer_form(upload, request.POST)
    if not form.is_valid():
        return _upload_page(request, upload, form)
    statement_uploads.answer(upload, form.answers())
    return redirect("billing:statement_upload", pk=pk)


@require_POST
@permission_required(Permission.BOOK_PAYMENTS)
def give_up_upload(request: UserRequest, pk: int) -> HttpResponse:
    """Do not import a file that asks."""
    statement_uploads.give_up(get_object_or_404(StatementUpload, pk=pk))
    messages.info(request, _("The file was not imported. Nothing was credited."))
    return redirect("billing:statements")


@require_POST
@permission_required(Permission.BOOK_PAYMENTS)
def forget_layout(request: UserRequest, pk: int) -> HttpResponse:
    """Forget what the columns of a bank's table are: the next such file asks again."""
    get_object_or_404(CsvLayout, pk=pk).delete()
    return redirect("billing:statements")


def _answer_form(upload: StatementUpload, data: QueryDict | None = None) -> AnswerForm:
    answers = statement_uploads.Answers(**upload.answers)
    return AnswerForm(question_of(upload), answers, data)


def _upload_page(
    request: UserRequest, upload: StatementUpload, form: AnswerForm | None = None
) -> HttpResponse:
    if form is None and upload.state == StatementUpload.State.ASKING:
        form = _answer_form(upload)
    context = {"upload": upload, "form": form, "statement_form": StatementForm()}
    response = render_page_or_part(
        request, "billing/statement_upload.html", "billing/_statement_upload.html", context
    )
    if form is not None and form.errors:
        response.status_code = 422
    return response


@permission_required(Permission.BOOK_PAYMENTS)
def _upload(request: UserRequest) -> HttpResponse:
    form = StatementForm(request.POST, request.FILES)
    if not form.is_valid():
        return _statements_page(request, form)
    file = form.cleaned_data["file"]
    content = file.read()
    if is_operations_list(content):
        return _operations_page(request, form, content)
    upload = statement_uploads.start(content, file.name, request.user)
    return redirect_browser(request, "billing:statement_upload", upload.pk)


def _operations_page(request: UserRequest, form: StatementForm, data: bytes) -> HttpResponse:
    """mBank's list of operations: what it lets us expect. Nothing of it is stored or credited."""
    listed = parse_operations_list(data)
    if settings.SELLER_ACCOUNT not in listed.accounts:
        form.add_error("file", _("The list is not of our account."))
        return _statements_page(request, form)
    context = {"expected": expected_payments(listed.received)}
    return render(request, "billing/operations_list.html", context)


def _statements_page(request: UserRequest, form: StatementForm) -> HttpResponse:
    of_the_bank = Q(statements__lines__part_of=None)
    credited = Count(
        "statements__lines",
        filter=of_the_bank & Q(statements__lines__state__in=["credited", "split"]),
    )
    files = StatementFile.objects.defer("content").select_related("imported_by")
    num_lines = Count("statements__lines", filter=of_the_bank)
    files = files.annotate(num_lines=num_lines, num_credited=credited)
    context = {
        "form": form,
        "page": page_of(request, files),
        "layouts": CsvLayout.objects.order_by("headers").select_related("chosen_by"),
        "on_their_way": StatementUpload.objects.exclude(state=StatementUpload.State.DONE)
        .exclude(reason="given_up")
        .defer("content")
        .order_by("-id"),
    }
    status = 422 if form.errors else 200
    return render(request, "billing/statements.html", context, status=status)


# What an import tells besides, where there is any of it.
_TOLD = (
    (
        "waiting",
        messages.WARNING,
        ngettext_lazy(
            "%(count)d payment waits for your decision under Payments.",
            "%(count)d payments wait for your decision under Payments.",
            "count",
        ),
    ),
    (
        "taken_back",
        messages.WARNING,
        ngettext_lazy(
            "%(count)d payment was taken back, since the bank reversed it.",
            "%(count)d payments were taken back, since the bank reversed them.",
            "count",
        ),
    ),
    (
        "repeated",
        messages.INFO,
        ngettext_lazy(
            "%(count)d line was known from an earlier statement and was not credited again.",
            "%(count)d lines were known from earlier statements and were not credited again.",
            "count",
        ),
    ),
    (
        "unreadable",
        messages.WARNING,
        ngettext_lazy(
            "%(count)d line cannot be read. Look at it below and book it by hand if it is a payment.",
            "%(count)d lines cannot be read. Look at them below and book by hand what is a payment.",
            "count",
        ),
    ),
)


def _tell(request: UserRequest, upload: StatementUpload) -> None:
    """What became of an upload, on the page of its statement."""
    if upload.error:
        messages.warning(request, upload.error)
        return
    report = upload.report
    credited = ngettext(
        "%(count)d payment credited and invoiced.",
        "%(count)d payments credited and invoiced.",
        report["credited"],
    ) % {"count": report["credited"]}
    messages.success(request, _("The statement is imported.") + " " + credited)
    for name, level, sentence in _TOLD:
        if report[name]:
            messages.add_message(request, level, sentence % {"count": report[name]})
    if report["skipped_accounts"]:
        accounts = ", ".join(report["skipped_accounts"])
        messages.info(request, _("Not our accounts, passed over: %s.") % accounts)
