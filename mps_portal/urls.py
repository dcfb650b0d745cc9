"""The portal's addresses: Polish, since people read them."""

from __future__ import annotations

from django.urls import include, path
from django.views.i18n import set_language

from accounts.limits import too_many_requests
from mps_portal import agency_page, views

handler429 = too_many_requests

urlpatterns = [
    path("", views.front_page, name="front_page"),
    path("pulpit/", views.dashboard, name="dashboard"),
    path("jezyk/", set_language, name="set_language"),
    path("zdrowie/", views.health, name="health"),
    path("operator/agencje/<int:pk>/", agency_page.agency, name="agency"),
    path("", include("accounts.urls")),
    path("", include("billing.urls")),
    path("", include("messaging.urls")),
]
