"""Every model is in the export of an agency's data (art. 20 GDPR), or there is a reason why not."""

from __future__ import annotations

from django.apps import apps

from mps_portal.tests.test_data_export import TABLES

# The tables by the models that they are read from.
EXPORTED = {
    "accounts.Agency": "agency",
    "accounts.User": "people",
    "accounts.Consent": "consents",
    "accounts.Invitation": "invitations",
    "accounts.Event": "events",
    "messaging.Contact": "contacts",
    "messaging.ContactNumber": "contact_numbers",
    "messaging.ContactConsent": "contact_consents",
    "messaging.ConsentWording": "consent_wordings",
    "messaging.OptedOutNumber": "opted_out_numbers",
    "messaging.OptOutStep": "opt_out_history",
    "messaging.IncomingMessage": "incoming_messages",
    "messaging.ContactGroup": "groups",
    "messaging.Contact_groups": "group_members",
    "messaging.Vehicle": "vehicles",
    "messaging.Policy": "policies",
    "messaging.Instalment": "instalments",
    "messaging.ContactImport": "imports",
    "messaging.ChosenColumn": "import_columns",
    "messaging.SenderName": "sender_names",
    "messaging.DefaultSender": "default_sender",
    "messaging.MessageTemplate": "templates",
    "messaging.Campaign": "campaigns",
    "messaging.Message": "messages",
    "messaging.DeliveryReport": "delivery_reports",
    "billing.LedgerEntry": "ledger",
    "billing.Payment": "payments",
    "billing.Invoice": "invoices",
    "billing.ReturnTransfer": "return_transfers",
}
LEFT_OUT = {
    "accounts.DataExport": "the exports themselves; asking for one is among the events",
    "accounts.DataExportPart": "the exports themselves",
    "accounts.EmailChange": "open for two days; begun and done it is among the events",
    "accounts.OutgoingMail": "letters on their way, by ids",
    "billing.BankLine": "the operator's statements; what an agency paid is among the payments",
    "billing.InvoiceCounter": "the numbers of all agencies' invoices",
    "billing.InvoiceEmail": "letters on their way, by ids",
    "billing.InvoiceDuplicate": "documents of the folder invoices/ with another date on them",
    "billing.InvoiceEmailAttempt": "letters on their way",
    "billing.InvoicePdf": "in the folder invoices/, as documents",
    "billing.KsefNotice": "what the operator was told of the law",
    "billing.LineSuggestion": "the operator's guesses whose a transfer is",
    "billing.PayerAccount": "the accounts that paid are among the payments",
    "billing.PartPrice": "the price of each campaign is with it",
    "billing.Statement": "the operator's",
    "billing.StatementFile": "the operator's",
    "billing.StatementUpload": "the operator's",
    "billing.CsvLayout": "what the operator learned of banks' files",
    "billing.UnreadLine": "the operator's statements",
    "billing.Wallet": "the sum of the ledger",
    "messaging.DeliverySum": "sums of the reports, which are exported",
    "messaging.CampaignTally": "counts of the messages, which are exported",
    "messaging.CampaignChunk": "whom a campaign was meant for is forgotten when it is sent; the messages tell",
    "messaging.GatewayState": "the operator's",
    "messaging.StatusRefresh": "a question to the gateway, forgotten after a day",
    "messaging.SendingTurn": "whose turn it is to send, for seconds",
    "messaging.ContactImportFile": "the agency's own file, deleted when it is read",
    "messaging.ContactImportPart": "the agency's own file, deleted within a day",
    "messaging.ReservedName": "the operator's list",
    "messaging.SenderNameFile": "the agency's own document, downloaded from the page of its sender names",
    "messaging.StartedTemplates": "that the agency's first templates were made; they are in the table",
    "messaging.SearchWord": "words of the clients' data, for the search",
}


def test_every_model_is_exported_or_left_out_for_a_reason() -> None:
    ours = {
        model._meta.label
        for app in ("accounts", "billing", "messaging")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    }
    assert set(EXPORTED) | set(LEFT_OUT) == ours
    assert not set(EXPORTED) & set(LEFT_OUT)


def test_every_table_is_one_of_theirs() -> None:
    assert set(EXPORTED.values()) == TABLES
