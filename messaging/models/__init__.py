from messaging.models.campaigns import Campaign
from messaging.models.contact_imports import (
    ChosenColumn,
    ContactImport,
    ContactImportFile,
    ContactImportPart,
)
from messaging.models.contacts import (
    Contact,
    ContactConsent,
    ContactGroup,
    ContactNumber,
    Instalment,
    Policy,
    SearchWord,
    Vehicle,
)
from messaging.models.messages import Message
from messaging.models.templates import MessageTemplate

__all__ = [
    "Campaign",
    "ChosenColumn",
    "Contact",
    "ContactConsent",
    "ContactGroup",
    "ContactImport",
    "ContactImportFile",
    "ContactImportPart",
    "ContactNumber",
    "Instalment",
    "Message",
    "MessageTemplate",
    "Policy",
    "SearchWord",
    "Vehicle",
]
