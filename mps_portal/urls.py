"""The portal's addresses: Polish, since people read them."""

from __future__ import annotations

from django.urls import include, path
from django.views.i18n import set_language

from accounts.limits import too_many_requests
from mps_portal import (
    agency_page,
    agency_views,
    data_export_views,
    help_pages,
    search,
    statistics,
    views,
)

handler429 = too_many_requests

urlpatterns = [
    path("", views.front_page, name="front_page"),
    path("pulpit/", views.dashboard, name="dashboard"),
    path("pulpit/statystyki/", statistics.statistics, name="statistics"),
    path("szukaj/", search.search, name="search"),
    path("pomoc/", help_pages.help_page, name="help"),
    path("pomoc/<slug:name>/", help_pages.help_page, name="help_topic"),
    path("jezyk/", set_language, name="set_language"),
    path("zdrowie/", views.health, name="health"),
    # Settings of an agency
    path("ustawienia/agencja/", agency_views.agency_data, name="agency_data"),
    path("ustawienia/dane/", data_export_views.data_exports, name="data_exports"),
    path("ustawienia/dane/przygotuj/", data_export_views.ask_data_export, name="ask_data_export"),
    path(
        "ustawienia/dane/<int:pk>/pobierz/",
        data_export_views.fetch_data_export,
        name="fetch_data_export",
    ),
    path("ustawienia/zamkniecie/", agency_views.closing, name="closing"),
    path("ustawienia/zamkniecie/cofnij/", agency_views.reopen, name="reopen"),
    path("operator/agencje/<int:pk>/", agency_page.agency, name="agency"),
    path("", include("accounts.urls")),
    path("", include("billing.urls")),
    path("", include("messaging.urls")),
]
