"""Addresses of the money: an agency's own, and the operator's."""

from __future__ import annotations

from django.urls import path

from billing import operator_views, price_views, views

app_name = "billing"

urlpatterns = [
    # Agency
    path("stan-konta/", views.balance, name="balance"),
    path("faktury/", views.invoices, name="invoices"),
    path("faktury/<int:pk>/pdf/", views.invoice_pdf, name="invoice_pdf"),
    # Operator
    path("operator/wplaty/", operator_views.payments, name="payments"),
    path("operator/wplaty/nowa/", operator_views.book_payment, name="book_payment"),
    path("operator/wplaty/<int:pk>/przypisz/", operator_views.assign_line, name="assign_line"),
    path("operator/wyciagi/", operator_views.statements, name="statements"),
    path("operator/wyciagi/<int:pk>/", operator_views.statement, name="statement"),
    path("operator/cennik/", price_views.prices, name="prices"),
    path("operator/cennik/<int:pk>/wycofaj/", price_views.withdraw, name="withdraw_price"),
    path("operator/faktury/", operator_views.all_invoices, name="all_invoices"),
    path("operator/faktury/<int:pk>/pdf/", operator_views.any_invoice_pdf, name="any_invoice_pdf"),
]
