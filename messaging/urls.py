"""Addresses of messaging."""

from __future__ import annotations

from django.urls import path

from messaging import webhooks
from messaging.views import (
    campaigns,
    contact_imports,
    contact_selection,
    contacts,
    groups,
    insurance,
    messages,
    support,
    template_editor,
    templates,
)

app_name = "messaging"

urlpatterns = [
    # Contacts
    path("klienci/", contacts.contacts, name="contacts"),
    path("klienci/nowy/", contacts.add_contact, name="add_contact"),
    path("klienci/import/", contact_imports.import_contacts, name="import_contacts"),
    path("klienci/import/przyklad.csv", contact_imports.example_file, name="example_file"),
    path("klienci/import/<int:pk>/", contact_imports.contact_import, name="contact_import"),
    path("klienci/import/<int:pk>/kolumny/", contact_imports.import_columns, name="import_columns"),
    path("klienci/import/<int:pk>/start/", contact_imports.run_import, name="run_import"),
    path("klienci/import/<int:pk>/anuluj/", contact_imports.cancel_import, name="cancel_import"),
    path(
        "klienci/import/<int:pk>/odrzucone.csv", contact_imports.refused_file, name="refused_file"
    ),
    path("klienci/<int:pk>/", contacts.contact, name="contact"),
    path("klienci/<int:pk>/zmiana/", contacts.edit_contact, name="edit_contact"),
    path("klienci/<int:pk>/usun/", contacts.delete_contact, name="delete_contact"),
    path("klienci/<int:pk>/zgody/", contacts.record_consent, name="record_consent"),
    path("klienci/<int:pk>/pojazdy/nowy/", insurance.add_vehicle, name="add_vehicle"),
    path("klienci/<int:pk>/polisy/nowa/", insurance.add_policy, name="add_policy"),
    # What is chosen in their list
    path("klienci/zaznaczeni/grupa/", contact_selection.move_to_group, name="move_to_group"),
    path("klienci/zaznaczeni/eksport/", contact_selection.export_chosen, name="export_chosen"),
    path("klienci/zaznaczeni/usun/", contact_selection.delete_chosen, name="delete_chosen"),
    # Their groups
    path("klienci/grupy/", groups.groups, name="groups"),
    path("klienci/grupy/<int:pk>/", groups.rename_group, name="rename_group"),
    path("klienci/grupy/<int:pk>/usun/", groups.delete_group, name="delete_group"),
    # What they insure
    path("klienci/pojazdy/<int:pk>/", insurance.edit_vehicle, name="edit_vehicle"),
    path("klienci/pojazdy/<int:pk>/usun/", insurance.delete_vehicle, name="delete_vehicle"),
    path("klienci/polisy/<int:pk>/", insurance.edit_policy, name="edit_policy"),
    path("klienci/polisy/<int:pk>/usun/", insurance.delete_policy, name="delete_policy"),
    path("klienci/polisy/<int:pk>/raty/nowa/", insurance.add_instalment, name="add_instalment"),
    path("klienci/raty/<int:pk>/", insurance.edit_instalment, name="edit_instalment"),
    path("klienci/raty/<int:pk>/usun/", insurance.delete_instalment, name="delete_instalment"),
    # Templates
    path("wzory/", templates.templates, name="templates"),
    path("wzory/nowy/", templates.add_template, name="add_template"),
    path("wzory/podglad/", template_editor.preview, name="preview"),
    path("wzory/liczby/", template_editor.book, name="book_counts"),
    path("wzory/klienci/", template_editor.clients, name="template_clients"),
    path("wzory/probny/", template_editor.send_test, name="send_test"),
    path("wzory/<int:pk>/", templates.edit_template, name="edit_template"),
    path("wzory/<int:pk>/kopia/", templates.copy_template, name="copy_template"),
    path("wzory/<int:pk>/przesun/", templates.move_template, name="move_template"),
    path("wzory/<int:pk>/archiwum/", templates.archive_template, name="archive_template"),
    path("wzory/<int:pk>/przywroc/", templates.restore_template, name="restore_template"),
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
