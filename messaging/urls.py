"""Addresses of messaging."""

from __future__ import annotations

from django.urls import path

from messaging import webhooks
from messaging.views import (
    campaigns,
    consent_wordings,
    contact_imports,
    contact_selection,
    contacts,
    gateways,
    groups,
    insurance,
    messages,
    opt_outs,
    replies,
    reserved_names,
    sender_name_reviews,
    sender_names,
    support,
    template_editor,
    templates,
)

app_name = "messaging"

urlpatterns = [
    # Contacts
    path("klienci/", contacts.contacts, name="contacts"),
    path("klienci/kolumny/", contacts.choose_columns, name="choose_columns"),
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
    path("klienci/zaznaczeni/zgody/", contact_selection.record_of_chosen, name="record_of_chosen"),
    path("klienci/zaznaczeni/eksport/", contact_selection.export_chosen, name="export_chosen"),
    path("klienci/zaznaczeni/usun/", contact_selection.delete_chosen, name="delete_chosen"),
    # Who wants no messages, and what the others agree to
    path("klienci/rezygnacje/", opt_outs.opt_outs, name="opt_outs"),
    path("klienci/rezygnacje/dodaj/", opt_outs.add_opt_outs, name="add_opt_outs"),
    path("klienci/rezygnacje/<int:pk>/cofnij/", opt_outs.let_in, name="let_in"),
    path("ustawienia/tresc-zgody/", consent_wordings.consent_wording, name="consent_wording"),
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
    path("wysylki/<int:pk>/odbiorca/", campaigns.recipient, name="recipient"),
    path("wysylki/<int:pk>/raporty/", campaigns.campaign_chart, name="campaign_chart"),
    path("wysylki/<int:pk>/pominieci/<str:obstacle>/", campaigns.left_out, name="left_out"),
    path("wysylki/<int:pk>/wyslij/", campaigns.send_campaign, name="send_campaign"),
    path("wysylki/<int:pk>/usun/", campaigns.delete_draft, name="delete_draft"),
    path("wysylki/<int:pk>/wstrzymaj/", campaigns.pause_campaign, name="pause_campaign"),
    path("wysylki/<int:pk>/wznow/", campaigns.resume_campaign, name="resume_campaign"),
    path("wysylki/<int:pk>/anuluj/", campaigns.cancel_campaign, name="cancel_campaign"),
    path("wysylki/<int:pk>/zmien/", campaigns.change_campaign, name="change_campaign"),
    path("wysylki/<int:pk>/ponow/", campaigns.resend_failed, name="resend_failed"),
    # Messages
    path("wiadomosci/", messages.messages, name="messages"),
    path("wiadomosci/filtry/", messages.message_filters, name="message_filters"),
    path("wiadomosci/odebrane/", replies.replies, name="replies"),
    path("wiadomosci/<int:pk>/", messages.message, name="message"),
    path("wiadomosci/odswiez/", messages.refresh, name="refresh"),
    path("wiadomosci/odswiezanie/<int:pk>/", messages.status_refresh, name="status_refresh"),
    path("wiadomosci/odswiezanie/<int:pk>/anuluj/", messages.cancel_refresh, name="cancel_refresh"),
    path("wiadomosci/eksport/", messages.export_chosen, name="export_messages"),
    # Sender names
    path("ustawienia/podpisy/", sender_names.sender_names, name="sender_names"),
    path(
        "ustawienia/podpisy/domyslny/",
        sender_names.change_default_sender,
        name="change_default_sender",
    ),
    path("ustawienia/podpisy/nowy/", sender_names.add_sender_name, name="add_sender_name"),
    path("ustawienia/podpisy/<int:pk>/", sender_names.sender_name, name="sender_name"),
    path(
        "ustawienia/podpisy/<int:pk>/nazwa/",
        sender_names.rename_sender_name,
        name="rename_sender_name",
    ),
    path(
        "ustawienia/podpisy/<int:pk>/zloz/",
        sender_names.submit_sender_name,
        name="submit_sender_name",
    ),
    path(
        "ustawienia/podpisy/<int:pk>/usun/",
        sender_names.delete_sender_name,
        name="delete_sender_name",
    ),
    path(
        "ustawienia/podpisy/<int:pk>/dokument/",
        sender_names.sender_name_file,
        name="sender_name_file",
    ),
    # Sender names, for the operator
    path("operator/podpisy/", sender_name_reviews.name_queue, name="name_queue"),
    path("operator/podpisy/wspolne/", sender_name_reviews.shared_names, name="shared_names"),
    path("operator/podpisy/dla-agencji/", sender_name_reviews.permit_name, name="permit_name"),
    path("operator/podpisy/zastrzezone/", reserved_names.reserved_names, name="reserved_names"),
    path(
        "operator/podpisy/zastrzezone/<int:pk>/usun/",
        reserved_names.free_reserved_name,
        name="free_reserved_name",
    ),
    path("operator/podpisy/<int:pk>/", sender_name_reviews.reviewed_name, name="reviewed_name"),
    path(
        "operator/podpisy/<int:pk>/dokument/",
        sender_name_reviews.reviewed_file,
        name="reviewed_file",
    ),
    path("operator/podpisy/<int:pk>/wez/", sender_name_reviews.take_name, name="take_name"),
    path(
        "operator/podpisy/<int:pk>/zatwierdz/",
        sender_name_reviews.approve_name,
        name="approve_name",
    ),
    path("operator/podpisy/<int:pk>/odrzuc/", sender_name_reviews.reject_name, name="reject_name"),
    path("operator/podpisy/<int:pk>/cofnij/", sender_name_reviews.revoke_name, name="revoke_name"),
    path(
        "operator/podpisy/<int:pk>/przywroc/", sender_name_reviews.offer_again, name="offer_again"
    ),
    # Operator
    path("operator/agencje/<int:pk>/wiadomosci/", support.agency_messages, name="agency_messages"),
    path("operator/bramki/", gateways.gateways, name="gateways"),
    path("operator/bramki/<str:name>/wznow/", gateways.resume_gateway, name="resume_gateway"),
    # Gateways
    path("dlr/smsapi/<str:secret>/", webhooks.smsapi_report, name="smsapi_report"),
    path("dlr/serwersms/<str:secret>/", webhooks.serwersms_report, name="serwersms_report"),
    path("mo/smsapi/<str:secret>/", webhooks.smsapi_reply, name="smsapi_reply"),
]
