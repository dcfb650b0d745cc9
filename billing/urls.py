"""Addresses of the money: an agency's own, and the operator's."""

from __future__ import annotations

from django.urls import path

from billing import (
    invoice_views,
    operator_invoice_views,
    operator_views,
    price_views,
    statement_views,
    views,
)

app_name = "billing"

urlpatterns = [
    # Agency
    path("stan-konta/", views.balance, name="balance"),
    path("stan-konta/doladuj/", views.top_up, name="top_up"),
    path("stan-konta/ostrzezenie/", views.set_warning, name="set_warning"),
    path(
        "stan-konta/ruchy.csv", views.export_movements, {"ending": "csv"}, name="export_movements"
    ),
    path(
        "stan-konta/ruchy.xlsx",
        views.export_movements,
        {"ending": "xlsx"},
        name="export_movements_xlsx",
    ),
    path("faktury/", invoice_views.invoices, name="invoices"),
    path("faktury/<int:pk>/pdf/", invoice_views.invoice_pdf, name="invoice_pdf"),
    path(
        "faktury/<int:year>/<int:month>/faktury.zip",
        invoice_views.invoices_of_month,
        name="invoices_of_month",
    ),
    # Operator
    path("operator/wplaty/", operator_views.payments, name="payments"),
    path("operator/wplaty/nowa/", operator_views.book_payment, name="book_payment"),
    path("operator/wplaty/<int:pk>/przypisz/", operator_views.assign_line, name="assign_line"),
    path(
        "operator/wplaty/<int:pk>/agencje/",
        operator_views.agencies_for_line,
        name="agencies_for_line",
    ),
    path("operator/wplaty/<int:pk>/podziel/", operator_views.split_line, name="split_line"),
    path(
        "operator/wplaty/<int:pk>/zwrot/",
        operator_views.settle_reversal,
        name="settle_reversal",
    ),
    path("operator/wplaty/<int:pk>/odloz/", operator_views.set_aside, name="set_aside"),
    path("operator/wplaty/<int:pk>/przywroc/", operator_views.take_back, name="take_back"),
    path("operator/wplaty/rachunki/", operator_views.payer_accounts, name="payer_accounts"),
    path(
        "operator/wplaty/rachunki/<int:pk>/zapomnij/",
        operator_views.forget_payer,
        name="forget_payer",
    ),
    path("operator/wyciagi/", statement_views.statements, name="statements"),
    path("operator/wyciagi/<int:pk>/", statement_views.statement, name="statement"),
    path(
        "operator/wyciagi/wczytanie/<int:pk>/",
        statement_views.statement_upload,
        name="statement_upload",
    ),
    path(
        "operator/wyciagi/wczytanie/<int:pk>/odpowiedz/",
        statement_views.answer_upload,
        name="answer_upload",
    ),
    path(
        "operator/wyciagi/wczytanie/<int:pk>/porzuc/",
        statement_views.give_up_upload,
        name="give_up_upload",
    ),
    path(
        "operator/wyciagi/uklady/<int:pk>/zapomnij/",
        statement_views.forget_layout,
        name="forget_layout",
    ),
    path("operator/cennik/", price_views.prices, name="prices"),
    path("operator/cennik/<int:pk>/wycofaj/", price_views.withdraw, name="withdraw_price"),
    path("operator/wplaty/<int:pk>/cofnij/", operator_views.undo_payment, name="undo_payment"),
    # All invoices
    path("operator/faktury/", operator_invoice_views.all_invoices, name="all_invoices"),
    path("operator/faktury/<int:pk>/", operator_invoice_views.any_invoice, name="any_invoice"),
    path(
        "operator/faktury/<int:pk>/pdf/",
        operator_invoice_views.any_invoice_pdf,
        name="any_invoice_pdf",
    ),
    path(
        "operator/faktury/<int:pk>/wyslij/",
        operator_invoice_views.send_again,
        name="send_invoice_again",
    ),
    path(
        "operator/faktury/<int:pk>/koryguj/",
        operator_invoice_views.correct,
        name="correct_invoice",
    ),
    path(
        "operator/faktury/<int:year>/<int:month>/faktury.csv",
        operator_invoice_views.month_csv,
        name="month_csv",
    ),
    path(
        "operator/faktury/<int:year>/<int:month>/faktury.zip",
        operator_invoice_views.month_zip,
        name="month_zip",
    ),
    path(
        "operator/faktury/<int:year>/<int:month>/jpk.xml",
        operator_invoice_views.month_jpk,
        name="month_jpk",
    ),
    # Money that goes back
    path("operator/zwroty/", operator_invoice_views.return_transfers, name="return_transfers"),
    path(
        "operator/zwroty/<int:pk>/przelane/",
        operator_invoice_views.mark_transferred,
        name="mark_transferred",
    ),
]
