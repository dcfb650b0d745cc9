"""Addresses of messaging."""

from __future__ import annotations

from django.urls import path

from messaging import webhooks
from messaging.views import campaigns, contacts, messages, support, templates

app_name = "messaging"

urlpatterns = [
    # Contacts
    path("klienci/", contacts.contacts, name="contacts"),
    path("klienci/nowy/", contacts.add_contact, name="add_contact"),
    path("klienci/import/", contacts.import_contacts, name="import_contacts"),
    path("klienci/import/przyklad.csv", contacts.example_file, name="example_file"),
    path("klienci/<int:pk>/", contacts.contact, name="contact"),
    path("klienci/<int:pk>/zmiana/", contacts.edit_contact, name="edit_contact"),
    path("klienci/<int:pk>/usun/", contacts.delete_contact, name="delete_contact"),
    # Templates
    path("wzory/", templates.templates, name="templates"),
    path("wzory/nowy/", templates.add_template, name="add_template"),
    path("wzory/podglad/", templates.preview, name="preview"),
    path("wzory/<int:pk>/", templates.edit_template, name="edit_template"),
    path("wzory/<int:pk>/usun/", templates.delete_template, name="delete_template"),
    # Campaigns
    path("wysylki/", campaigns.campaigns, name="campaigns"),
    path("wysylki/nowa/", campaigns.new_campaign, name="new_campaign"),
    path("wysylki/<int:pk>/", campaigns.campaign, name="campaign"),
    path("wysylki/<int:pk>/wyslij/", campaigns.send_campaign, name="send_campaign"),
    path("wysylki/<int:pk>/usun/", campaigns.delete_draft, name="delete_draft"),
    # Messages
    path("wiadomosci/", messages.messages, name="messages"),
    path("wiadomosci/odswiez/", messages.refresh, name="refresh"),
    # Operator
    path("operator/agencje/<int:pk>/wiadomosci/", support.agency_messages, name="agency_messages"),
    # Gateways
    path("dlr/smsapi/<str:secret>/", webhooks.smsapi_report, name="smsapi_report"),
]
