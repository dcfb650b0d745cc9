"""Addresses of the accounts. Names that start with account_ are django-allauth's own."""

from __future__ import annotations

from allauth.account import views as allauth_views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.webauthn import views as webauthn_views
from allauth.usersessions import views as session_views
from django.urls import path, re_path
from django.views.generic import RedirectView

from accounts import (
    account_views,
    documents,
    event_views,
    helping_views,
    people_views,
    registration_views,
    rows_per_page,
    views,
)
from accounts.document_views import document_page

DOCUMENTS = {
    "regulamin": documents.TERMS,
    "polityka-prywatnosci": documents.PRIVACY,
    "powierzenie-danych": documents.DATA_PROCESSING,
    "faktury-elektroniczne": documents.ELECTRONIC_INVOICES,
    "oswiadczenie-o-podpisie": documents.SENDER_STATEMENT,
}

_SECOND_FACTOR = "ustawienia/drugi-skladnik/"

urlpatterns = [
    # Registration
    path("rejestracja/", registration_views.register, name="account_signup"),
    path("rejestracja/gotowe/", registration_views.registered, name="registered"),
    path("rejestracja/wyslij-ponownie/", registration_views.send_again, name="send_again"),
    # Lists
    path("wiersze/", rows_per_page.choose_rows, name="choose_rows"),
    # Documents
    *(
        path(
            f"{slug}/{version}", document_page, {"document": document}, f"document_{document.name}"
        )
        for slug, document in DOCUMENTS.items()
        for version in ("", "<str:version>/")
    ),
    # Login and passwords
    path("logowanie/", allauth_views.login, name="account_login"),
    path("wylogowanie/", allauth_views.logout, name="account_logout"),
    path("logowanie/kod/", mfa_views.authenticate, name="mfa_authenticate"),
    path("logowanie/klucz/", webauthn_views.login_webauthn, name="mfa_login_webauthn"),
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
    # To prove again who one is
    path("potwierdzenie/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("potwierdzenie/kod/", mfa_views.reauthenticate, name="mfa_reauthenticate"),
    path(
        "potwierdzenie/klucz/",
        webauthn_views.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    # One's own account
    path("ustawienia/konto/", account_views.account, name="account"),
    path("ustawienia/konto/e-mail/", account_views.change_email, name="change_email"),
    path(
        "zmiana-e-mail/<str:token>/",
        account_views.confirm_email_change,
        name="confirm_email_change",
    ),
    path("ustawienia/sesje/", session_views.list_usersessions, name="usersessions_list"),
    # Second factor
    path(_SECOND_FACTOR, mfa_views.index, name="mfa_index"),
    path(_SECOND_FACTOR + "aplikacja/", totp_views.activate_totp, name="mfa_activate_totp"),
    path(
        _SECOND_FACTOR + "aplikacja/usun/", totp_views.deactivate_totp, name="mfa_deactivate_totp"
    ),
    # The keys are listed on the page of the second factor.
    path(
        _SECOND_FACTOR + "klucze/",
        RedirectView.as_view(pattern_name="mfa_index"),
        name="mfa_list_webauthn",
    ),
    path(_SECOND_FACTOR + "klucze/nowy/", webauthn_views.add_webauthn, name="mfa_add_webauthn"),
    path(
        _SECOND_FACTOR + "klucze/<int:pk>/usun/",
        webauthn_views.remove_webauthn,
        name="mfa_remove_webauthn",
    ),
    path(
        _SECOND_FACTOR + "kody/", recovery_views.view_recovery_codes, name="mfa_view_recovery_codes"
    ),
    path(
        _SECOND_FACTOR + "kody/nowe/",
        recovery_views.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        _SECOND_FACTOR + "kody/pobierz/",
        recovery_views.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    # People
    path("ustawienia/osoby/", people_views.team, name="team"),
    path("ustawienia/osoby/<int:pk>/", people_views.person, name="person"),
    path("ustawienia/osoby/<int:pk>/usun/", people_views.remove_person, name="remove_person"),
    path("ustawienia/zaproszenia/<int:pk>/ponow/", people_views.invite_again, name="invite_again"),
    path(
        "ustawienia/zaproszenia/<int:pk>/wycofaj/",
        people_views.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path("zaproszenie/<str:token>/", people_views.accept_invitation, name="accept_invitation"),
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
