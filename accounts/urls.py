"""Addresses of the accounts. Names that start with account_ are django-allauth's own."""

from __future__ import annotations

from allauth.account import views as allauth_views
from django.urls import path, re_path

from accounts import event_views, helping_views, views

urlpatterns = [
    # Registration
    path("rejestracja/", views.register, name="account_signup"),
    path("rejestracja/gotowe/", views.registered, name="registered"),
    # Login and passwords
    path("logowanie/", allauth_views.login, name="account_login"),
    path("wylogowanie/", allauth_views.logout, name="account_logout"),
    path("konto-nieaktywne/", allauth_views.account_inactive, name="account_inactive"),
    path("haslo/pierwsze/", views.first_password, name="first_password"),
    path("haslo/zmiana/", allauth_views.password_change, name="account_change_password"),
    path("haslo/przypomnienie/", allauth_views.password_reset, name="account_reset_password"),
    path(
        "haslo/przypomnienie/wyslane/",
        allauth_views.password_reset_done,
        name="account_reset_password_done",
    ),
    path(
        "haslo/nowe/gotowe/",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^haslo/nowe/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    # Settings
    path("ustawienia/zdarzenia/", event_views.events, name="events"),
    path("ustawienia/zdarzenia/plik.csv", event_views.export_events, name="export_events"),
    # Operator
    path("operator/agencje/", views.agencies, name="agencies"),
    path(
        "operator/agencje/<int:agency_id>/osoby/<int:pk>/haslo/",
        helping_views.mail_password,
        name="mail_password",
    ),
    path(
        "operator/agencje/<int:agency_id>/osoby/<int:pk>/email/",
        helping_views.correct_email,
        name="correct_email",
    ),
    path("operator/zdarzenia/", event_views.all_events, name="all_events"),
    path("operator/zdarzenia/plik.csv", event_views.export_all_events, name="export_all_events"),
]
