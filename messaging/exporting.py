"""What the export of an agency's data holds of its clients and messages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.exporting import Column, Table, table_of
from accounts.models import Agency
from billing.money import to_zloty
from messaging.models import (
    Contact,
    ContactConsent,
    ContactNumber,
    DefaultSender,
    DeliveryReport,
    Instalment,
    Policy,
    Vehicle,
)


def tables(agency: Agency) -> list[Table]:
    """Clients with all that belongs to them, imports, sender names, templates, campaigns, messages. Ids join them."""
    return [
        *_book(agency),
        *_will(agency),
        *_imports(agency),
        *_sender_names(agency),
        *_messages(agency),
    ]


def _book(agency: Agency) -> list[Table]:
    return [
        table_of("contacts", _("Your clients."), agency.contacts.all(), _CONTACTS),
        table_of(
            "contact_numbers",
            _("Your clients' other phone numbers; contact_id is the client's id."),
            ContactNumber.objects.filter(contact__agency=agency),
            [Column("contact_id"), Column("number")],
        ),
        table_of("groups", _("Your groups of clients."), agency.contact_groups.all(), _GROUPS),
        table_of(
            "group_members",
            _("Who is in which group, by ids."),
            Contact.groups.through.objects.filter(contact__agency=agency),
            [Column("group_id", "contactgroup_id"), Column("contact_id")],
        ),
        table_of(
            "vehicles",
            _("Your clients' vehicles; contact_id is the client's id."),
            Vehicle.objects.filter(contact__agency=agency),
            _VEHICLES,
        ),
        table_of(
            "policies",
            _("Your clients' policies; contact_id is the client's id, vehicle_id the vehicle's."),
            Policy.objects.filter(contact__agency=agency),
            _POLICIES,
        ),
        table_of(
            "instalments",
            _("Instalments of the policies; policy_id is the policy's id."),
            Instalment.objects.filter(agency=agency),
            _INSTALMENTS,
        ),
    ]


def _will(agency: Agency) -> list[Table]:
    return [
        table_of(
            "contact_consents",
            _("What your clients allowed and withdrew; contact_id is the client's id."),
            ContactConsent.objects.filter(contact__agency=agency).select_related("recorded_by"),
            _CONTACT_CONSENTS,
        ),
        table_of(
            "consent_wordings",
            _("What your clients agree to, word for word."),
            agency.consent_wordings.select_related("created_by"),
            _CONSENT_WORDINGS,
        ),
        table_of(
            "opted_out_numbers",
            _("Numbers that want no messages of yours, also of clients whom you deleted."),
            agency.opted_out_numbers.all(),
            [Column("phone"), Column("channel"), Column("at")],
        ),
        table_of(
            "opt_out_history",
            _("How numbers came to the list of opt-outs and why some left it again."),
            agency.opt_out_steps.select_related("recorded_by"),
            _OPT_OUT_STEPS,
        ),
        table_of(
            "incoming_messages",
            _("What clients replied; message_id is the message that they answered."),
            agency.incoming_messages.all(),
            _INCOMING_MESSAGES,
        ),
    ]


def _sender_names(agency: Agency) -> list[Table]:
    return [
        table_of(
            "sender_names",
            _("Your own sender names."),
            agency.sender_names.select_related("statement_accepted_by"),
            _SENDER_NAMES,
        ),
        table_of(
            "default_sender",
            _("The sender name that your messages carry unless a template says otherwise."),
            DefaultSender.objects.filter(agency=agency).select_related("sender_name"),
            [Column("name", "sender_name.name")],
        ),
    ]


def _imports(agency: Agency) -> list[Table]:
    return [
        table_of(
            "imports",
            _("The files of clients that were imported, and what became of their rows."),
            agency.contact_imports.select_related("started_by"),
            _IMPORTS,
        ),
        table_of(
            "import_columns",
            _("The headers of files that you gave another meaning than MPS would."),
            agency.chosen_columns.all(),
            [Column("header"), Column("column")],
        ),
    ]


def _messages(agency: Agency) -> list[Table]:
    return [
        table_of("templates", _("Your message templates."), agency.templates.all(), _TEMPLATES),
        table_of(
            "campaigns",
            _("Your campaigns, drafts too."),
            agency.campaigns.select_related("created_by", "confirmed_by"),
            _CAMPAIGNS,
        ),
        table_of(
            "messages",
            _("Every message with its status and cost; campaign_id is the campaign's id."),
            agency.messages.all(),
            _MESSAGES,
        ),
        table_of(
            "delivery_reports",
            _("What the mobile operators reported; message_id is the message's id."),
            DeliveryReport.objects.filter(message__agency=agency),
            [
                Column("message_id"),
                Column("state"),
                Column("code"),
                Column("network"),
                Column("happened_at"),
                Column("received_at"),
            ],
        ),
    ]


_CONTACTS = [
    Column("id", "pk"),
    Column("last_name"),
    Column("first_name"),
    Column("company"),
    Column("phone"),
    Column("email"),
    Column("birthday"),
    Column("notes"),
    Column("marketing_consent_at"),
    Column("opted_out_at"),
    Column("created_at"),
]
_CONTACT_CONSENTS = [
    Column("id", "pk"),
    Column("contact_id"),
    Column("kind"),
    Column("is_given", convert=int),
    Column("channel"),
    Column("source"),
    Column("said_on"),
    Column("wording_id"),
    Column("recorded_by", "recorded_by.full_name"),
    Column("at"),
]
_CONSENT_WORDINGS = [
    Column("id", "pk"),
    Column("text"),
    Column("created_by", "created_by.full_name"),
    Column("created_at"),
]
_OPT_OUT_STEPS = [
    Column("phone"),
    Column("is_out", convert=int),
    Column("channel"),
    Column("source"),
    Column("recorded_by", "recorded_by.full_name"),
    Column("at"),
]
_INCOMING_MESSAGES = [
    Column("contact_id"),
    Column("message_id", "answered_id"),
    Column("phone"),
    Column("to"),
    Column("text"),
    Column("text_erased_at"),
    Column("is_opt_out", convert=int),
    Column("received_at"),
]
_SENDER_NAMES = [
    Column("name"),
    Column("state"),
    Column("reason"),
    Column("statement_version"),
    Column("statement_accepted_by", "statement_accepted_by.full_name"),
    Column("statement_accepted_at"),
    Column("submitted_at"),
    Column("decided_at"),
    Column("created_at"),
]
_GROUPS = [Column("id", "pk"), Column("name")]
_INSTALMENTS = [
    Column("policy_id"),
    Column("number"),
    Column("due_on"),
    Column("amount", convert=to_zloty),
    Column("paid_on"),
]
_VEHICLES = [
    Column("id", "pk"),
    Column("contact_id"),
    Column("registration_number"),
    Column("make_model"),
    Column("inspection_due"),
]
_POLICIES = [
    Column("id", "pk"),
    Column("contact_id"),
    Column("vehicle_id"),
    Column("number"),
    Column("kind"),
    Column("insurer"),
    Column("starts_on"),
    Column("ends_on"),
    Column("premium", convert=to_zloty),
]
_IMPORTS = [
    Column("file_name"),
    Column("state"),
    Column("error"),
    Column("num_rows"),
    Column("num_created"),
    Column("num_updated"),
    Column("num_unchanged"),
    Column("num_refused"),
    Column("started_by", "started_by.full_name"),
    Column("started_at"),
    Column("finished_at"),
]
_TEMPLATES = [
    Column("name"),
    Column("type"),
    Column("category"),
    Column("is_contractual", convert=int),
    Column("body"),
    Column("archived_at"),
    Column("created_at"),
    Column("updated_at"),
]
_CAMPAIGNS = [
    Column("id", "pk"),
    Column("name"),
    Column("state"),
    Column("template_type"),
    Column("category"),
    Column("is_contractual", convert=int),
    Column("body"),
    Column("sender"),
    Column("num_messages"),
    Column("price_per_part", "price", to_zloty),
    Column("cost", convert=to_zloty),
    Column("created_by", "created_by.full_name"),
    Column("created_at"),
    Column("confirmed_by", "confirmed_by.full_name"),
    Column("confirmed_at"),
    Column("finished_at"),
]
_MESSAGES = [
    Column("id", "pk"),
    Column("campaign_id"),
    Column("contact_id"),
    Column("phone"),
    Column("text"),
    Column("text_erased_at"),
    Column("sender"),
    Column("category"),
    Column("consent_id"),
    Column("parts"),
    Column("price_per_part", "price", to_zloty),
    Column("cost", convert=to_zloty),
    Column("state"),
    Column("refusal"),
    Column("created_at"),
    Column("sent_at"),
    Column("final_at"),
]
