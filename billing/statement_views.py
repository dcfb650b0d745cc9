"""Wyciągi: the statements that the bank gave, and the import of one more."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from accounts.access import UserRequest, permission_required
from accounts.roles import Permission
from billing.expected_payments import expected_payments
from billing.forms import StatementForm
from billing.models import BankLine, StatementFile, UnreadLine
from billing.statement_gaps import gap_before, missing_numbers
from billing.statement_import import AlreadyImported, ImportRefused, ImportReport, import_statement
from billing.statements.mbank_operations_list import parse_operations_list
from billing.statements.rows import Refusal, StatementError
from billing.views import PAGE_SIZE


@permission_required(Permission.SEE_PAYMENTS)
def statements(request: UserRequest) -> HttpResponseBase:
    """Wyciągi: the imported files, and the form that imports one more."""
    if request.method == "POST":
        return _import(request)
    return _statements_page(request, StatementForm())


@require_GET
@permission_required(Permission.SEE_PAYMENTS)
def statement(request: UserRequest, pk: int) -> HttpResponse:
    """One imported file with all its lines and what became of them."""
    file = get_object_or_404(StatementFile.objects.defer("content"), pk=pk)
    lines = BankLine.objects.filter(statement__file=file).select_related(
        "statement", "payment__agency", "payment__invoice"
    )
    page = Paginator(lines.order_by("id"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "billing/statement.html",
        {
            "file": file,
            "statements": [
                (each, gap_before(each), missing_numbers(each))
                for each in file.statements.order_by("id")
            ],
            "unread_lines": UnreadLine.objects.filter(statement__file=file).order_by("id"),
            "page_obj": page,
        },
    )


@permission_required(Permission.BOOK_PAYMENTS)
def _import(request: UserRequest) -> HttpResponse:
    form = StatementForm(request.POST, request.FILES)
    if not form.is_valid():
        return _statements_page(request, form)
    file = form.cleaned_data["file"]
    try:
        report = import_statement(file.read(), file.name, request.user)
    except AlreadyImported as error:
        messages.warning(request, str(error))
        return redirect("billing:statement", pk=error.file.pk)
    except ImportRefused as error:
        form.add_error("file", str(error))
    except StatementError as error:
        if error.code == Refusal.OPERATIONS_LIST:
            file.seek(0)
            return _operations_page(request, form, file.read())
        form.add_error("file", str(error.message))
    else:
        _tell(request, report)
        return redirect("billing:statement", pk=report.file.pk)
    return _statements_page(request, form)


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
    page = Paginator(files.order_by("-id"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "billing/statements.html",
        {"form": form, "page_obj": page},
        status=422 if form.errors else 200,
    )


def _tell(request: UserRequest, report: ImportReport) -> None:
    credited = ngettext(
        "%(count)d payment credited and invoiced.",
        "%(count)d payments credited and invoiced.",
        report.num_credited,
    ) % {"count": report.num_credited}
    messages.success(request, _("The statement is imported.") + " " + credited)
    if report.num_waiting:
        waiting = ngettext(
            "%(count)d payment waits for your decision under Payments.",
            "%(count)d payments wait for your decision under Payments.",
            report.num_waiting,
        )
        messages.warning(request, waiting % {"count": report.num_waiting})
    if report.num_taken_back:
        taken_back = ngettext(
            "%(count)d payment was taken back, since the bank reversed it.",
            "%(count)d payments were taken back, since the bank reversed them.",
            report.num_taken_back,
        )
        messages.warning(request, taken_back % {"count": report.num_taken_back})
    if report.num_repeated:
        repeated = ngettext(
            "%(count)d line was known from an earlier statement and was not credited again.",
            "%(count)d lines were known from earlier statements and were not credited again.",
            report.num_repeated,
        )
        messages.info(request, repeated % {"count": report.num_repeated})
    if report.num_unreadable:
        unreadable = ngettext(
            "%(count)d line cannot be read. Look at it below and book it by hand if it is a payment.",
            "%(count)d lines cannot be read. Look at them below and book by hand what is a payment.",
            report.num_unreadable,
        )
        messages.warning(request, unreadable % {"count": report.num_unreadable})
    if report.skipped_accounts:
        accounts = ", ".join(report.skipped_accounts)
        messages.info(request, _("Not our accounts, passed over: %s.") % accounts)
